r"""Ad-hoc sub-processes whose first activities are named by an expression (BPMN 10.3.5, zeebe:adHoc).

    parallel      Map over the ids of the first activities, each: <which?> --A--> [A] -> ... -> ends
    sequential    [set up] -> <next?> --A--> [A] -> ... -> <next?>     <next?> --none--> end
    before both   <all known?> --no--> [incident INVALID_ACTIVE_ELEMENTS]

Each is a round with a scope path of its own, `<scope of the sub-process>[<index>]`. The completion condition is tested
whenever one has ended, against what all that have ended wrote; the record says in which order. It begins no others,
and ends those that are open where the model says so.
"""

from orchestrator.compiler.asl.gateways.joins import scope_end
from orchestrator.compiler.asl.language.program import Program, shown
from orchestrator.compiler.asl.language.states import Catcher, Choice, Key, Map, Pass, Rule, Succeed
from orchestrator.compiler.asl.language.token import (
    SCOPE,
    TRAIL,
    VARIABLES,
    changed,
    changes,
    extended_trail,
    query,
    quote,
    strings,
)
from orchestrator.compiler.asl.scopes.ad_hoc_choice import SEQUENTIAL, lower_chosen
from orchestrator.compiler.asl.scopes.boxes import add_box
from orchestrator.compiler.asl.scopes.completion import CONCLUDED, COUNTED, conclude, note_round
from orchestrator.compiler.asl.scopes.instances import Instances, json_text
from orchestrator.compiler.asl.scopes.repetition import merged_rounds
from orchestrator.compiler.asl.steps.block import Block, Ending, Site, Step
from orchestrator.compiler.asl.steps.bodies import exit_of
from orchestrator.compiler.asl.steps.incidents import add_incident
from orchestrator.compiler.asl.steps.moves import passed_on
from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow, is_chosen

INVALID_ACTIVE_ELEMENTS = "INVALID_ACTIVE_ELEMENTS"
_ACTIVE = "$states.input.active"
_ROUND = "$states.input.round"
_BASE = "$states.input.base"


