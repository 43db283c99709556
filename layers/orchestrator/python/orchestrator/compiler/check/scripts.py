"""What the script of a script task or the decision of a business rule task does, as far as a machine can do it."""

from functools import lru_cache

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.decisions.models import decision_value
from orchestrator.compiler.check.decisions.refusal import DecisionError
from orchestrator.compiler.expressions import ErrorCode, ExpressionError, Language, detect, parse
from orchestrator.compiler.expressions.python.parser import translate_python
from orchestrator.compiler.expressions.script.parser import Script, translate

_NO_SCRIPT = Script()


def script_of(node: FlowNode) -> Script | ExpressionError:
    """Return what the script or decision does, or why it cannot be told; without either, nothing."""
    script = node.execution.script
    if node.execution.decision is not None:
        return _decided(node)
    return _NO_SCRIPT if script is None else _translated(script.text, script.language)


def result_variable_of(node: FlowNode) -> str | None:
    """Return the variable for the value of a script or decision; a decision's is named by the decision at least."""
    decision = node.execution.decision
    return node.execution.result_variable or (None if decision is None else decision.decision.variable)


def is_computed(node: FlowNode) -> bool:
    """Tell whether the machine itself does what an activity asks for."""
    if node.type is NodeType.BUSINESS_RULE_TASK:
        return node.execution.decision is not None
    return node.type is NodeType.SCRIPT_TASK and not is_performed(node)


def is_performed(node: FlowNode) -> bool:
    """Tell whether somebody has to perform a script task: it names a worker, or its script is foreign code."""
    if node.type is not NodeType.SCRIPT_TASK:
        return False
    if node.execution.script is None:
        return node.execution.task_type is not None
    script = script_of(node)
    return isinstance(script, ExpressionError) and script.code is ErrorCode.UNSUPPORTED_LANGUAGE


def _decided(node: FlowNode) -> Script | ExpressionError:
    decision, call = node.execution.decision, node.execution.call
    if decision is None:
        return Script()
    value = decision_value(decision, None if call is None else call.decision_result)
    if isinstance(value, DecisionError):
        return ExpressionError(ErrorCode.UNSUPPORTED, str(value))
    return Script(value=value)


@lru_cache(maxsize=4096)  # asked by several passes
def _translated(text: str, declared: str | None) -> Script | ExpressionError:
    language = detect(text, declared)
    if isinstance(language, ExpressionError):
        return language
    if language is Language.SCRIPT:
        return translate(text)
    if language is Language.PYTHON:
        return translate_python(text)
    value = parse(text, language)
    if not isinstance(value, ExpressionError):
        return Script(value=value)
    return translate(text) if language is Language.BARE else value
