r"""Loop markers: standard loops and multi-instance activities, each in a scope of its own.

    one by one     [set up] -> <again?> --yes--> [A] --> <again?>       <again?> --no--> end
    all at once    Map over the items, [A] in each
    before both    <a list?> --no--> [incident INVALID_INSTANCES]

A round is a scope path of its own, `<scope of the activity>[<index>]`. One by one, the token remembers `round`
(rounds begun), `base` (the scope path around the rounds), `items` (each in an object of its own, since JSONata
flattens lists of lists) and `collected` (outputs, as JSON texts).
"""

from orchestrator.compiler.asl.flow_nodes.activities import add_activity, add_script
from orchestrator.compiler.asl.gateways.joins import scope_end
from orchestrator.compiler.asl.interruptions.aborts import relays
from orchestrator.compiler.asl.language.program import shown
from orchestrator.compiler.asl.language.states import Catcher, Choice, Key, Map, Pass, Rule, Succeed
from orchestrator.compiler.asl.language.token import (
    CLOCK,
    SCOPE,
    TRAIL,
    VARIABLES,
    changed,
    changes,
    extended_trail,
    merged_fields,
    query,
)
from orchestrator.compiler.asl.scopes.boxes import add_box
from orchestrator.compiler.asl.scopes.completion import CONCLUDED, conclude, count_round, is_counted
from orchestrator.compiler.asl.scopes.instances import Counters, Instances, instances_of
from orchestrator.compiler.asl.steps.block import Block, Ending, Site, Step, is_compensable, passed_element
from orchestrator.compiler.asl.steps.bodies import exit_of, local_names
from orchestrator.compiler.asl.steps.incidents import add_incident
from orchestrator.compiler.asl.steps.settlements import add_settlement, settled_round
from orchestrator.compiler.bpmn.model import FlowNode, StandardLoop
from orchestrator.compiler.check.scripts import is_computed
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow

INVALID_INSTANCES = "INVALID_INSTANCES"
_ROUND = "$states.input.round"
_BASE = "$states.input.base"


