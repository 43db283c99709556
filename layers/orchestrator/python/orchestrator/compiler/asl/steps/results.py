"""How an answer changes the variables: output mappings, or the result merged at the top level.

Without mappings every key of the result is written. With them, only their targets are: sources see the
variables, the element's input mappings and the result, in this order of precedence. A dotted target is a
nested object, merged into the one that is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator.compiler.asl.language.program import Program
from orchestrator.compiler.asl.language.token import VARIABLES, quote, strings
from orchestrator.compiler.bpmn.model import FlowNode, VariableMapping

Tree = dict[str, "str | Tree"]


@dataclass(frozen=True, slots=True)
class Written:
    """JSONata texts: the variables afterwards, the keys written, and a prelude that both need."""

    variables: str
    keys: str
    prelude: str = ""


def written_by(program: Program, element: FlowNode, result: str) -> Written:
    """Return what the answer `result` (JSONata for an object) of the element writes."""
    outputs = element.execution.outputs
    if not outputs:
        return Written(f"$merge([{VARIABLES}, {result}])", f"$keys({result})")
    local = [VARIABLES]
    if element.execution.inputs:
        local.append(mapped(program, element, element.execution.inputs, VARIABLES))
    prelude = f"$local := $merge([{', '.join([*local, result])}]); "
    tree = _tree(program, element, outputs, "$local")
    return Written(f"$merge([{VARIABLES}, {_object(tree, VARIABLES)}])", strings(tree), prelude)


def answered_by(program: Program, element: FlowNode, values: Mapping[str, str]) -> Written:
    """Return what variables that were computed together write, by the element's mappings or as they are."""
    if element.execution.outputs:
        return written_by(program, element, "{" + ", ".join(f"{quote(k)}: {v}" for k, v in values.items()) + "}")
    return _planted(values)


def mapped(program: Program, element: FlowNode, mappings: tuple[VariableMapping, ...], root: str) -> str:
    """Return the object that the mappings make of the variables at `root`."""
    return _object(_tree(program, element, mappings, root), None)


def assigned(target: str, value: str) -> Written:
    """Return the writing of one (dotted) target."""
    return _planted({target: value})


def _tree(program: Program, element: FlowNode, mappings: tuple[VariableMapping, ...], root: str) -> Tree:
    tree: Tree = {}
    for mapping in mappings:
        _plant(tree, mapping.target, program.queries.value(mapping.source, element, root))
    return tree


def _planted(values: Mapping[str, str]) -> Written:
    tree: Tree = {}
    for target, value in values.items():
        _plant(tree, target, value)
    return Written(f"$merge([{VARIABLES}, {_object(tree, VARIABLES)}])", strings(tree))


def _plant(tree: Tree, target: str, value: str) -> None:
    *path, last = target.split(".")
    for name in path:
        branch = tree.get(name)
        if not isinstance(branch, dict):
            branch = tree[name] = {}
        tree = branch
    tree[last] = value


def _object(tree: Tree, existing: str | None) -> str:
    """Return an object; nested objects keep what they have below `existing`."""
    pairs: list[str] = []
    for name, value in tree.items():
        if isinstance(value, str):
            pairs.append(f"{quote(name)}: {value}")
            continue
        below = None if existing is None else f"{existing}.`{name}`"
        inner = _object(value, below)
        kept = "" if below is None else f"$type({below}) = 'object' ? {below} : {{}}, "
        pairs.append(f"{quote(name)}: $merge([{kept}{inner}])" if below else f"{quote(name)}: {inner}")
    return "{" + ", ".join(pairs) + "}"
