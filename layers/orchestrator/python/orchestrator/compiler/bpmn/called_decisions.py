"""Which decision of the file a business rule task evaluates."""

from orchestrator.compiler.bpmn.decisions.model import required_by
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.model import NodeType
from orchestrator.compiler.bpmn.reading import Reading


def find_decision(draft: Draft, reading: Reading) -> None:
    """Attach the decision that a business rule task names.

    A file that carries decisions but not this one is refused (DECISION_NOT_FOUND). Without any in the file the
    task is somebody's work, like a service task.
    """
    name = draft.call.get("decision")
    if draft.type is not NodeType.BUSINESS_RULE_TASK or not name:
        return
    decisions, element, report = reading.definitions.decisions, draft.element, reading.report
    found = decisions.get(name)
    if found is not None:
        draft.execution["decision"] = required_by(found, decisions)
    elif decisions:
        there = ", ".join(f"'{id_}'" for id_ in decisions)
        message = f"The file has no decision '{name}'; it has {there}"
        report.error("DECISION_NOT_FOUND", message, element_id=draft.id, line=element.sourceline)
