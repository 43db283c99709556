"""Start events whose message or signal says where its payload goes.

The execution begins with the payload as its variables. Without mappings it stays there, and the event needs no state.
"""

from orchestrator.compiler.asl.language.states import Pass
from orchestrator.compiler.asl.language.token import VARIABLES, changed, extended_trail, query, quote, strings
from orchestrator.compiler.asl.steps.block import Block, Site
from orchestrator.compiler.asl.steps.moves import visit_fields, with_prelude, written_fields
from orchestrator.compiler.asl.steps.results import Written, mapped
from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow

_PAYLOAD = "$states.context.Execution.Input.variables"


def lower_start(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the state that puts the payload where the start event wants it; other variables stay."""
    element = node.element
    if element is None:
        return
    site, after = Site(flow, node), block.leave(flow, node)
    written = _written(block, element)
    fields = written_fields(block, written) | visit_fields(block, site)
    fields["trail"] = extended_trail((element.id, *after.passed))
    block.add(block.key(node), Pass(query(with_prelude(written, changed(fields))), after.key), site)


def _written(block: Block, element: FlowNode) -> Written:
    others = f"$sift({VARIABLES}, function($v, $k) {{ $not($k in $keys({_PAYLOAD})) }})"
    variable = next((event.variable for event in element.events if event.variable), None)
    seen = f"$merge([$others, {{{quote(variable)}: {_PAYLOAD}}}])" if variable else VARIABLES
    outputs = element.execution.outputs
    if not outputs:
        return Written("$seen", strings([variable] if variable else []), f"$others := {others}; $seen := {seen}; ")
    values = mapped(block.program, element, outputs, "$seen")
    targets = strings(dict.fromkeys(each.target.partition(".")[0] for each in outputs))
    return Written(f"$merge([$others, {values}])", targets, f"$others := {others}; $seen := {seen}; ")
