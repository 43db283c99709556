"""jBPM, Drools and Kogito extensions; most of that dialect is in data associations (see `data.py`)."""

import re

from orchestrator.compiler.bpmn.dialects.dialect import Dialect
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import Element, local_name, text_of

_DURATION = re.compile(r"(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)(?:ms)?)?")


def iso_duration(text: str) -> str | None:
    """Translate a duration of jBPM (`1h30m`, `500ms`, milliseconds without a unit) to ISO 8601; None for others.

    >>> iso_duration("1h30m"), iso_duration("500ms")
    ('PT1H30M0S', 'PT0.500S')
    """
    parts = _DURATION.fullmatch(text)
    if parts is None:
        return None
    days, hours, minutes, seconds, milliseconds = (int(part or 0) for part in parts.groups())
    whole, fraction = divmod(milliseconds, 1000)
    date = f"{days}D" if days else ""
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    second = f"{seconds + whole}.{fraction:03}S" if fraction else f"{seconds + whole}S"
    return f"P{date}T{time}{second}"


def _task_name(text: str, draft: Draft) -> None:
    draft.execution["task_type"] = text


def _rule_flow_group(text: str, draft: Draft) -> None:
    draft.execution["implementation"] = text


def _service(text: str, draft: Draft) -> None:
    known = draft.execution.get("implementation")
    draft.execution["implementation"] = f"{known}.{text}" if known else text


def _script_listener(element: Element, draft: Draft) -> None:
    draft.listeners.append(f"{local_name(element)}: {text_of(element) or ''}")


DIALECT = Dialect(
    name="jbpm",
    namespaces=("http://www.jboss.org/drools",),
    attributes={
        "taskName": _task_name,
        "ruleFlowGroup": _rule_flow_group,
        "serviceinterface": _service,
        "serviceoperation": _service,
    },
    elements={"onEntry-script": _script_listener, "onExit-script": _script_listener},
)
