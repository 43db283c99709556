"""A flow node while it is being read: what its attributes, children and extensions say, before it is frozen."""

from typing import TypedDict

from orchestrator.compiler.bpmn.decisions.model import DecisionModel
from orchestrator.compiler.bpmn.elements import Element
from orchestrator.compiler.bpmn.model import (
    Assignment,
    Call,
    ElementId,
    EventDefinition,
    Execution,
    Form,
    MultiInstance,
    NodeType,
    Scope,
    SourceExpression,
    StandardLoop,
    VariableMapping,
)


class NodeFields(TypedDict, total=False):
    """Fields of `FlowNode` that are given at most once."""

    documentation: str
    loop: StandardLoop
    multi_instance: MultiInstance
    scope: Scope
    completion_condition: SourceExpression | None
    active_elements: SourceExpression | None
    output_collection: str
    output_element: SourceExpression | None


class ExecutionFields(TypedDict, total=False):
    """Fields of `Execution` that are given at most once."""

    task_type: str
    implementation: str
    script: SourceExpression
    script_format: str
    result_variable: str
    retries: SourceExpression | None
    retry_backoff: SourceExpression | None
    due_date: SourceExpression | None
    follow_up_date: SourceExpression | None
    priority: SourceExpression | None
    message_name: str
    decision: DecisionModel
    correlation_key: SourceExpression | None
    timeout: SourceExpression | None
    capabilities: tuple[str, ...]


class CallFields(TypedDict, total=False):
    """Fields of `Call`."""

    called_element: str
    binding: str
    propagate_all_inputs: bool
    propagate_all_outputs: bool
    version: str
    business_key: SourceExpression | None
    decision: str
    decision_result: str
    result_variable: str


#: dialects in which a call passes no variables but the mapped ones, unless it says all
ISOLATED_CALLS = frozenset({"camunda", "flowable", "activiti"})


class LoopFields(TypedDict, total=False):
    """Fields of `MultiInstance` that extensions and standard elements both give."""

    cardinality: SourceExpression | None
    collection: SourceExpression | None
    input_element: str
    output_collection: str
    output_element: SourceExpression | None
    completion_condition: SourceExpression | None


class Draft:
    """One flow node in the making; dialects write into it, then it is frozen into the model's node."""

    def __init__(self, element: Element, id_: ElementId, type_: NodeType, dialect: str) -> None:
        self.element = element
        self.id = id_
        self.type = type_
        self.dialect = dialect
        self.node: NodeFields = {}
        self.execution: ExecutionFields = {}
        self.call: CallFields = {}
        self.loop: LoopFields = {}
        self.events: list[EventDefinition] = []
        self.inputs: list[VariableMapping] = []
        self.outputs: list[VariableMapping] = []
        self.headers: dict[str, str] = {}
        self.listeners: list[str] = []
        self.associations: list[Element] = []
        #: variable that the payload of a caught event goes to
        self.payload_variable: str | None = None
        self.assignee: str | None = None
        self.candidate_users: list[str] = []
        self.candidate_groups: list[str] = []
        self.form_key: str | None = None
        self.form_body: str | None = None
        self.form_fields: list[dict[str, object]] = []

    def map_input(self, source: SourceExpression | None, target: str | None) -> None:
        """Add an input mapping; half a mapping says nothing and is left out."""
        if source is not None and target:
            self.inputs.append(VariableMapping(source, target))

    def map_output(self, source: SourceExpression | None, target: str | None) -> None:
        """Add an output mapping; half a mapping says nothing and is left out."""
        if source is not None and target:
            self.outputs.append(VariableMapping(source, target))

    def frozen_execution(self) -> Execution:
        """Return what the performer needs to know."""
        return Execution(
            **self.execution,
            inputs=tuple(self.inputs),
            outputs=tuple(self.outputs),
            headers=self.headers,
            assignment=Assignment(self.assignee, tuple(self.candidate_users), tuple(self.candidate_groups)),
            form=self._form(),
            call=self._call(),
            listeners=tuple(self.listeners),
        )

    def _call(self) -> Call | None:
        """Mapped outputs replace the propagation of all, except where a dialect asks for both."""
        if not self.call:
            return None
        if self.outputs and self.dialect not in ISOLATED_CALLS:
            self.call["propagate_all_outputs"] = False
        return Call(**self.call)

    def _form(self) -> Form | None:
        if self.form_key is None and self.form_body is None and not self.form_fields:
            return None
        return Form(self.form_key, self.form_body, tuple(self.form_fields))