def lower_ad_hoc(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of an ad-hoc sub-process; without a list, its activities are begun over the API."""
    if is_chosen(node.element):
        lower_chosen(block, flow, node)
        return
    sequential = node.element is not None and node.element.ordering == SEQUENTIAL
    add_box(block, flow, node, _begin_one_by_one if sequential else _begin_at_once)


def _begin_at_once(body: Block, site: Site, last: Ending) -> Key:
    element, instances = _element(site), _instances(body.program, _element(site))
    ends_others = instances.completion is not None and element.cancel_remaining
    name = f"{body.name}:each"
    stops: dict[str, Ending] = {}
    one = body.nested(name, body.context, stops)
    output = {} if instances.output is None else {"output": instances.output}
    end = scope_end(changes(), "[$states.input.written]", output)
    last_of_one = end
    if ends_others:
        enough = _enough(instances, f"{COUNTED}.changes")
        last_of_one = note_round(one, site, enough, end, {"element_id": element.id, "merge": True})
    stops[exit_of(body.program, element)] = Ending(f"{name}:end", last_of_one, element, "one ends")
    which = f"{name}:which"
    steps = _steps(one, site)
    rules = tuple(Rule(f"{_ACTIVE} = {quote(id_)}", step.key, passed_on(step)) for id_, step in steps)
    one.add(which, Choice(rules, steps[-1][1].key, passed_on(steps[-1][1])), site, "which?")
    index = "$states.context.Map.Item.Index"
    selected = {
        "active": "$states.context.Map.Item.Value",
        "scope": f"{SCOPE} & '[' & $string({index}) & ']'",
        "visits": "{}",
        "written": "[]",
        "outer": "[$states.input.outer, $states.input.written]",
        "trail": f"{index} = 0 ? {TRAIL} : []",
    }
    catch: tuple[Catcher, ...] = ()
    if ends_others:
        catch = (conclude(body, site, element, merged_rounds(instances, CONCLUDED), body.end(last)),)
    merged = merged_rounds(instances, "$states.result")
    state = Map(instances.items, query(changed(selected)), one.complete(which), merged, body.end(last), catch)
    body.add(name, state, site, "each")
    return _checked(body, site, instances, name)


def _begin_one_by_one(body: Block, site: Site, last: Ending) -> Key:
    element, instances = _element(site), _instances(body.program, _element(site))
    again, start = f"{body.name}:again", f"{body.name}:start"
    body.stops = {exit_of(body.program, element): Ending(again, Succeed(), element, "next?")}
    body.add(again, Succeed(), site, "next?")
    collected, done = {}, {"scope": _BASE}
    if instances.output is not None:
        texts = f"[$states.input.collected, {_ROUND} > 0 ? {instances.output} : []]"
        outputs = instances.outputs(texts)
        collected = {"collected": texts}
        done |= {
            "variables": f"$merge([{VARIABLES}, {outputs}])",
            "written": f"$distinct([$states.input.written, $keys({outputs})])",
        }
    more = {"scope": f"{_BASE} & '[' & $string({_ROUND}) & ']'", "visits": "{}", "round": f"{_ROUND} + 1", **collected}
    after = body.end(last)
    rules = [
        Rule(f"$states.input.items[{_ROUND}].value = {quote(id_)}", step.key, query(changed(more | _noted(step))))
        for id_, step in _steps(body, site)
    ]
    left = query(changed(done))
    if instances.completion is not None:
        rules.insert(0, Rule(f"{_ROUND} > 0 and {_enough(instances, '{}')}", after, left))
    body.add(again, Choice(tuple(rules), after, left), site, "next?")
    items = f"[$map({instances.items}, function($item) {{ {{'value': $item}} }})]"
    fields = {"round": "0", "base": SCOPE, "collected": "[]", "items": items}
    body.add(start, Pass(query(changed(fields)), again), site, "rounds")
    return _checked(body, site, instances, start)


def _noted(step: Step) -> dict[str, str]:
    return {"trail": extended_trail(step.passed)} if step.passed else {}


def _steps(block: Block, site: Site) -> list[tuple[str, Step]]:
    """Return the nodes that the sub-process may begin with, and the steps into them."""
    inner = block.program.flows[_element(site).id]
    graph = inner.graph
    edges = graph.flows(graph.entry)
    return [(graph.nodes[edge.target].id, block.follow(inner, edge)) for edge in edges]


def _instances(program: Program, element: FlowNode) -> Instances:
    """Return what is begun, as instances of the sub-process: their ids, what they add to the output, the condition."""
    inner, condition = program.flows[element.id], element.completion_condition
    known = strings(inner.graph.nodes[edge.target].id for edge in inner.graph.flows(inner.graph.entry))
    collection = "[]" if element.active_elements is None else program.queries.value(element.active_elements, element)
    items = f"($items := {collection}; $type($items) = 'array' ? $items : [])"
    unknown = f"$filter($items, function($item) {{ $not($item in {known}) }})"
    output = None
    if element.output_collection is not None and element.output_element is not None:
        output = json_text(program.queries.value(element.output_element, element))
    return Instances(
        items=items,
        is_valid=f"($items := {collection}; $type($items) = 'array' ? $count({unknown}) = 0 : false)",
        input_element=None,
        output=output,
        output_collection=element.output_collection,
        completion=None if condition is None else program.queries.condition(condition, element, "$counted"),
    )


def _enough(instances: Instances, written: str) -> str:
    """Return the completion condition, which sees what the ended activities have `written` beside the variables."""
    return f"($counted := $merge([{VARIABLES}, {written}]); {instances.completion})"


def _checked(body: Block, site: Site, instances: Instances, start: Key) -> Key:
    """Return the state that looks whether the elements to begin are known; else somebody is asked to correct them."""
    key = f"{body.name}:valid"
    message = f"What '{shown(site.node.element)}' is to begin with is no list of elements that it can begin with"
    incident = add_incident(body, site, Step(key), code=INVALID_ACTIVE_ELEMENTS, message=message)
    return body.add(key, Choice((Rule(instances.is_valid or "true", start),), incident), site, "known?")


def _element(site: Site) -> FlowNode:
    if site.node.element is None:
        raise ValueError(f"{site.node.id} is no element")
    return site.node.element
