"""A multi-instance activity says how many instances it has."""

from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ACTIVITIES, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    loop = node.multi_instance
    if loop is None or loop.cardinality is not None or loop.collection is not None:
        return None
    return f"Multi-instance activity {label(node)} has neither a cardinality nor a collection"


RULE = NodeRule(
    code="MULTI_INSTANCE_INCOMPLETE",
    title="Multi-instance activity without a number of instances",
    severity=Severity.ERROR,
    description="The number of instances is a `loopCardinality` or the length of a collection (BPMN 13.3.7).",
    remedy="Add a `loopCardinality`, or name the collection to go through.",
    example='<task id="A"><multiInstanceLoopCharacteristics/></task>',
    corrected="""
    <task id="A"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>
    </multiInstanceLoopCharacteristics></task>""",
    types=ACTIVITIES,
    check=_check,
)
