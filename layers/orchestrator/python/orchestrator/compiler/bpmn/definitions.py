"""The root elements of a file that flow elements refer to, indexed once (BPMN 8.4, 10.5.5).

They are found wherever they stand: some tools write messages and errors inside the process.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator.compiler.bpmn.decisions.model import Decision
from orchestrator.compiler.bpmn.decisions.read import read_decisions
from orchestrator.compiler.bpmn.elements import Element, bpmn, bpmn_child, name_of, reference, text_of, value
from orchestrator.compiler.bpmn.model import SourceExpression

ZEEBE_NAMESPACE = "http://camunda.org/schema/zeebe/1.0"
_EVENT_DEFINITIONS = (
    "timerEventDefinition",
    "messageEventDefinition",
    "signalEventDefinition",
    "errorEventDefinition",
    "escalationEventDefinition",
    "conditionalEventDefinition",
    "compensateEventDefinition",
    "terminateEventDefinition",
    "linkEventDefinition",
    "cancelEventDefinition",
)
_NAMED = (
    "message",
    "signal",
    "error",
    "escalation",
    "operation",
    "resource",
    "dataObject",
    "dataObjectReference",
    "property",
    "dataInput",
    "dataOutput",
    *_EVENT_DEFINITIONS,
)


@dataclass(frozen=True, slots=True)
class Definitions:
    """Everything that is referred to by id.

    `language` is the file's expression language where it is FEEL, else that of its dialect.

    `associations` leads from either end of an association to the other, preferring those drawn that way;
    `channels` leads from the ends of message flows to the message that travels on them.
    """

    by_id: Mapping[str, Element]
    prefixes: frozenset[str]
    associations: Mapping[str, str]
    forms: Mapping[str, str]
    decisions: Mapping[str, Decision]
    channels: Mapping[str, str]
    language: str | None

    def find(self, ref: str | None, local: str) -> Element | None:
        """Return the element of this BPMN name that a reference means; a declared prefix is ignored."""
        if ref is None:
            return None
        found = self.by_id.get(ref)
        if found is None and ":" in ref:
            found = self.by_id.get(self.unprefixed(ref))
        return found if found is not None and found.tag == bpmn(local) else None

    def unprefixed(self, ref: str) -> str:
        """Return a QName's local part where its prefix is declared; ids with a colon stay whole."""
        prefix, colon, local = ref.partition(":")
        return local if colon and prefix in self.prefixes else ref


def index_definitions(root: Element, language: str | None = None) -> Definitions:
    """Index the root elements, associations and embedded forms of a file whose expressions are in `language`."""
    by_id: dict[str, Element] = {}
    for element in root.iter(*_TAGS):
        id_ = reference(element.get("id"))
        if id_ is not None:
            by_id.setdefault(id_, element)
    forms = {element.get("id", ""): text_of(element) or "" for element in root.iter(_USER_TASK_FORM)}
    declared = root.get("expressionLanguage", "")
    return Definitions(
        by_id=by_id,
        prefixes=frozenset(prefix for prefix in root.nsmap if prefix),
        associations=_associations(root),
        forms=forms,
        decisions=read_decisions(root),
        channels=_channels(root, by_id),
        language=declared if "feel" in declared.lower() else language,
    )


def _associations(root: Element) -> Mapping[str, str]:
    ends = [
        (element.get("sourceRef", "").strip(), element.get("targetRef", "").strip())
        for element in root.iter(bpmn("association"))
    ]
    return {target: source for source, target in ends} | dict(ends)


def _channels(root: Element, by_id: Mapping[str, Element]) -> Mapping[str, str]:
    """Return end of a message flow -> name of its message, else of the flow."""
    channels: dict[str, str] = {}
    for flow in root.iter(bpmn("messageFlow")):
        message = by_id.get(reference(flow.get("messageRef")) or "")
        name = name_or_id(flow if message is None else message)
        for end in ("sourceRef", "targetRef"):
            if name is not None:
                channels.setdefault(flow.get(end, ""), name)
    return channels


def name_or_id(element: Element) -> str | None:
    """Return how an element is called: by its name, else by its id."""
    return name_of(element) or reference(element.get("id"))


def code_of(element: Element, attribute: str) -> str | None:
    """Return an error's or escalation's code; one without a code is told from others by its name or id."""
    return reference(element.get(attribute)) or name_or_id(element)


def correlation_key(message: Element) -> SourceExpression | None:
    """Return the key expression of a message's `zeebe:subscription`, or None."""
    extensions = bpmn_child(message, "extensionElements")
    subscription = None if extensions is None else extensions.find(f"{{{ZEEBE_NAMESPACE}}}subscription")
    return None if subscription is None else value(subscription.get("correlationKey"), subscription.sourceline)


def operation_name(operation: Element) -> str | None:
    """Return `<interface>.<operation>`, by their names or ids."""
    interface = operation.getparent()
    names = (None if interface is None else name_or_id(interface), name_or_id(operation))
    return ".".join(name for name in names if name) or None


_TAGS = tuple(bpmn(local) for local in _NAMED)
_USER_TASK_FORM = f"{{{ZEEBE_NAMESPACE}}}userTaskForm"
