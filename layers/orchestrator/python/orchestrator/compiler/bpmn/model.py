"""The typed process model: what a BPMN file says, free of XML and of vendor dialects.

Readers translate `zeebe`, `camunda`, `flowable`/`activiti`, `spiffworkflow` and jBPM extensions into these
fields, so that no later pass knows a dialect. Expressions stay source text with their language; later
passes parse them. Every element keeps its line. Order of tuples is document order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from orchestrator.compiler.bpmn.decisions.model import DecisionModel

ElementId = NewType("ElementId", str)

#: `SourceExpression.language` of a text that is no expression: a literal string
LITERAL = "literal"
#: `SourceExpression.language` of a text that is the name of a variable, whatever characters it has
VARIABLE = "variable"


class NodeType(StrEnum):
    """Flow node types, by their BPMN element names."""

    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    INTERMEDIATE_CATCH_EVENT = "intermediateCatchEvent"
    INTERMEDIATE_THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    TASK = "task"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    SCRIPT_TASK = "scriptTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    CALL_ACTIVITY = "callActivity"
    SUB_PROCESS = "subProcess"
    TRANSACTION = "transaction"
    AD_HOC_SUB_PROCESS = "adHocSubProcess"
    EXCLUSIVE_GATEWAY = "exclusiveGateway"
    PARALLEL_GATEWAY = "parallelGateway"
    INCLUSIVE_GATEWAY = "inclusiveGateway"
    EVENT_BASED_GATEWAY = "eventBasedGateway"
    COMPLEX_GATEWAY = "complexGateway"


class EventKind(StrEnum):
    """Event definitions (BPMN 10.5.5); an event without one is a none event."""

    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    CONDITIONAL = "conditional"
    COMPENSATION = "compensation"
    CANCEL = "cancel"
    TERMINATE = "terminate"
    LINK = "link"


class TimerKind(StrEnum):
    """The three ways a timer event definition states its time."""

    DATE = "date"
    DURATION = "duration"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class SourceExpression:
    """An expression as written, with the language it declares (None: to be detected from its form).

    `language` is `LITERAL` or `VARIABLE` where the field says that the text is not an expression but a plain
    string (an unmarked input parameter, an ISO 8601 duration) or the name of a variable (a data association).
    """

    text: str
    language: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class VariableMapping:
    """One io mapping: `source` is evaluated and stored under the (dotted) name `target`."""

    source: SourceExpression
    target: str


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """One event definition; only the fields of its kind are set.

    `name` is the message, signal, link or escalation/error name; `code` the error or escalation code
    (None on a catching event: any); `reference` the id of the referenced root element, kept although it
    may dangle. `correlation_key` is the zeebe subscription's key expression. `variable` receives the code
    or payload that is caught (for a conditional event: the variable it watches), `message_variable` an
    error's message.
    """

    kind: EventKind
    name: str | None = None
    code: str | None = None
    reference: str | None = None
    timer_kind: TimerKind | None = None
    expression: SourceExpression | None = None
    correlation_key: SourceExpression | None = None
    activity_ref: ElementId | None = None
    wait_for_completion: bool = True
    variable: str | None = None
    message_variable: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who performs an activity, as modelled: texts may be expressions (`=x`, `${x}`) or literals."""

    assignee: str | None = None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form bound to a task: a key/id/reference, an embedded JSON body, or fields; kept and returned."""

    key: str | None = None
    body: str | None = None
    fields: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """Multi-instance loop characteristics (BPMN 13.3.7)."""

    sequential: bool
    cardinality: SourceExpression | None = None
    collection: SourceExpression | None = None
    input_element: str | None = None
    output_collection: str | None = None
    output_element: SourceExpression | None = None
    completion_condition: SourceExpression | None = None


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """Standard loop characteristics: `test_before` decides before each round, `maximum` bounds them."""

    condition: SourceExpression | None
    test_before: bool = False
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """What a call activity or business rule task calls: a process or decision, and how variables travel."""

    called_element: str | None = None
    binding: str | None = None
    version: str | None = None
    business_key: SourceExpression | None = None
    propagate_all_inputs: bool = True
    propagate_all_outputs: bool = True
    decision: str | None = None
    #: Camunda's `mapDecisionResult`
    decision_result: str | None = None
    result_variable: str | None = None


@dataclass(frozen=True, slots=True)
class Execution:
    """Everything a performer needs to know about an activity, gathered from the dialects.

    `task_type` is the job type, external task topic or service name; `implementation` keeps what else the
    file names (Java class, delegate expression, connector) for diagnostics. `headers` are static key/value
    pairs handed to the performer. `decision` is what the file carries of the decision that `call` names.
    `listeners` are the listeners that carry logic we do not run.
    """

    task_type: str | None = None
    implementation: str | None = None
    script: SourceExpression | None = None
    script_format: str | None = None
    result_variable: str | None = None
    inputs: tuple[VariableMapping, ...] = ()
    outputs: tuple[VariableMapping, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    retries: SourceExpression | None = None
    retry_backoff: SourceExpression | None = None
    due_date: SourceExpression | None = None
    follow_up_date: SourceExpression | None = None
    priority: SourceExpression | None = None
    assignment: Assignment = field(default_factory=Assignment)
    form: Form | None = None
    call: Call | None = None
    decision: DecisionModel | None = None
    message_name: str | None = None
    correlation_key: SourceExpression | None = None
    timeout: SourceExpression | None = None
    capabilities: tuple[str, ...] = ()
    listeners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """A sequence flow; `id` is the file's, or generated from its ends where the file has none."""

    id: ElementId
    source: ElementId
    target: ElementId
    condition: SourceExpression | None = None
    name: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A flow node. Fields that do not apply to its type are empty."""

    id: ElementId
    type: NodeType
    name: str | None = None
    documentation: str | None = None
    line: int | None = None
    lane: str | None = None
    # gateways and activities
    default_flow: ElementId | None = None
    instantiate: bool = False
    gateway_direction: str | None = None
    # events
    events: tuple[EventDefinition, ...] = ()
    parallel_multiple: bool = False
    attached_to: ElementId | None = None
    interrupting: bool = True
    # activities
    execution: Execution = field(default_factory=Execution)
    multi_instance: MultiInstance | None = None
    loop: StandardLoop | None = None
    for_compensation: bool = False
    # sub-processes
    scope: "Scope | None" = None
    triggered_by_event: bool = False
    ordering: str | None = None
    completion_condition: SourceExpression | None = None
    cancel_remaining: bool = True
    #: ids of the activities that an ad-hoc sub-process starts with (None: none of its own accord)
    active_elements: SourceExpression | None = None
    #: what each of them adds to a list in the end
    output_collection: str | None = None
    output_element: SourceExpression | None = None


@dataclass(frozen=True, slots=True)
class DataObject:
    """A data object or property: a process variable, with its initial value where the file gives one."""

    id: ElementId
    name: str | None = None
    initial: SourceExpression | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The contents of a process or sub-process: nodes (boundary events and event sub-processes included)."""

    id: ElementId
    nodes: tuple[FlowNode, ...] = ()
    flows: tuple[SequenceFlow, ...] = ()
    data_objects: tuple[DataObject, ...] = ()
    #: compensation associations: boundary event id -> handler activity id
    compensation_handlers: Mapping[ElementId, ElementId] = field(default_factory=dict[ElementId, ElementId])

    def walk(self) -> Iterator[FlowNode]:
        """Yield every flow node of this scope and of the scopes inside, in document order."""
        for node in self.nodes:
            yield node
            if node.scope is not None:
                yield from node.scope.walk()


