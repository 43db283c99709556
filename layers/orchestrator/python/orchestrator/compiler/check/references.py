"""Whom and what a process relies on: services, people, called processes; what a deployment must have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orchestrator.compiler.bpmn.model import ElementId, FlowNode, NodeType, ProcessModel

#: activities that a service performs
_SERVICES = frozenset({NodeType.SERVICE_TASK, NodeType.SEND_TASK, NodeType.BUSINESS_RULE_TASK})
#: activities that somebody is assigned to
_ASSIGNED = frozenset({NodeType.USER_TASK, NodeType.MANUAL_TASK})
#: name -> ids of the elements that name it, in document order
Names = Mapping[str, tuple[ElementId, ...]]


@dataclass(frozen=True, slots=True)
class References:
    """Everything a process refers to by name. Texts may be expressions; those are known only at run time.

    `services` are task types, topics and implementations; `unassigned` are the tasks for people that name
    neither an assignee nor candidates and lie in no lane; `unserved` the tasks for services that name none.
    """

    services: Names
    assignees: Names
    candidate_users: Names
    candidate_groups: Names
    capabilities: Names
    called_processes: Names
    decisions: Names
    forms: Names
    unassigned: tuple[ElementId, ...]
    unserved: tuple[ElementId, ...]


def references_of(process: ProcessModel) -> References:
    """Collect the references of a process and of everything inside."""
    nodes = tuple(process.scope.walk())
    return References(
        services=_collect((node, service_of(node)) for node in nodes),
        assignees=_collect((node, node.execution.assignment.assignee) for node in nodes),
        candidate_users=_collect((node, user) for node in nodes for user in node.execution.assignment.candidate_users),
        candidate_groups=_collect((node, group) for node in nodes for group in groups_of(node)),
        capabilities=_collect((node, name) for node in nodes for name in node.execution.capabilities),
        called_processes=_collect((node, node.execution.call.called_element) for node in nodes if node.execution.call),
        decisions=_collect((node, node.execution.call.decision) for node in nodes if node.execution.call),
        forms=_collect((node, node.execution.form.key) for node in nodes if node.execution.form),
        unassigned=tuple(node.id for node in nodes if node.type in _ASSIGNED and not _is_assigned(node)),
        unserved=tuple(node.id for node in nodes if node.type in _SERVICES and _is_unserved(node)),
    )


def service_of(node: FlowNode) -> str | None:
    """Return the service that performs an activity: its task type, else what its implementation names."""
    implementation = node.execution.implementation
    named = implementation if implementation and not implementation.startswith("##") else None
    return node.execution.task_type or (named if node.type in _SERVICES else None)


def groups_of(node: FlowNode) -> tuple[str, ...]:
    """Return the candidate groups of a task: the modelled ones, else its lane."""
    assignment = node.execution.assignment
    if assignment.candidate_groups or assignment.candidate_users or assignment.assignee:
        return assignment.candidate_groups
    return (node.lane,) if node.lane and node.type in _ASSIGNED else ()


def _is_assigned(node: FlowNode) -> bool:
    assignment = node.execution.assignment
    return bool(assignment.assignee or assignment.candidate_users or groups_of(node) or node.execution.capabilities)


def _is_unserved(node: FlowNode) -> bool:
    call = node.execution.call
    return service_of(node) is None and not (call is not None and call.decision)


def _collect(named: Iterator[tuple[FlowNode, str | None]]) -> Names:
    found: dict[str, list[ElementId]] = {}
    for node, name in named:
        if name:
            found.setdefault(name, []).append(node.id)
    return {name: tuple(ids) for name, ids in found.items()}
