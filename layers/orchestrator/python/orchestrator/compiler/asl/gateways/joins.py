r"""Where the branches of a region come together: their ends, the merge, and joins that count tokens.

branch end:  {changes, clock, written, trail[, arrived]}
Parallel ----> J                                      every branch surely brings its token
Parallel ----> <arrived?> --enough--> J               some branch may end elsewhere
|--none--> the token is used up
\--too few, parallel join--> [incident JOIN_INCOMPLETE] --> J
"""

from collections.abc import Mapping

from orchestrator.compiler.asl.language.program import shown
from orchestrator.compiler.asl.language.states import Choice, Json, Key, Rule, Succeed
from orchestrator.compiler.asl.language.token import CLOCK, TRAIL, changed, changes, merged_fields, query, quote
from orchestrator.compiler.asl.steps.block import Block, Ending, Site, Step
from orchestrator.compiler.asl.steps.incidents import add_incident
from orchestrator.compiler.asl.steps.moves import passed_on, visit_fields
from orchestrator.compiler.flow.regions import Region, Wait

JOIN_INCOMPLETE = "JOIN_INCOMPLETE"
_TOKEN = "$states.input.token"  # noqa: S105 - a path in the state's input
_ARRIVED = "$sum([$states.result.arrived])"


def branch_end(arrived: str | None) -> Succeed:
    """Return the state that ends a branch; `arrived` is how many tokens it brings to a join that counts them."""
    return scope_end(changes(), "[$states.input.written]", {} if arrived is None else {"arrived": arrived})


def scope_end(changed_variables: str, written: str, more: Mapping[str, str]) -> Succeed:
    """Return the state that ends a branch with these changes, and what else its merge needs."""
    parts = {"changes": changed_variables, "clock": CLOCK, "written": written, "trail": f"[{TRAIL}]", **more}
    return Succeed(query("{" + ", ".join(f"{quote(name)}: {text}" for name, text in parts.items()) + "}"))


def is_counted(block: Block, site: Site, region: Region) -> bool:
    """Tell whether the branches of a region report how many tokens they bring to its join."""
    if region.wait in {Wait.MAYBE_NONE, Wait.POSSIBLE_DEADLOCK}:
        return True
    return block.context.counted and _joins_outside(block, site, region)


def continuation(block: Block, site: Site, region: Region, key: Key) -> tuple[Key, Json]:
    """Return the state after a region's `Parallel`, and the output that merges its branches."""
    if not is_counted(block, site, region):
        step = block.arrive(_join_site(site, region))
        return step.key, query(_merged(block, site, step.passed))
    if _joins_outside(block, site, region):
        gathered = Ending(f"{block.name}:gathered", branch_end("$states.input.arrived"), site.node.element, "joins")
        fields = _merged_fields(block, site, ()) | {"arrived": _ARRIVED}
        return block.end(gathered), query(changed(fields))
    output = {"arrived": query(_ARRIVED), "token": query(_merged(block, site, ()))}
    return _add_count(block, site, region, f"{key}:join"), output


def _joins_outside(block: Block, site: Site, region: Region) -> bool:
    graph = site.flow.graph
    return region.join != graph.exit and graph.nodes[region.join].id in block.stops


def _join_site(site: Site, region: Region) -> Site:
    return Site(site.flow, site.flow.graph.nodes[region.join])


def _merged(block: Block, site: Site, passed: tuple[str, ...]) -> str:
    return changed(_merged_fields(block, site, passed))


def _merged_fields(block: Block, site: Site, passed: tuple[str, ...]) -> dict[str, str]:
    fields = merged_fields(passed, concurrent=block.context.concurrent)
    return fields | visit_fields(block, site)


def _add_count(block: Block, site: Site, region: Region, key: Key) -> Key:
    """Add the `Choice` of a join that may get fewer tokens than it has branches."""
    join = _join_site(site, region)
    graph = site.flow.graph
    joined = block.arrive(join)
    consumed = block.arrive(Site(site.flow, graph.nodes[graph.exit]))
    rules = [Rule(f"$states.input.arrived >= {region.needed}", joined.key, passed_on(joined, _TOKEN))]
    if region.wait is Wait.POSSIBLE_DEADLOCK:
        rules.append(Rule("$states.input.arrived = 0", consumed.key, passed_on(consumed, _TOKEN)))
        message = f"'{shown(join.node.element)}' waits for a token that can no longer come; a retry goes on without it"
        otherwise = Step(add_incident(block, join, joined, code=JOIN_INCOMPLETE, message=message))
    else:
        otherwise = consumed
    choice = Choice(tuple(rules), otherwise.key, passed_on(otherwise, _TOKEN))
    return block.add(key, choice, join, "complete?")