@dataclass(frozen=True, slots=True)
class MessageFlow:
    """A message flow of a collaboration, between flow nodes or participants."""

    id: ElementId
    source: ElementId
    target: ElementId
    message: str | None = None


@dataclass(frozen=True, slots=True)
class ProcessModel:
    """One process. `executable` is None where the file does not say (absent is not false).

    `dialect` is `native`, `zeebe`, `camunda`, `flowable`, `activiti`, `spiffworkflow`, `jbpm` or `omg`.
    """

    id: ElementId
    name: str | None
    scope: Scope
    executable: bool | None = None
    dialect: str = "omg"
    documentation: str | None = None
    version_tag: str | None = None
    candidate_starters: tuple[str, ...] = ()
    #: variable that receives the id of the user who starts an instance
    initiator: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class RootElement:
    """A message, signal, error or escalation of the file (`kind`), which events refer to."""

    kind: EventKind
    id: ElementId
    name: str | None = None
    code: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A BPMN file: its processes in document order and what joins them."""

    processes: tuple[ProcessModel, ...]
    message_flows: tuple[MessageFlow, ...] = ()
    participants: Mapping[ElementId, ElementId] = field(default_factory=dict[ElementId, ElementId])
    roots: tuple[RootElement, ...] = ()
    #: form id -> JSON text of the forms that the file carries
    forms: Mapping[str, str] = field(default_factory=dict[str, str])
