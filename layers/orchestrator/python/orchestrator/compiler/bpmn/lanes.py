"""Lanes (BPMN 10.8): which lane each flow node lies in."""

from orchestrator.compiler.bpmn.definitions import name_or_id
from orchestrator.compiler.bpmn.elements import Element, bpmn, reference, text_of

_LANES = (bpmn("laneSet"), bpmn("childLaneSet"))


def read_lanes(container: Element) -> dict[str, str]:
    """Return node id -> name (or id) of the innermost lane around it, for one process or sub-process."""
    lanes: dict[str, str] = {}
    for lane_set in container.iterchildren(*_LANES):
        for lane in lane_set.iterchildren(bpmn("lane")):
            name = name_or_id(lane)
            ids = (reference(text_of(ref)) for ref in lane.iterchildren(bpmn("flowNodeRef")))
            lanes.update({id_: name for id_ in ids if id_ and name})
            lanes.update(read_lanes(lane))
    return lanes
