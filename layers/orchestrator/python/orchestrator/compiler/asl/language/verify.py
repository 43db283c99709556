"""The rules of the Amazon States Language that a machine must keep. A breach is a bug of the compiler."""

from collections.abc import Mapping
from typing import cast

from orchestrator.compiler.asl.language.names import LIMIT
from orchestrator.compiler.asl.language.states import (
    Choice,
    Json,
    Key,
    Map,
    Parallel,
    State,
    States,
    is_end,
    said,
    targets,
)


class InvalidMachineError(RuntimeError):
    """The compiler made a machine that is none."""


def verify(machine: States, names: Mapping[Key, str]) -> None:
    """Check targets, reachability, ends, choices, names and queries of all maps.

    Raises:
        InvalidMachineError: if a rule is broken.
    """
    seen: set[str] = set()
    pending = [machine]
    while pending:
        states = pending.pop()
        _verify_map(states)
        for key, state in states.states.items():
            _verify_name(names[key], seen)
            _verify_queries(state)
            if isinstance(state, Choice) and not state.rules:
                raise InvalidMachineError(f"{key}: a Choice without rules")
            if isinstance(state, Parallel):
                pending.extend(state.branches)
            if isinstance(state, Map):
                pending.append(state.processor)


def _verify_map(states: States) -> None:
    known = states.states
    reached: set[Key] = set()
    pending = [states.start_at]
    while pending:
        key = pending.pop()
        if key not in known:
            raise InvalidMachineError(f"{key}: no such state in its map")
        if key not in reached:
            reached.add(key)
            pending.extend(targets(known[key]))
    if len(reached) < len(known):
        raise InvalidMachineError(f"unreachable: {sorted(known.keys() - reached)}")
    if not any(is_end(known[key]) for key in reached):
        raise InvalidMachineError(f"{states.start_at}: no end")


def _verify_name(name: str, seen: set[str]) -> None:
    if not name or len(name) > LIMIT or not name.isprintable():
        raise InvalidMachineError(f"{name!r}: not a state name")
    if name in seen:
        raise InvalidMachineError(f"{name!r}: used twice")
    seen.add(name)


def _verify_queries(state: State) -> None:
    texts = said(state)
    while texts:
        value = texts.pop()
        if isinstance(value, str):
            if value.startswith("{%") != value.endswith("%}"):
                raise InvalidMachineError(f"unbalanced query: {value}")
        elif isinstance(value, dict):
            texts.extend(cast("dict[str, Json]", value).values())
