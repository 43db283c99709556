"""A decision that is named is in the file."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity

_TASK = """
    <businessRuleTask id="R"><extensionElements><calledDecision
    xmlns="http://camunda.org/schema/zeebe/1.0" decisionId="risk" resultVariable="level"/></extensionElements>
    </businessRuleTask>"""


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    call = node.execution.call
    if call is None or not call.decision or node.execution.decision is not None:
        return None
    return f"The file carries no decision '{call.decision}': a worker has to perform {label(node)}"


RULE = NodeRule(
    code="DECISION_NOT_SUPPLIED",
    title="Decision that is not in the file",
    severity=Severity.WARNING,
    description=(
        "The decision that a business rule task names is evaluated where the file carries it: a DMN `definitions` "
        "element in the extension elements of `definitions` or `process`. Without any, the task is a worker's, who "
        "finds the name among its properties. A file that carries decisions but not this one is refused with "
        "`DECISION_NOT_FOUND`."
    ),
    remedy="Put the DMN `definitions` into the extension elements, or let a worker decide.",
    example=_TASK,
    corrected="""
    <extensionElements><d:definitions xmlns:d="https://www.omg.org/spec/DMN/20191111/MODEL/"><d:decision id="risk">
    <d:literalExpression><d:text>if amount > 1000 then "high" else "low"</d:text></d:literalExpression>
    </d:decision></d:definitions></extensionElements>"""
    + _TASK,
    types=frozenset({NodeType.BUSINESS_RULE_TASK}),
    check=_check,
)
