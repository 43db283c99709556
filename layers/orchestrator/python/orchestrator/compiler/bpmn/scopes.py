"""What a process or sub-process contains: flow nodes, sequence flows, data, compensation."""

from collections.abc import Mapping

from orchestrator.compiler.bpmn.data import read_data_object
from orchestrator.compiler.bpmn.elements import (
    BPMN_NAMESPACE,
    Element,
    bpmn,
    bpmn_child,
    condition,
    local_name,
    name_of,
    reference,
)
from orchestrator.compiler.bpmn.lanes import read_lanes
from orchestrator.compiler.bpmn.model import DataObject, ElementId, EventKind, FlowNode, Scope, SequenceFlow
from orchestrator.compiler.bpmn.nodes import NODE_TYPES, SUB_PROCESSES, read_node
from orchestrator.compiler.bpmn.reading import Reading

_SEQUENCE_FLOW = bpmn("sequenceFlow")
_DATA = frozenset(map(bpmn, ("dataObject", "dataObjectReference", "property")))
#: what may stand beside the flow elements: read elsewhere, or there for the drawing and for tools
_BESIDE = frozenset(
    map(
        bpmn,
        (
            "extensionElements",
            "documentation",
            "laneSet",
            "artifact",
            "association",
            "group",
            "textAnnotation",
            "dataStoreReference",
            "dataStore",
            "ioSpecification",
            "ioBinding",
            "incoming",
            "outgoing",
            "auditing",
            "monitoring",
            "supports",
            "correlationSubscription",
            "resourceRole",
            "performer",
            "humanPerformer",
            "potentialOwner",
            "dataInputAssociation",
            "dataOutputAssociation",
            "standardLoopCharacteristics",
            "multiInstanceLoopCharacteristics",
            "completionCondition",
            "message",
            "signal",
            "error",
            "escalation",
            "itemDefinition",
            "category",
            "resource",
            "interface",
            "dataInput",
            "dataOutput",
            "inputSet",
            "outputSet",
        ),
    )
)


def read_scope(container: Element, id_: ElementId, reading: Reading) -> Scope:
    """Read the contents of a process or sub-process and of everything inside."""
    inherited = reading.lanes.get(id_)
    reading.lanes.update(read_lanes(container))
    nodes: list[FlowNode] = []
    flows: list[SequenceFlow] = []
    data: list[DataObject] = []
    for element in container:
        if element.tag in NODE_TYPES:
            nodes.append(_read_node(element, inherited, reading))
        elif element.tag == _SEQUENCE_FLOW:
            flows.append(_read_flow(element, reading))
        elif element.tag in _DATA:
            data.append(read_data_object(element, reading))
        elif element.tag not in _BESIDE and element.tag.startswith(f"{{{BPMN_NAMESPACE}}}"):
            _refuse(element, reading)
    return Scope(id_, tuple(nodes), tuple(flows), tuple(data), _compensation_handlers(nodes, reading))


def _read_node(element: Element, inherited_lane: str | None, reading: Reading) -> FlowNode:
    id_ = reading.claim(element)
    if inherited_lane is not None:
        reading.lanes.setdefault(id_, inherited_lane)
    scope = read_scope(element, id_, reading) if NODE_TYPES[element.tag] in SUB_PROCESSES else None
    return read_node(element, reading, scope, id_)


def _read_flow(element: Element, reading: Reading) -> SequenceFlow:
    """Read a sequence flow; one without an id is called by its ends: `A~B`, a second one `A~B~2`."""
    source, target = (reference(element.get(name)) or "" for name in ("sourceRef", "targetRef"))
    id_ = reference(element.get("id"))
    if id_ is None:
        id_ = reading.flow_id(source, target)
    return SequenceFlow(
        id=reading.claim_id(id_, element),
        source=ElementId(reading.definitions.unprefixed(source)),
        target=ElementId(reading.definitions.unprefixed(target)),
        condition=condition(bpmn_child(element, "conditionExpression"), reading.definitions.language),
        name=name_of(element),
        line=element.sourceline,
    )


def _compensation_handlers(nodes: list[FlowNode], reading: Reading) -> Mapping[ElementId, ElementId]:
    """Return boundary event -> handler by the associations between them, whichever way they are drawn."""
    associations = reading.definitions.associations
    return {
        node.id: ElementId(associations[node.id])
        for node in nodes
        if node.id in associations and any(event.kind is EventKind.COMPENSATION for event in node.events)
    }


def _refuse(element: Element, reading: Reading) -> None:
    reading.report.error(
        "UNSUPPORTED_ELEMENT",
        f"`{local_name(element)}` cannot be executed",
        element_id=reference(element.get("id")),
        line=element.sourceline,
    )
