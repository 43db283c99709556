"""Listeners with logic do not run."""

from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ALL, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    listeners = node.execution.listeners
    if not listeners:
        return None
    shown = " ".join(listeners[0].split())
    return f"{label(node)} has {len(listeners)} listener(s) that will not run, first: {shown[:120]}"


RULE = NodeRule(
    code="LISTENER_IGNORED",
    title="Listener that will not run",
    severity=Severity.WARNING,
    description=(
        "Execution and task listeners and entry and exit scripts are code inside another engine. "
        "Here they do not run; whoever needs to know of an activity subscribes to its events."
    ),
    remedy="Model what the listener does as a task, or react to the events of the activity.",
    example="""
    <task id="A"><extensionElements>
      <executionListener xmlns="http://camunda.org/schema/1.0/bpmn" event="start" class="org.example.Audit"/>
    </extensionElements></task>""",
    corrected='<task id="A"/>',
    types=ALL,
    check=_check,
)
