"""Data objects, properties and data associations (BPMN 10.4): variables and how they travel.

    property x --dataInputAssociation--> dataInput "amount"   =>  input mapping   x -> amount
    literal or expression --assignment-> dataInput "amount"   =>  input mapping   literal -> amount
    dataOutput "score" --dataOutputAssociation--> property y  =>  output mapping  score -> y

An association whose data input or output has no name is a drawing (most modellers draw data that way) and
says nothing about variables. jBPM passes the assignment of user tasks as inputs with names of its own.
"""

from orchestrator.compiler.bpmn.definitions import Definitions, name_or_id
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import (
    Element,
    bpmn,
    bpmn_child,
    condition,
    name_of,
    reference,
    split_list,
    text_of,
    value,
    variable,
)
from orchestrator.compiler.bpmn.model import LITERAL, DataObject, ElementId, NodeType, SourceExpression
from orchestrator.compiler.bpmn.reading import Reading

_INPUT_ASSOCIATION = bpmn("dataInputAssociation")
_CATCHING = frozenset({NodeType.START_EVENT, NodeType.INTERMEDIATE_CATCH_EVENT, NodeType.BOUNDARY_EVENT})
_ASSIGNMENT_INPUTS = frozenset({"ActorId", "GroupId", "Priority", "TaskName"})
#: inputs by which jBPM describes a human task; none of them is a variable of the task
_HUMAN_TASK_INPUTS = _ASSIGNMENT_INPUTS | {
    "NodeName",
    "Skippable",
    "Comment",
    "Description",
    "Content",
    "Locale",
    "CreatedBy",
    "BusinessAdministratorId",
    "BusinessAdministratorGroupId",
    "TaskStakeholderId",
    "NotStartedReassign",
    "NotCompletedReassign",
    "NotStartedNotify",
    "NotCompletedNotify",
}


def read_data_object(element: Element, reading: Reading) -> DataObject:
    """Read a data object, data object reference or property; its initial value is a vendor's `value`."""
    extensions = bpmn_child(element, "extensionElements")
    initial = None if extensions is None else extensions.find("{*}value")
    name = name_of(element)
    if element.tag == bpmn("dataObjectReference"):
        target = reading.definitions.find(reference(element.get("dataObjectRef")), "dataObject")
        name = name if target is None else name_of(target) or name
    id_ = reference(element.get("id")) or name or "data"
    return DataObject(ElementId(id_), name, value(text_of(initial)))


def note_association(element: Element, draft: Draft, _reading: Reading) -> None:
    """Keep a data association until all of the node has been read."""
    draft.associations.append(element)


def read_associations(draft: Draft, reading: Reading) -> None:
    """Read the data associations of a flow node into mappings; those of its loop characteristics are the loop's."""
    if not draft.associations:
        return
    names = _data_names(draft.element)
    looped = _loop_data(draft.element)
    for association in draft.associations:
        inward = association.tag == _INPUT_ASSOCIATION
        end = text_of(bpmn_child(association, "targetRef" if inward else "sourceRef"))
        if end is None or end in looped or end not in names:
            continue
        read = _read_input if inward else _read_output
        read(association, names[end], draft, reading.definitions)


def variable_name(ref: str | None, definitions: Definitions) -> str | None:
    """Return the variable that a reference to a property, data object, data input or data output means."""
    if ref is None:
        return None
    element = definitions.by_id.get(ref)
    if element is not None and element.tag == bpmn("dataObjectReference"):
        element = definitions.by_id.get(reference(element.get("dataObjectRef")) or "", element)
    return ref if element is None else name_or_id(element)


def looped_variable(element: Element, ref: str | None, direction: str, definitions: Definitions) -> str | None:
    """Return the variable behind `loopDataInputRef`/`loopDataOutputRef` (`direction` is `Input` or `Output`)."""
    ends = ("targetRef", "sourceRef") if direction == "Input" else ("sourceRef", "targetRef")
    for association in element.iterchildren(bpmn(f"data{direction}Association")):
        if text_of(bpmn_child(association, ends[0])) == ref:
            return variable_name(text_of(bpmn_child(association, ends[1])), definitions)
    return variable_name(ref, definitions)


def _data_names(element: Element) -> dict[str, str]:
    """Return id -> name of the node's own data inputs and outputs (events have them without `ioSpecification`)."""
    specification = bpmn_child(element, "ioSpecification")
    holder = element if specification is None else specification
    return {
        item.get("id", ""): name
        for item in holder.iterchildren(bpmn("dataInput"), bpmn("dataOutput"))
        if (name := name_of(item))
    }


def _loop_data(element: Element) -> set[str | None]:
    loop = bpmn_child(element, "multiInstanceLoopCharacteristics")
    if loop is None:
        return set()
    return {text_of(bpmn_child(loop, "loopDataInputRef")), text_of(bpmn_child(loop, "loopDataOutputRef"))} - {None}


def _read_input(association: Element, name: str, draft: Draft, definitions: Definitions) -> None:
    source = _source(association, definitions)
    if draft.dialect == "jbpm" and draft.type is NodeType.USER_TASK and name in _HUMAN_TASK_INPUTS:
        _assign(name, source, draft)
    elif name == "TaskName" and source is not None and source.language == LITERAL:
        draft.execution.setdefault("task_type", source.text)
    else:
        draft.map_input(source, name)


def _read_output(association: Element, name: str, draft: Draft, definitions: Definitions) -> None:
    target = variable_name(text_of(bpmn_child(association, "targetRef")), definitions)
    if draft.type in _CATCHING:
        draft.payload_variable = target
        return
    transformation = condition(bpmn_child(association, "transformation"), definitions.language)
    draft.map_output(transformation or _assigned(association) or variable(name, association.sourceline), target)


def _source(association: Element, definitions: Definitions) -> SourceExpression | None:
    transformation = condition(bpmn_child(association, "transformation"), definitions.language)
    if transformation is not None:
        return transformation
    name = variable_name(text_of(bpmn_child(association, "sourceRef")), definitions)
    return _assigned(association) or variable(name, association.sourceline)


def _assigned(association: Element) -> SourceExpression | None:
    """Return the `from` of an association's assignment."""
    assignment = bpmn_child(association, "assignment")
    source = None if assignment is None else bpmn_child(assignment, "from")
    return None if source is None else value(text_of(source), source.sourceline, source.get("language"))


def _assign(name: str, source: SourceExpression | None, draft: Draft) -> None:
    if source is None:
        return
    text = source.text if source.language in (LITERAL, None) else f"${{{source.text}}}"
    if name == "ActorId":
        draft.candidate_users.extend(split_list(text))
    elif name == "GroupId":
        draft.candidate_groups.extend(split_list(text))
    elif name == "Priority":
        draft.execution["priority"] = value(text, source.line)
