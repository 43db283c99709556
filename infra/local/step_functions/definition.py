"""Reads a state machine definition and refuses what CreateStateMachine refuses.

Source: ASL specification; only the JSONata query language is run here, a JSONPath field is an unknown field.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from infra.local.step_functions.jsonata import compiled, is_expression
from infra.local.step_functions.refusals import invalid_definition
from infra.local.step_functions.values import is_array, is_object

Json = dict[str, Any]

_LARGEST_DEFINITION = 1024 * 1024
_LONGEST_NAME = 80
_EVERY = {"Type", "Comment", "QueryLanguage"}
_ONWARD = _EVERY | {"Next", "End", "Assign", "Output"}
_GUARDED = _ONWARD | {"Retry", "Catch"}
#: the fields of each state type in a JSONata state
FIELDS: Mapping[str, set[str]] = {
    "Pass": _ONWARD,
    "Task": _GUARDED | {"Resource", "Arguments", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"},
    "Choice": _EVERY | {"Choices", "Default", "Assign", "Output"},
    "Wait": _ONWARD | {"Seconds", "Timestamp"},
    "Succeed": _EVERY | {"Output"},
    "Fail": _EVERY | {"Error", "Cause"},
    "Parallel": _GUARDED | {"Branches", "Arguments"},
    "Map": _GUARDED | {"Items", "ItemSelector", "ItemProcessor", "MaxConcurrency"},
}
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "Task": ("Resource",),
    "Choice": ("Choices",),
    "Parallel": ("Branches",),
    "Map": ("ItemProcessor",),
}


def parse(text: str) -> Json:
    """The definition as a dictionary.

    Raises:
        StepFunctionsError: InvalidDefinition, with the problem and its place in the document.
    """
    if len(text.encode()) > _LARGEST_DEFINITION:
        raise invalid_definition("the definition is larger than 1 MB")
    try:
        machine = json.loads(text)
    except ValueError as error:
        raise invalid_definition(f"not a JSON document: {error}") from error
    if not is_object(machine) or machine.get("QueryLanguage") != "JSONata":
        raise invalid_definition('only machines with "QueryLanguage": "JSONata" are run locally at /QueryLanguage')
    for problem in _problems_of_machine(machine, "", set()):
        raise invalid_definition(problem)
    return machine


def _problems_of_machine(machine: Json, path: str, names: set[str]) -> Iterator[str]:
    states = machine.get("States")
    if not is_object(states) or not states:
        yield f"states are missing at {path}/States"
        return
    if machine.get("StartAt") not in states:
        yield f"MISSING_TRANSITION_TARGET: {machine.get('StartAt')!r} is no state at {path}/StartAt"
    for name, state in states.items():
        if name in names or len(name) > _LONGEST_NAME:
            yield f"the name must be unique in the machine and have at most 80 characters at {path}/States/{name}"
        names.add(name)
        yield from _problems_of_state(state, f"{path}/States/{name}", states)
        yield from _problems_of_children(state, f"{path}/States/{name}", names)
    for name in states.keys() - _reachable(machine):
        yield f"UNREACHABLE_STATE: no transition leads to it at {path}/States/{name}"


def _problems_of_state(state: Json, path: str, states: Json) -> Iterator[str]:
    kind = str(state.get("Type"))
    if kind not in FIELDS:
        yield f"{kind!r} is no state type at {path}/Type"
        return
    for field in sorted(state.keys() - FIELDS[kind]):
        yield f"the field {field} is not supported in a JSONata {kind} state at {path}"
    for field in _REQUIRED.get(kind, ()):
        if not state.get(field):
            yield f"the field {field} is required at {path}"
    if "Next" in FIELDS[kind] and ("Next" in state) == (state.get("End") is True):
        yield f"exactly one of Next and End is required at {path}"
    if kind == "Wait" and ("Seconds" in state) == ("Timestamp" in state):
        yield f"exactly one of Seconds and Timestamp is required at {path}"
    for target in targets(state):
        if target not in states:
            yield f"MISSING_TRANSITION_TARGET: {target!r} is no state at {path}"
    own = {key: value for key, value in state.items() if key not in ("Branches", "ItemProcessor")}
    yield from _problems_of_expressions(own, path)


def _problems_of_children(state: Json, path: str, names: set[str]) -> Iterator[str]:
    for index, branch in enumerate(state.get("Branches", ())):
        yield from _problems_of_machine(branch, f"{path}/Branches[{index}]", names)
    if processor := state.get("ItemProcessor"):
        mode = processor.get("ProcessorConfig", {}).get("Mode", "INLINE")
        if mode != "INLINE":
            yield f"the mode {mode} is not run locally at {path}/ItemProcessor/ProcessorConfig"
        yield from _problems_of_machine(processor, f"{path}/ItemProcessor", names)


def _problems_of_expressions(value: Any, path: str) -> Iterator[str]:
    if is_object(value):
        for key, item in value.items():
            yield from _problems_of_expressions(item, f"{path}/{key}")
    elif is_array(value):
        for index, item in enumerate(value):
            yield from _problems_of_expressions(item, f"{path}[{index}]")
    elif is_expression(value):
        try:
            compiled(value[2:-2].strip())
        except Exception as error:  # noqa: BLE001 - whatever the parser raises is a syntax error here
            yield f"the JSONata expression does not parse ({error}) at {path}"


def targets(state: Json) -> Iterator[str]:
    """Every state that a transition of this state names."""
    for field in ("Next", "Default"):
        if field in state:
            yield state[field]
    for branch in (*state.get("Choices", ()), *state.get("Catch", ())):
        yield branch.get("Next", "")


def _reachable(machine: Json) -> set[str]:
    found: set[str] = set()
    waiting = [machine.get("StartAt", "")]
    while waiting:
        name = waiting.pop()
        if name in machine["States"] and name not in found:
            found.add(name)
            waiting.extend(targets(machine["States"][name]))
    return found
