"""What a scope keeps when it is interrupted: the tokens inside tell the record what they have written.

    [A, waits]                                       what waits tells what was written before
    [tell] --> Parallel [ .. --> [tell] ][ .. ]      told before tokens part, and by branches that wait for the others

Only inside scopes that something may interrupt while several things are open. The interruption is answered with all
that was told before it, in the order of time (docs/design-notes.md, section 3).
"""

from collections.abc import Mapping

from orchestrator.compiler.asl.language.states import Json, Key, Task
from orchestrator.compiler.asl.language.token import CLOCK, INPUT, VARIABLES, changes, query, strings
from orchestrator.compiler.asl.steps.block import Block, Ending, Site, writes
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.moves import occurrence_of
from orchestrator.compiler.flow.graph import Node, Role
from orchestrator.compiler.flow.regions import Branch
from orchestrator.compiler.flow.scopes import ScopeFlow


def with_written(block: Block, flow: ScopeFlow, fields: Mapping[str, Json]) -> dict[str, Json]:
    """Return the fields of a call of the dispatcher, and with them what its token has written since the last fork.

    Where the call carries all variables, names are enough.
    """
    if not block.context.tells:
        return dict(fields)
    carried = query(VARIABLES) in (fields.get("input"), fields.get("variables"))
    wrote = "'names': [$states.input.written]" if carried else f"'values': {changes()}"
    inside = strings(_mapped_around(flow))
    return {**fields, "wrote": query(f"{{{wrote}, 'inside': {inside}, 'group': $states.input.group}}")}


def told_before(block: Block, site: Site, key: Key) -> Key:
    """Add, under `key`, what a token tells before it parts or enters a scope; return the key of what follows it."""
    if not block.context.tells or not _wrote_before(site.flow, site.node.index):
        return key
    following = f"{key}:told"
    block.add(key, _telling(block, site, site.node.id, following), site, "tells")
    return following


def told_at_end(block: Block, site: Site, ending: Ending, branch: Branch) -> Ending:
    """Return the end of a branch, which tells what was written in it: it waits for the others."""
    nodes = (site.flow.graph.nodes[index] for index in sorted(branch.body))
    if not block.context.tells or not any(_may_write(site.flow, node) for node in nodes):
        return ending
    state = _telling(block, site, ending.key, ending.key)
    return Ending(f"{ending.key}:tell", state, ending.element, f"{ending.purpose}, tells", ending)


def _telling(block: Block, site: Site, name: str, following: Key) -> Task:
    entered = str(occurrence_of(block, site)).removeprefix("{% ").removesuffix(" %}")
    number = query(f"{CLOCK} * 1000 + {entered}")
    call = payload(Operation.TELL, name, with_written(block, site.flow, {"occurrence": number, "trail": []}))
    return Task(waits=False, payload=call, output=query(INPUT), next=following)


def _wrote_before(flow: ScopeFlow, index: int) -> bool:
    """Tell whether a token that comes to a node may have written something in its scope path."""
    pending, seen = [index], {index}
    while pending:
        for edge in flow.graph.incoming[pending.pop()]:
            if _may_write(flow, flow.graph.nodes[edge.source]):
                return True
            if edge.source not in seen:
                seen.add(edge.source)
                pending.append(edge.source)
    return False


def _may_write(flow: ScopeFlow, node: Node) -> bool:
    if node.role is Role.ENTRY:  # of a scope path, or of something inside one
        return not (flow.owner is None or flow.is_boxed())
    element = node.element
    return element is not None and (writes(element) or bool(element.scope or element.attached_to))


def _mapped_around(flow: ScopeFlow) -> tuple[str, ...]:
    """Return the sub-processes around a scope whose output mappings alone write outside of them."""
    level: ScopeFlow | None = flow
    found: list[str] = []
    while level is not None:
        if level.owner is not None and level.owner.execution.outputs:
            found.append(level.owner.id)
        level = level.outer
    return tuple(found)