def lower_repeated(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of an activity with a loop marker."""
    multiple = None if node.element is None else node.element.multi_instance
    add_box(block, flow, node, _begin_map if multiple is not None and not multiple.sequential else _begin_rounds)


def _begin_rounds(body: Block, site: Site, last: Ending) -> Key:
    element = _element(site)
    instances = instances_of(body.program, element)
    again, start = f"{body.name}:again", f"{body.name}:start"
    body.stops = {
        exit_of(body.program, element): settled_round(body, site, Ending(again, Succeed(), element, "again?"))
    }
    body.add(again, Succeed(), site, "again?")
    first = _perform(body, site, Step(again))
    body.add(again, _again(body, element, instances, first, body.end(last)), site, "again?")
    fields = {"round": "0", "base": SCOPE, "collected": "[]"}
    if instances is not None:
        fields["items"] = f"[$map({instances.items}, function($item) {{ {{'value': $exists($item) ? $item : null}} }})]"
    body.add(start, Pass(query(changed(fields)), again), site, "rounds")
    return start if instances is None else _checked(body, site, instances, start)


def _again(body: Block, element: FlowNode, instances: Instances | None, first: Step, end: Key) -> Choice:
    """Return the `Choice` between another round and the end."""
    more = {
        "scope": f"{_BASE} & '[' & $string({_ROUND}) & ']'",
        "visits": "{}",
        "round": f"{_ROUND} + 1",
    }
    done = {"scope": _BASE}
    if first.passed:
        more["trail"] = extended_trail(first.passed)
    if instances is None:
        rule = Rule(_loops(body, element), first.key, query(changed(more)))
        return Choice((rule,), end, query(changed(done)))
    item = f"$states.input.items[{_ROUND}].value"
    more["variables"] = f"$merge([{VARIABLES}, {instances.variables(item, _ROUND)}])"
    if instances.output is not None:
        collected = f"[$states.input.collected, {_ROUND} > 0 ? {instances.output} : []]"
        more["collected"] = collected
        outputs = instances.outputs(collected)
        done |= {
            "variables": f"$merge([{VARIABLES}, {outputs}])",
            "written": f"$distinct([$states.input.written, $keys({outputs})])",
        }
    condition = f"{_ROUND} < $count($states.input.items)"
    if instances.completion is not None:
        enough = instances.enough(Counters("$count($states.input.items)", _ROUND, "0"))
        condition += f" and ({_ROUND} = 0 or $not({enough}))"
    return Choice((Rule(condition, first.key, query(changed(more))),), end, query(changed(done)))


def _loops(body: Block, element: FlowNode) -> str:
    """Return the condition of another round of a standard loop; without condition and maximum it runs once."""
    loop = element.loop or StandardLoop(None)
    tests = [] if loop.condition is None else [f"({body.program.queries.condition(loop.condition, element)})"]
    if loop.maximum is not None:
        tests.append(f"{_ROUND} < {loop.maximum}")
    text = " and ".join(tests) or f"{_ROUND} < 1"
    return text if loop.test_before else f"{_ROUND} = 0 or ({text})"


def _begin_map(body: Block, site: Site, last: Ending) -> Key:
    element = _element(site)
    instances = instances_of(body.program, element)
    if instances is None:
        raise ValueError(f"{element.id} has no instances")
    name = f"{body.name}:each"
    output = {} if instances.output is None else {"output": instances.output}
    end = scope_end(changes(local_names(element)), "[$states.input.written]", output)
    stops: dict[str, Ending] = {}
    one = body.nested(name, body.context, stops)
    counted = is_counted(instances)
    last_of_one = count_round(one, site, element, instances, end) if counted else end
    ending = Ending(f"{name}:end", last_of_one, element, "one ends")
    stops[exit_of(body.program, element)] = settled_round(one, site, ending)
    # contents add their end where something leads to it
    first = _perform(one, site, Step(one.end(ending) if element.scope is None else ending.key))
    start = first.key
    if first.passed:
        start = one.add(f"{name}:start", Pass(_noted(first.passed), first.key), site, "one begins")
    index = "$states.context.Map.Item.Index"
    selected = {
        "variables": f"$merge([{VARIABLES}, {instances.variables('$states.context.Map.Item.Value', index)}])",
        "scope": f"{SCOPE} & '[' & $string({index}) & ']'",
        "visits": "{}",
        "written": "[]",
        "trail": f"{index} = 0 ? {TRAIL} : []",
    }
    if counted:
        selected["total"] = f"$count({instances.items})"
    if body.program.may_abort:
        selected["outer"] = "[$states.input.outer, $states.input.written]"
    catch: tuple[Catcher, ...] = ()
    if counted:
        catch = (conclude(body, site, element, merged_rounds(instances, CONCLUDED), body.end(last)),)
    merged = merged_rounds(instances, "$states.result")
    state = Map(instances.items, query(changed(selected)), one.complete(start), merged, body.end(last), catch)
    body.add(name, state, site, "each")
    return _checked(body, site, instances, name)


def _checked(body: Block, site: Site, instances: Instances, start: Key) -> Key:
    """Return the state that looks whether there are instances to begin; anything but a list is an incident."""
    if instances.is_valid is None:
        return start
    key = f"{body.name}:valid"
    message = f"What '{shown(site.node.element)}' repeats over is no list, or its number of repetitions no number"
    incident = add_incident(body, site, Step(key), code=INVALID_INSTANCES, message=message)
    return body.add(key, Choice((Rule(instances.is_valid, start),), incident), site, "instances?")


def merged_rounds(instances: Instances, results: str) -> str:
    """Return the token after the rounds with these `results`; where there were none, it keeps its trail."""
    fields = merged_fields((), concurrent=True, results=results)
    fields["clock"] = f"$max([{CLOCK}, {results}.clock])"
    fields["trail"] = f"$count({results}) = 0 ? {TRAIL} : {fields['trail']}"
    if instances.output is not None:
        outputs = instances.outputs(f"[{results}.output]")
        fields["variables"] = f"$merge([{VARIABLES}, {results}.changes, {outputs}])"
        fields["written"] = f"$distinct([$states.input.written, {results}.written, $keys({outputs})])"
    return query(changed(fields))


def _perform(block: Block, site: Site, after: Step) -> Step:
    """Return the step into one round of the activity, which ends in `after`."""
    element = _element(site)
    if element.scope is not None:
        inner = block.program.flows[element.scope.id]
        return block.arrive(Site(inner, inner.graph.nodes[inner.graph.entry]))
    if passed_element(element) and is_compensable(site):
        return Step(add_settlement(block, site, after, block.key(site.node)))
    if passed_element(element):
        return Step(after.key, (element.id,))
    if is_computed(element):
        return Step(add_script(block, site, after))
    return Step(add_activity(block, site, after, relays(block, site, element)))


def _noted(passed: tuple[str, ...]) -> str:
    return query(changed({"trail": extended_trail(passed)}))


def _element(site: Site) -> FlowNode:
    if site.node.element is None:
        raise ValueError(f"{site.node.id} is no element")
    return site.node.element
