"""A timer's time can be read."""

import re

from orchestrator.compiler.bpmn.model import LITERAL, EventDefinition, FlowNode, TimerKind
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import EVENTS, ScopeView, label
from orchestrator.diagnostics import Severity

_DURATION = r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?"
_DATE = r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?(\[[\w/+-]+\])?)?"
#: Quartz: seconds to years, six or seven fields
_CRON = r"([\d*?/,\-]+ ){3}[\w*?/,\-]+ [\w*?/,\-]+ [\w*?/,#\-]+( [\d*?/,\-]+)?"
_FORMS = {
    TimerKind.DATE: re.compile(_DATE),
    TimerKind.DURATION: re.compile(_DURATION),
    TimerKind.CYCLE: re.compile(rf"(R\d*/)?({_DATE}/)?{_DURATION}(/{_DATE})?|R\d*/{_DATE}/{_DATE}|{_CRON}|@[a-z]+"),
}
_EXAMPLES = {
    TimerKind.DATE: "2030-01-31T09:00:00Z",
    TimerKind.DURATION: "PT15M",
    TimerKind.CYCLE: "R3/PT1H",
}


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    return next((message for event in node.events if (message := _judge(node, event))), None)


def _judge(node: FlowNode, event: EventDefinition) -> str | None:
    source, kind = event.expression, event.timer_kind
    if kind is None or source is None or source.language != LITERAL or _FORMS[kind].fullmatch(source.text):
        return None
    return f"'{source.text}' of timer {label(node)} is no ISO 8601 {kind}, such as {_EXAMPLES[kind]}"


RULE = NodeRule(
    code="TIMER_MALFORMED",
    title="Time that cannot be read",
    severity=Severity.ERROR,
    description="Times are ISO 8601 dates, durations and repeating intervals, cron cycles, or expressions.",
    remedy="Write a date as 2030-01-31T09:00:00Z, a duration as PT15M, a cycle as R3/PT1H.",
    example="""
    <intermediateCatchEvent id="C">
      <timerEventDefinition><timeDuration>ten minutes</timeDuration></timerEventDefinition>
    </intermediateCatchEvent>""",
    corrected="""
    <intermediateCatchEvent id="C">
      <timerEventDefinition><timeDuration>PT10M</timeDuration></timerEventDefinition>
    </intermediateCatchEvent>""",
    types=EVENTS,
    check=_check,
)
