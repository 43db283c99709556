"""Call activities: what a machine asks for instead of a task, and what the called instance leaves in its variables.

[call, waits] --answer--> next
| catch.<call activity>: it could not be called, and somebody asks to try again -> [call] as another entry
"""

from orchestrator.compiler.asl.language.program import Program
from orchestrator.compiler.asl.language.states import Json
from orchestrator.compiler.asl.language.token import VARIABLES, query, quote
from orchestrator.compiler.asl.steps.results import Written, assigned, mapped, written_by
from orchestrator.compiler.bpmn.elements import value
from orchestrator.compiler.bpmn.model import Call, FlowNode, NodeType, SourceExpression


def is_call(element: FlowNode | None) -> bool:
    """Tell whether the element is performed by an instance of another process."""
    return element is not None and element.type is NodeType.CALL_ACTIVITY


def call_fields(program: Program, element: FlowNode) -> dict[str, Json]:
    """Return what is called: process or definition id, and which version of it."""
    call = element.execution.call or Call()
    return {
        "called": _text(program, element, value(call.called_element, element.line)),
        "binding": call.binding or "latest",
        "version": _text(program, element, value(call.version, element.line)),
        "business_key": _text(program, element, call.business_key),
        "input": query(_input(program, element, call)),
    }


def _returned(program: Program, element: FlowNode, result: str) -> Written:
    """Return what the variables of the called instance write: all, those that are mapped, or none."""
    call, outputs = element.execution.call or Call(), element.execution.outputs
    if outputs and not call.propagate_all_outputs:
        return written_by(program, element, result)
    if not call.propagate_all_outputs:
        return Written(VARIABLES, "[]")
    changes = result
    if outputs:
        changes = f"$merge([{result}, {mapped(program, element, outputs, f'$merge([{VARIABLES}, {result}])')}])"
    return Written(f"$merge([{VARIABLES}, {changes}])", f"$keys({changes})")


def performed(program: Program, element: FlowNode, result: str) -> Written:
    """Return what the answer of an activity writes: under its result variable, by its mappings, or as it is."""
    if is_call(element):
        return _returned(program, element, result)
    variable = element.execution.result_variable
    if variable and not element.execution.outputs:
        return assigned(variable, result)
    return written_by(program, element, f"{{{quote(variable)}: {result}}}" if variable else result)


def _input(program: Program, element: FlowNode, call: Call) -> str:
    inputs = element.execution.inputs
    own = mapped(program, element, inputs, VARIABLES) if inputs else "{}"
    return f"$merge([{VARIABLES}, {own}])" if call.propagate_all_inputs else own


def _text(program: Program, element: FlowNode, source: SourceExpression | None) -> Json:
    return None if source is None else query(program.queries.value(source, element))
