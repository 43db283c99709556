"""What the script of a script task does, as far as a machine can do it itself."""

from functools import lru_cache

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.expressions import ErrorCode, ExpressionError, Language, detect, parse
from orchestrator.compiler.expressions.script.parser import Script, translate


def script_of(node: FlowNode) -> Script | ExpressionError:
    """Return what the script does, or why it cannot be told; without a script, nothing."""
    script = node.execution.script
    return Script() if script is None else _translated(script.text, script.language)


def is_performed(node: FlowNode) -> bool:
    """Tell whether somebody has to perform a script task: it names a worker, or its script is foreign code."""
    if node.type is not NodeType.SCRIPT_TASK:
        return False
    if node.execution.script is None:
        return node.execution.task_type is not None
    script = script_of(node)
    return isinstance(script, ExpressionError) and script.code is ErrorCode.UNSUPPORTED_LANGUAGE


@lru_cache(maxsize=4096)  # asked by several passes
def _translated(text: str, declared: str | None) -> Script | ExpressionError:
    language = detect(text, declared)
    if isinstance(language, ExpressionError):
        return language
    if language is Language.SCRIPT:
        return translate(text)
    value = parse(text, language)
    if not isinstance(value, ExpressionError):
        return Script(value=value)
    return translate(text) if language is Language.BARE else value
