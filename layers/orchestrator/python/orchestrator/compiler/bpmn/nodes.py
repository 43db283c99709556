"""Flow nodes: a registry from tag to type, and one from child tag to reader."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from orchestrator.compiler.bpmn.activities import ACTIVITIES, read_script
from orchestrator.compiler.bpmn.called_decisions import find_decision
from orchestrator.compiler.bpmn.data import note_association, read_associations
from orchestrator.compiler.bpmn.dialects import read_attributes, read_extensions
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import Element, bpmn, condition, flag, name_of, reference, text_of
from orchestrator.compiler.bpmn.events import EVENT_DEFINITIONS, read_event_definition, read_event_definition_ref
from orchestrator.compiler.bpmn.loops import read_multi_instance, read_standard_loop
from orchestrator.compiler.bpmn.model import ElementId, EventDefinition, FlowNode, NodeType, Scope
from orchestrator.compiler.bpmn.reading import Reading
from orchestrator.compiler.bpmn.resources import read_performer, read_potential_owner

#: the registry of flow nodes
NODE_TYPES: Mapping[str, NodeType] = {bpmn(node_type.value): node_type for node_type in NodeType}
_EMBEDDED_FORM = "camunda-forms:bpmn:"
SUB_PROCESSES = frozenset({NodeType.SUB_PROCESS, NodeType.TRANSACTION, NodeType.AD_HOC_SUB_PROCESS})


def read_node(element: Element, reading: Reading, scope: Scope | None, id_: ElementId) -> FlowNode:
    """Read one flow node; `scope` is what a sub-process contains, read before."""
    draft = Draft(element, id_, NODE_TYPES[element.tag], reading.dialect)
    if scope is not None:
        draft.node["scope"] = scope
    if draft.type in ACTIVITIES:
        ACTIVITIES[draft.type](element, draft, reading)
    read_attributes(element, draft)
    for child in element:
        reader = _CHILDREN.get(child.tag)
        if reader is not None:
            reader(child, draft, reading)
    read_associations(draft, reading)
    if draft.form_key is not None:
        draft.form_body = reading.definitions.forms.get(draft.form_key.removeprefix(_EMBEDDED_FORM), draft.form_body)
    find_decision(draft, reading)
    return _frozen(draft, reading)


def _frozen(draft: Draft, reading: Reading) -> FlowNode:
    element = draft.element
    attached_to, default = reference(element.get("attachedToRef")), reference(element.get("default"))
    return FlowNode(
        **draft.node,
        id=draft.id,
        type=draft.type,
        name=name_of(element),
        line=element.sourceline,
        lane=reading.lanes.get(draft.id),
        default_flow=None if default is None else ElementId(reading.definitions.unprefixed(default)),
        instantiate=flag(element, "instantiate", default=False),
        gateway_direction=element.get("gatewayDirection"),
        events=_events(draft),
        parallel_multiple=_waits_for_all(element),
        attached_to=None if attached_to is None else ElementId(reading.definitions.unprefixed(attached_to)),
        interrupting=_interrupting(element, draft.type),
        execution=draft.frozen_execution(),
        for_compensation=flag(element, "isForCompensation", default=False),
        triggered_by_event=flag(element, "triggeredByEvent", default=False),
        ordering=element.get("ordering"),
        cancel_remaining=flag(element, "cancelRemainingInstances", default=True),
    )


def _waits_for_all(element: Element) -> bool:
    """Tell whether several events have to happen: of an event, or behind a gateway that starts instances."""
    return flag(element, "parallelMultiple", default=False) or element.get("eventGatewayType") == "Parallel"


def _interrupting(element: Element, node_type: NodeType) -> bool:
    attribute = "isInterrupting" if node_type is NodeType.START_EVENT else "cancelActivity"
    return flag(element, attribute, default=True)


def _events(draft: Draft) -> tuple[EventDefinition, ...]:
    if draft.payload_variable is None:
        return tuple(draft.events)
    return tuple(replace(event, variable=event.variable or draft.payload_variable) for event in draft.events)


def _documentation(element: Element, draft: Draft, _reading: Reading) -> None:
    text = text_of(element)
    if text is not None:
        before = draft.node.get("documentation")
        draft.node["documentation"] = text if before is None else f"{before}\n{text}"


def _extensions(element: Element, draft: Draft, _reading: Reading) -> None:
    read_extensions(element, draft)


def _completion_condition(element: Element, draft: Draft, reading: Reading) -> None:
    draft.node["completion_condition"] = condition(element, reading.definitions.language)


_CHILDREN: Mapping[str, Callable[[Element, Draft, Reading], None]] = {
    bpmn("documentation"): _documentation,
    bpmn("extensionElements"): _extensions,
    bpmn("script"): read_script,
    bpmn("performer"): read_performer,
    bpmn("humanPerformer"): read_performer,
    bpmn("potentialOwner"): read_potential_owner,
    bpmn("standardLoopCharacteristics"): read_standard_loop,
    bpmn("multiInstanceLoopCharacteristics"): read_multi_instance,
    bpmn("completionCondition"): _completion_condition,
    bpmn("dataInputAssociation"): note_association,
    bpmn("dataOutputAssociation"): note_association,
    bpmn("eventDefinitionRef"): read_event_definition_ref,
    **dict.fromkeys(EVENT_DEFINITIONS, read_event_definition),
}
