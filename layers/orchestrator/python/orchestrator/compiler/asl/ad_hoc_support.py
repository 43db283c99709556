"""What of ad-hoc sub-processes the machine cannot run."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType


def ad_hoc_reason(node: FlowNode) -> str | None:
    """Return why an ad-hoc sub-process cannot run, None where it can or is none."""
    if node.type is not NodeType.AD_HOC_SUB_PROCESS:
        return None
    if node.execution.task_type is not None:
        return "a performer that begins the activities of an ad-hoc sub-process does not run yet"
    if node.multi_instance is not None or node.loop is not None:
        return "loop markers of ad-hoc sub-processes do not run yet"
    if node.active_elements is None and node.output_collection is not None:
        return "nothing collects what activities add that somebody begins yet"
    nodes = () if node.scope is None else node.scope.nodes
    if any(inner.triggered_by_event for inner in nodes):
        return "event sub-processes in ad-hoc sub-processes do not run yet"
    begins = {inner.id for inner in nodes} - {flow.target for flow in (node.scope.flows if node.scope else ())}
    return None if begins else "there is nothing that it could begin with"
