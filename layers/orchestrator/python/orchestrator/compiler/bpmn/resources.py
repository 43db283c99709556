"""Who performs an activity, in standard BPMN (10.3.1): performers and potential owners."""

import re

from orchestrator.compiler.bpmn.definitions import name_or_id
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import Element, bpmn_child, reference, split_list, text_of
from orchestrator.compiler.bpmn.reading import Reading

#: Activiti's way to name users and groups in one expression: `user(kermit), group(management)`
_WRAPPED = re.compile(r"^(user|group)\((.*)\)$")


def read_performer(element: Element, draft: Draft, reading: Reading) -> None:
    """Read a `performer` or `humanPerformer`: the assignee."""
    text = _expression(element)
    if text is None:
        _read_resource(element, draft, reading)
    elif draft.assignee is None:
        draft.assignee = text


def read_potential_owner(element: Element, draft: Draft, reading: Reading) -> None:
    """Read a `potentialOwner`: candidates. Bare names are users in jBPM and groups in Activiti's family."""
    text = _expression(element)
    if text is None:
        _read_resource(element, draft, reading)
        return
    bare = "user" if draft.dialect == "jbpm" else "group"
    for item in split_list(text):
        wrapped = _WRAPPED.match(item)
        kind, name = (wrapped[1], wrapped[2].strip()) if wrapped else (bare, item)
        (draft.candidate_users if kind == "user" else draft.candidate_groups).append(name)


def _expression(element: Element) -> str | None:
    """Return the text of `resourceAssignmentExpression`, whose expression may miss its own element."""
    assignment = bpmn_child(element, "resourceAssignmentExpression")
    return text_of(assignment)


def _read_resource(element: Element, draft: Draft, reading: Reading) -> None:
    ref = reference(text_of(bpmn_child(element, "resourceRef")))
    if ref is None:
        return
    resource = reading.definitions.find(ref, "resource")
    if resource is None:
        reading.dangling(element, "resourceRef", ref, "it is taken for the name of a group")
    draft.candidate_groups.append((None if resource is None else name_or_id(resource)) or ref)
