"""Which process variables a flow node reads and writes, as far as the model says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from orchestrator.compiler.bpmn.elements import value
from orchestrator.compiler.bpmn.model import LITERAL, VARIABLE, EventKind, FlowNode, NodeType, SourceExpression
from orchestrator.compiler.check.scripts import is_computed, is_performed, result_variable_of, script_of
from orchestrator.compiler.check.view import SUB_PROCESSES, TASKS, ScopeView
from orchestrator.compiler.expressions import ExpressionError, detect, parse, variables_read

#: names that engines define inside of a loop
_LOOP_NAMES = frozenset({"loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances"})
_ANSWERED = (TASKS - {NodeType.SCRIPT_TASK}) | {NodeType.CALL_ACTIVITY}
_NOTHING: frozenset[str] = frozenset()
_PAYLOADS = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})


@dataclass(frozen=True, slots=True)
class Usage:
    """What a node reads and writes; one that `writes_anything` merges an answer whose keys are not modelled."""

    reads: frozenset[str]
    writes: frozenset[str]
    writes_anything: bool


def usage_of(node: FlowNode, around: ScopeView) -> Usage:
    """Tell what a node reads and writes. A gateway reads what the conditions behind it read."""
    inputs = node.execution.inputs if node.scope is None else ()
    local = {mapping.target.partition(".")[0] for mapping in inputs}
    if node.multi_instance is not None:
        local |= _LOOP_NAMES | {node.multi_instance.input_element or ""}
    conditions = (flow.condition for flow in around.flows_out_of(node))
    inner = (_names_in(_after_inputs(node)) | _read_by_script(node) | _names_in(conditions)) - local
    reads = _names_in(_before_inputs(node)) | inner
    return Usage(reads, frozenset(_writes(node)) - {""}, _writes_anything(node))


def read_by(node: FlowNode) -> frozenset[str]:
    """Names in the node's own expressions, those that only the runtime evaluates too; local ones included."""
    return _names_in(_before_inputs(node)) | _names_in(_after_inputs(node)) | _read_by_script(node)


def _names_in(sources: Iterable[SourceExpression | None]) -> frozenset[str]:
    return _NOTHING.union(*map(_names, filter(None, sources)))


def _before_inputs(node: FlowNode) -> Iterator[SourceExpression | None]:
    """Yield what is evaluated on the process variables alone."""
    if node.multi_instance is not None:
        yield from (node.multi_instance.collection, node.multi_instance.cardinality)
    else:
        yield from (mapping.source for mapping in node.execution.inputs)


def _after_inputs(node: FlowNode) -> list[SourceExpression | None]:
    """Return what may also see the node's own input mappings and loop variables."""
    execution, assignment = node.execution, node.execution.assignment
    found = [execution.due_date, execution.follow_up_date, execution.priority]
    found += (execution.timeout, execution.retries, execution.correlation_key)
    found += map(value, (assignment.assignee, *assignment.candidate_users, *assignment.candidate_groups))
    if node.multi_instance is not None:
        found += (mapping.source for mapping in execution.inputs)
    if node.loop is not None:
        found.append(node.loop.condition)
    for event in node.events:
        found += (event.expression, event.correlation_key)
    return found


def _read_by_script(node: FlowNode) -> frozenset[str]:
    script = script_of(node)
    if isinstance(script, ExpressionError):
        return _NOTHING
    values = [value for _, value in script.assignments] + ([script.value] if script.value else [])
    return _NOTHING.union(*map(variables_read, values))


def _names(source: SourceExpression) -> frozenset[str]:
    """Return the variables that an expression reads; what cannot be parsed is another check's finding."""
    if source.language == LITERAL:
        return _NOTHING
    if source.language == VARIABLE:
        return frozenset({source.text.partition(".")[0]})
    return _free_names(source.text, source.language)


@lru_cache(maxsize=4096)  # models repeat their conditions
def _free_names(text: str, declared: str | None) -> frozenset[str]:
    language = detect(text, declared)
    parsed = language if isinstance(language, ExpressionError) else parse(text, language)
    return frozenset() if isinstance(parsed, ExpressionError) else variables_read(parsed)


def _writes(node: FlowNode) -> Iterator[str]:
    execution = node.execution
    yield result_variable_of(node) or ""
    script = script_of(node)
    if not isinstance(script, ExpressionError):
        yield from (name for name, _ in script.assignments)
    yield from (mapping.target.partition(".")[0] for mapping in execution.outputs)
    for event in node.events:
        yield from (event.variable or "", event.message_variable or "")
    if execution.call is not None:
        yield execution.call.result_variable or ""
    if node.multi_instance is not None:
        yield node.multi_instance.output_collection or ""
    if node.type in SUB_PROCESSES:
        yield from (mapping.target.partition(".")[0] for mapping in execution.inputs)
        yield from (_LOOP_NAMES | {node.multi_instance.input_element or ""}) if node.multi_instance else ()


def _writes_anything(node: FlowNode) -> bool:
    if node.execution.outputs or node.execution.result_variable:
        return False
    if is_computed(node):
        return False
    if is_performed(node) or node.type in _ANSWERED:
        return True
    return any(event.kind in _PAYLOADS and not event.variable for event in node.events)
