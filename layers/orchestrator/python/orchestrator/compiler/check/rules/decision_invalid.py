"""A decision that the file carries can be evaluated."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.scripts import script_of
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.compiler.expressions import ExpressionError
from orchestrator.diagnostics import Severity

_TABLE = """
    <extensionElements><d:definitions xmlns:d="https://www.omg.org/spec/DMN/20191111/MODEL/">
    <d:decision id="risk"><d:decisionTable hitPolicy="{policy}"><d:output name="level"/>
    <d:rule><d:outputEntry><d:text>"low"</d:text></d:outputEntry></d:rule>
    </d:decisionTable></d:decision></d:definitions></extensionElements>
    <businessRuleTask id="R"><extensionElements><calledDecision
    xmlns="http://camunda.org/schema/zeebe/1.0" decisionId="risk" resultVariable="level"/></extensionElements>
    </businessRuleTask>"""


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    decision, script = node.execution.decision, script_of(node)
    if decision is None or not isinstance(script, ExpressionError):
        return None
    return f"Decision '{decision.decision.id}' of {label(node)} cannot be evaluated: {script.message}"


RULE = NodeRule(
    code="DECISION_INVALID",
    title="Decision that cannot be evaluated",
    severity=Severity.ERROR,
    description=(
        "A business rule task evaluates the DMN decision that it names where the file carries one. It and the "
        "decisions that it requires are decision tables or literal expressions in FEEL; priorities come from the "
        "output values, of which the entries of a table with PRIORITY or OUTPUT ORDER are some."
    ),
    remedy="Correct the decision as the message says, or take it out of the file: then the task is performed.",
    example=_TABLE.format(policy="WHICHEVER"),
    corrected=_TABLE.format(policy="FIRST"),
    types=frozenset({NodeType.BUSINESS_RULE_TASK}),
    check=_check,
)
