"""Element tree to typed model: one pass, everything that can be said about the file reported."""

from collections.abc import Mapping

from orchestrator.compiler.bpmn.definitions import index_definitions
from orchestrator.compiler.bpmn.dialects import dialect_of, language_of
from orchestrator.compiler.bpmn.elements import (
    Element,
    bpmn,
    bpmn_child,
    flag,
    local_name,
    name_of,
    reference,
    split_list,
    text_of,
)
from orchestrator.compiler.bpmn.instantiating import with_starts
from orchestrator.compiler.bpmn.model import Document, ElementId, EventKind, MessageFlow, ProcessModel, RootElement
from orchestrator.compiler.bpmn.reading import Reading
from orchestrator.compiler.bpmn.references import dangling_references
from orchestrator.compiler.bpmn.scopes import read_scope
from orchestrator.diagnostics import Diagnostic

_ROOT_KINDS = {
    bpmn(kind.value): kind
    for kind in (
        EventKind.MESSAGE,
        EventKind.SIGNAL,
        EventKind.ERROR,
        EventKind.ESCALATION,
    )
}


def read_document(root: Element) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Read the `definitions` element of a file (the result of `parse`).

    Findings: UNSUPPORTED_ELEMENT, DANGLING_REFERENCE, DUPLICATE_ID (errors), MISSING_ID, and DANGLING_REFERENCE
    as a warning where a name can stand for what is missing. Extensions of unknown vendors, diagrams and
    artifacts are left out silently.
    """
    dialect = dialect_of(root)
    reading = Reading(index_definitions(root, language_of(dialect)), dialect)
    processes = tuple(_read_process(element, reading) for element in root.iterchildren(bpmn("process")))
    for process in processes:
        reading.report.extend(dangling_references(process))
    participants, message_flows = _read_collaborations(root, reading)
    forms = reading.definitions.forms
    return Document(processes, message_flows, participants, _roots(root), forms), reading.report.diagnostics


def _read_process(element: Element, reading: Reading) -> ProcessModel:
    id_ = reading.claim(element)
    executable = flag(element, "isExecutable", default=False) if element.get("isExecutable") else None
    return ProcessModel(
        id=id_,
        name=name_of(element),
        scope=with_starts(read_scope(element, id_, reading)),
        executable=executable,
        dialect=reading.dialect,
        documentation=text_of(bpmn_child(element, "documentation")),
        version_tag=_version_tag(element),
        candidate_starters=_candidate_starters(element),
        initiator=_initiator(element),
        line=element.sourceline,
    )


def _roots(root: Element) -> tuple[RootElement, ...]:
    return tuple(
        RootElement(
            kind=_ROOT_KINDS[element.tag],
            id=ElementId(element.get("id", "")),
            name=name_of(element),
            code=reference(element.get("errorCode") or element.get("escalationCode")),
            line=element.sourceline,
        )
        for element in root.iter(*_ROOT_KINDS)
    )


def _version_tag(element: Element) -> str | None:
    """Return the version a vendor's attribute or element gives the process."""
    attributes = _extension_attributes(element)
    tag = attributes.get("versionTag") or attributes.get("version")
    extensions = bpmn_child(element, "extensionElements")
    versioned = None if extensions is None else extensions.find("{*}versionTag")
    return tag if versioned is None else versioned.get("value", tag)


def _candidate_starters(element: Element) -> tuple[str, ...]:
    attributes = _extension_attributes(element)
    lists = (attributes.get(name, "") for name in ("candidateStarterUsers", "candidateStarterGroups"))
    return tuple(name for text in lists for name in split_list(text))


def _initiator(element: Element) -> str | None:
    starts = element.iterchildren(bpmn("startEvent"))
    return next((name for start in starts if (name := _extension_attributes(start).get("initiator"))), None)


def _extension_attributes(element: Element) -> Mapping[str, str]:
    """Return the attributes that have a namespace, by local name."""
    return {
        str(name).rpartition("}")[2]: str(text) for name, text in element.attrib.items() if str(name).startswith("{")
    }


def _read_collaborations(
    root: Element, reading: Reading
) -> tuple[Mapping[ElementId, ElementId], tuple[MessageFlow, ...]]:
    """Return participant -> process (black boxes have none) and the message flows."""
    participants: dict[ElementId, ElementId] = {}
    flows: list[MessageFlow] = []
    for collaboration in root.iterchildren(bpmn("collaboration")):
        for element in collaboration:
            kind = local_name(element)
            if kind == "participant" and (process := reference(element.get("processRef"))):
                id_ = ElementId(element.get("id") or process)
                participants[id_] = _process_id(element, reading.definitions.unprefixed(process), reading)
            elif kind == "messageFlow":
                flows.append(_read_message_flow(element, reading))
    return participants, tuple(flows)


def _process_id(participant: Element, process: str, reading: Reading) -> ElementId:
    if reading.is_free(process):
        reading.dangling(participant, "processRef", process, "the pool is empty")
    return ElementId(process)


def _read_message_flow(element: Element, reading: Reading) -> MessageFlow:
    source, target = (
        ElementId(reading.definitions.unprefixed(reference(element.get(name)) or ""))
        for name in ("sourceRef", "targetRef")
    )
    id_ = ElementId(reference(element.get("id")) or f"{source}~{target}")
    return MessageFlow(id_, source, target, reference(element.get("messageRef")))
