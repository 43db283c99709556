"""Requests and answers of the API (generated from its OpenAPI document: `make docs`)."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, Required, TypeAlias, TypedDict


class ActivateActivities(TypedDict, total=False):
    """POST /workflow-instances/{id}/ad-hoc-activities/{element_id}/activate."""

    elements: Required[list[ChosenActivity]]
    cancel_remaining: NotRequired[bool]
    scope: NotRequired[str | None]


class ActiveInstance(TypedDict, total=False):
    """One instance; `running_time` in seconds since its start."""

    id: Required[str]
    workflow_definition_id: Required[str]
    definition_version: Required[str]
    instance_name: Required[str]
    status: Required[InstanceStatus]
    priority: Required[Priority]
    created_at: Required[str]
    started_at: Required[str | None]
    running_time: Required[float | None]
    progress: Required[ActiveProgress]
    failure_reason: Required[str | None]


class ActiveInstances(TypedDict, total=False):
    """The newest active instances."""

    timestamp: Required[str]
    active_workflows: Required[list[ActiveInstance]]
    summary: Required[ActiveSummary]


class ActiveProgress(TypedDict, total=False):
    """Tasks of an instance by how far they are."""

    total_tasks: Required[int]
    completed_tasks: Required[int]
    failed_tasks: Required[int]
    running_tasks: Required[int]
    pending_tasks: Required[int]
    progress_percentage: Required[float]


class ActiveSummary(TypedDict, total=False):
    """How many instances are active, and how many of them are shown."""

    total: Required[int]
    shown: Required[int]
    by_status: Required[dict[str, int]]
    total_is_exact: Required[bool]


class AdHocActivity(TypedDict, total=False):
    """An activity that can be begun, and how often it was; what was cancelled is neither running nor completed."""

    element_id: Required[str]
    element_name: Required[str | None]
    element_type: Required[str]
    begun: Required[int]
    running: Required[int]
    completed: Required[int]


class AdHocSubProcess(TypedDict, total=False):
    """An ad-hoc sub-process as it stands. `scope` tells apart those of one id. It ends by itself when the
    condition is true after an activity has ended (null: by the command only); `cancel_remaining` tells whether
    that ends the activities that still run.
    """

    element_id: Required[str]
    element_name: Required[str | None]
    scope: Required[str]
    since: Required[str]
    accepts_activities: Required[bool]
    ordering: Required[Literal["parallel", "sequential"]]
    completion_condition: Required[str | None]
    cancel_remaining: Required[bool]
    activities: Required[list[AdHocActivity]]


class AdHocSubProcesses(TypedDict, total=False):
    """The open ad-hoc sub-processes of an instance, oldest first."""

    workflow_instance_id: Required[str]
    ad_hoc_sub_processes: Required[list[AdHocSubProcess]]


class AddLog(TypedDict, total=False):
    """POST /tasks/{id}/logs: one line. `details` have at most 1 KiB."""

    level: NotRequired[Literal["debug", "info", "warning", "error"]]
    message: Required[str]
    details: NotRequired[dict[str, Any]]


class AgentExpertise(TypedDict, total=False):
    """What an agent knows."""

    domains: Required[list[str]]
    experience_level: Required[str | None]
    certifications: Required[list[str]]


class AgentHours(TypedDict, total=False):
    """A shift in local time, and the weekdays on which it begins."""

    timezone: Required[str]
    schedule: Required[str]
    days: Required[list[Weekday]]


class AgentList(TypedDict, total=False):
    """`GET /resources/agents`."""

    agents: Required[list[AgentView]]
    summary: Required[AgentSummary]


AgentStatus: TypeAlias = Literal["available", "busy", "offline"]


class AgentSummary(TypedDict, total=False):
    """All registered agents, whatever the filters."""

    total_agents: Required[int]
    available_agents: Required[int]
    busy_agents: Required[int]
    offline_agents: Required[int]
    by_type: Required[dict[str, int]]


AgentType: TypeAlias = Literal["human", "ai", "service"]


class AgentView(TypedDict, total=False):
    """One agent; `status` is how it stands now, `reported_status` what it says."""

    agent_id: Required[str]
    agent_type: Required[AgentType]
    name: Required[str]
    status: Required[AgentStatus]
    reported_status: Required[AgentStatus]
    capabilities: Required[list[str]]
    groups: Required[list[str]]
    max_concurrent_tasks: Required[int]
    current_workload: Required[CurrentWorkload]
    expertise: Required[AgentExpertise]
    availability: Required[Availability]
    fallback_agents: Required[list[str]]
    heartbeat_seconds: Required[int | None]
    last_heartbeat_at: Required[str | None]
    registered_at: Required[str]
    updated_at: Required[str]


class AllocationList(TypedDict, total=False):
    """`GET /resources/allocation`: the most specific first."""

    allocations: Required[list[AllocationView]]
    summary: Required[AllocationSummary]


AllocationStatus: TypeAlias = Literal["pending", "active"]


class AllocationSummary(TypedDict, total=False):
    """All allocations; `unreserved_workflows` are the slots that everybody may take."""

    total_allocations: Required[int]
    max_concurrent_workflows: Required[int]
    reserved_workflows: Required[int]
    unreserved_workflows: Required[int]


class AllocationView(TypedDict, total=False):
    """One allocation: slots it holds of those reserved, and instances that run in them."""

    allocation_id: Required[str]
    resource_type: Required[Beneficiary]
    resource_id: Required[str]
    status: Required[AllocationStatus]
    reserved_workflows: Required[int]
    held_workflows: Required[int]
    current_workflows: Required[int]
    reason: Required[str | None]
    created_at: Required[str]
    created_by: Required[str]
    expires_at: Required[str | None]


class AnalysisPeriod(TypedDict, total=False):
    """Whole days of UTC, the last one until now."""

    start: Required[str]
    end: Required[str]
    period: Required[Period]


class AnswerCall(TypedDict, total=False):
    """POST /tasks/{id}/callback/{token}: the result, or with an `error_message` what went wrong."""

    result_data: NotRequired[dict[str, Any]]
    error_code: NotRequired[str]
    error_message: NotRequired[str | None]
    error_type: NotRequired[Literal["technical", "bpmn_error"]]
    error_details: NotRequired[dict[str, Any]]
    retryable: NotRequired[bool]
    variables: NotRequired[dict[str, Any]]


class AssignedTo(TypedDict, total=False):
    """Who performs a task: an agent by id, or a service by name and endpoint."""

    agent_type: Required[AgentType]
    agent_id: NotRequired[str | None]
    service_name: NotRequired[str | None]
    endpoint: NotRequired[str | None]


AssignmentMethod: TypeAlias = Literal[
    "automatic", "initial_assignment", "capability_match", "fallback", "self_assignment", "manual_reassignment"
]


class AssignmentReport(TypedDict, total=False):
    """Tasks that name nobody, and assignments to agents that are not registered."""

    validated: Required[bool]
    unassigned_tasks: Required[list[str]]
    invalid_assignments: Required[list[dict[str, Any]]]


AuthType: TypeAlias = Literal["bearer_token", "basic", "api_key", "hmac", "none"]


class Availability(TypedDict, total=False):
    """When it can take a task (null: unknown), and its working hours (null: always)."""

    next_available: Required[str | None]
    working_hours: Required[AgentHours | None]


BackoffStrategy: TypeAlias = Literal["fixed", "linear", "exponential", "fibonacci"]


class BatchCancel(TypedDict, total=False):
    """POST /execution/batch-cancel: by ids, by batch, or by filter."""

    workflow_instance_ids: NotRequired[list[str] | None]
    batch_id: NotRequired[str | None]
    filter: NotRequired[CancelFilter | None]
    reason: NotRequired[str | None]


class BatchCancelled(TypedDict, total=False):
    """The outcome per instance; pending ones are cancelled within moments, after this answer."""

    cancelled_workflows: Required[list[CancelledWorkflow]]
    failed_cancellations: Required[list[FailedItem]]
    pending_cancellations: Required[list[str]]
    execution_summary: Required[CancelSummary]


class BatchCounts(TypedDict, total=False):
    """Instances of the batch by status."""

    total_requested: Required[int]
    successfully_started: Required[int]
    failed_to_start: Required[int]
    by_status: Required[dict[str, int]]
    estimated_completion: Required[str | None]


class BatchDetail(TypedDict, total=False):
    """A batch: `active` as long as something of it is queued, running or paused."""

    batch_id: Required[str]
    status: Required[str]
    cancelled_at: Required[str | None]
    created_at: Required[str]
    created_by: Required[str]
    priority: Required[Priority | None]
    max_concurrent: Required[int | None]
    failed_starts: Required[list[RefusedStart]]
    execution_summary: Required[BatchCounts]


class BatchStart(TypedDict, total=False):
    """POST /execution/batch-start. Each workflow is a creation of an instance; one that is malformed fails alone."""

    workflows: Required[list[Any]]
    execution_options: NotRequired[ExecutionOptions]


class BatchStarted(TypedDict, total=False):
    """The outcome per workflow, in the order of the request."""

    batch_id: Required[str]
    started_workflows: Required[list[StartedWorkflow]]
    failed_starts: Required[list[FailedStart]]
    execution_summary: Required[BatchSummary]


class BatchSummary(TypedDict, total=False):
    """Counts of the request; the estimate is null until durations have been measured."""

    total_requested: Required[int]
    successfully_started: Required[int]
    failed_to_start: Required[int]
    queued: NotRequired[int | None]
    estimated_completion: Required[str | None]


Beneficiary: TypeAlias = Literal["workflow_definition", "service", "project"]


class Bottlenecks(TypedDict, total=False):
    """Where time is lost."""

    slowest_tasks: Required[list[SlowTask]]
    resource_constraints: Required[list[Constraint]]


class CancelFilter(TypedDict, total=False):
    """Instances that have not ended and match all that is given."""

    status: NotRequired[Literal["created", "queued", "running", "paused", "failed"] | None]
    workflow_definition_id: NotRequired[str | None]
    priority: NotRequired[Literal["low", "medium", "high", "critical"] | None]
    project_id: NotRequired[str | None]
    created_by: NotRequired[str | None]
    business_key: NotRequired[str | None]
    batch_id: NotRequired[str | None]
    created_after: NotRequired[str | None]
    created_before: NotRequired[str | None]


class CancelSummary(TypedDict, total=False):
    """Counts; `has_more`: more instances matched than one call concerns, so call again."""

    total_requested: Required[int]
    successfully_cancelled: Required[int]
    failed_to_cancel: Required[int]
    pending: Required[int]
    has_more: Required[bool]


class CancelTask(TypedDict, total=False):
    """POST /tasks/{id}/cancel."""

    reason: NotRequired[str]


class CancellationOfInstance(TypedDict, total=False):
    """Who asked for the end of an instance whose completed work is compensated first."""

    requested_at: Required[str]
    requested_by: Required[str]
    reason: Required[str | None]


class CancelledWorkflow(TypedDict, total=False):
    """A cancelled instance."""

    instance_id: Required[str]
    instance_name: Required[str]
    status: Required[InstanceStatus]
    previous_status: Required[InstanceStatus]
    cancelled_at: Required[str | None]


class Capacity(TypedDict, total=False):
    """`GET /resources/capacity`."""

    overall_capacity: Required[OverallCapacity]
    resource_limits: Required[ResourceLimits]
    current_usage: Required[CurrentUsage]
    service_capacity: Required[list[ServiceCapacity]]
    scaling_recommendations: Required[list[ScalingRecommendation]]


class ChangeClaim(TypedDict, total=False):
    """PUT /tasks/claim: locked for `lock_duration` seconds from now; 0 gives the task back."""

    worker_id: Required[str]
    task_id: Required[str]
    lock_duration: Required[int]


class Checks(TypedDict, total=False):
    """All parts; services are those that are registered or worked in the last hour, None where nobody may see
    them.
    """

    database: Required[PartCheck]
    event_manager: Required[PartCheck]
    workflow_engine: Required[EngineCheck]
    external_services: Required[dict[str, ServiceCheck] | None]


class ChosenActivity(TypedDict, total=False):
    """An activity to begin; only it sees the variables."""

    element_id: Required[str]
    variables: NotRequired[dict[str, Any]]


class CircuitBreaker(TypedDict, total=False):
    """Failures in a row, and until when (null: it is closed) nothing is sent."""

    failures: Required[int]
    open_until: Required[str | None]


class ClaimTasks(TypedDict, total=False):
    """POST /tasks/claim: tasks of the services `topics`, locked for `lock_duration` seconds. Without any the
    answer comes when there is one, after `timeout` seconds at the latest.
    """

    worker_id: Required[str]
    topics: Required[list[str]]
    max_tasks: NotRequired[int]
    lock_duration: NotRequired[int]
    timeout: NotRequired[int]


class ClaimedTask(TypedDict, total=False):
    """A task as its worker gets it."""

    id: Required[str]
    workflow_instance_id: Required[str]
    workflow_definition_id: Required[str]
    name: Required[str]
    description: Required[str | None]
    type: Required[str]
    element_id: Required[str]
    status: Required[TaskStatus]
    priority: Required[Priority]
    created_at: Required[str]
    started_at: Required[str | None]
    completed_at: Required[str | None]
    due_date: Required[str | None]
    candidate_users: Required[list[str]]
    candidate_groups: Required[list[str]]
    assignment: Required[TaskAssignment | None]
    input_data: Required[dict[str, Any]]
    retry_policy: Required[TaskRetry]
    correlation_id: Required[str | None]
    lock: Required[LockOfTask | None]


class ClaimedTasks(TypedDict, total=False):
    """What a worker has now, the most urgent first; none: there was nothing to do."""

    tasks: Required[list[ClaimedTask]]


class CodeFailures(TypedDict, total=False):
    """One error code. `affected_instances` counts all, `recent_instances` names some, the newest first."""

    error_code: Required[str]
    count: Required[int]
    percentage: Required[float | None]
    first_seen: Required[str]
    last_seen: Required[str]
    affected_instances: Required[int]
    recent_instances: Required[list[str]]
    suggested_actions: Required[list[str]]


class CompleteAdHoc(TypedDict, total=False):
    """POST /workflow-instances/{id}/ad-hoc-activities/{element_id}/complete."""

    cancel_remaining: NotRequired[bool]
    scope: NotRequired[str | None]


class CompleteTask(TypedDict, total=False):
    """POST /tasks/{id}/complete. A task that a worker has claimed is completed under its `worker_id`."""

    worker_id: NotRequired[str | None]
    result_data: NotRequired[dict[str, Any]]
    completion_notes: NotRequired[str | None]
    next_actions: NotRequired[list[NextAction]]


class Constraint(TypedDict, total=False):
    """A performer that holds work up."""

    resource: Required[str]
    resource_type: Required[str]
    constraint_type: Required[str]
    impact: Required[Impact]
    recommendation: Required[str]
    figures: Required[dict[str, float]]


class Cost(TypedDict, total=False):
    """What Step Functions bills for a thousand such instances."""

    fewest: Required[float]
    most: Required[float | None]


class CreateDefinition(TypedDict, total=False):
    """POST /workflow-definitions; `process_id` names the process of a file that has several."""

    name: Required[str]
    description: NotRequired[str | None]
    version: NotRequired[str]
    bpmn_content: Required[str]
    bpmn_format: NotRequired[Literal["xml"]]
    process_id: NotRequired[str | None]
    metadata: NotRequired[Metadata]


class CreateInstance(TypedDict, total=False):
    """POST /workflow-instances."""

    workflow_definition_id: Required[str]
    instance_name: NotRequired[str | None]
    input_variables: NotRequired[dict[str, Any]]
    execution_context: NotRequired[ExecutionContext]
    configuration: NotRequired[RunConfiguration]
    priority: NotRequired[Literal["low", "medium", "high", "critical"] | None]
    business_key: NotRequired[str | None]


class CurrentAssignment(TypedDict, total=False):
    """Who has the task."""

    agent_type: Required[AgentType]
    agent_id: NotRequired[str | None]
    service_name: NotRequired[str | None]
    endpoint: NotRequired[str | None]
    assigned_at: Required[str]
    assignment_method: Required[AssignmentMethod]


class CurrentLoad(TypedDict, total=False):
    """Requests on their way, tasks it works on (also those it has accepted), tasks that wait; requests in percent."""

    current_requests: Required[int]
    active_tasks: Required[int]
    queue_length: Required[int]
    utilization_percentage: Required[float]


class CurrentTask(TypedDict, total=False):
    """An open task of an instance; an estimate exists where the model sets a deadline or a due date."""

    id: Required[str]
    name: Required[str]
    type: Required[str]
    status: Required[TaskStatus]
    element_id: Required[str]
    assigned_to: Required[AssignedTo | None]
    candidate_groups: Required[list[str]]
    started_at: Required[str | None]
    created_at: Required[str]
    estimated_completion: Required[str | None]


class CurrentUsage(TypedDict, total=False):
    """CPU and memory: means of our functions in the last hour; storage: the table. None: not measured."""

    cpu_cores_used: Required[float | None]
    memory_gb_used: Required[float | None]
    storage_gb_used: Required[float | None]
    network_bandwidth_used: Required[float | None]


class CurrentWorkload(TypedDict, total=False):
    """Running tasks, tasks that wait for the performer, and both in percent of its capacity."""

    active_tasks: Required[int]
    queue_length: Required[int]
    utilization_percentage: Required[float]


class DatabaseNumbers(TypedDict, total=False):
    """Calls of the table in the last hour; it has no connections to count."""

    connections_active: Required[int | None]
    connections_idle: Required[int | None]
    query_duration_p95_ms: Required[float | None]
    slow_queries_count: Required[int]


class DayFailures(TypedDict, total=False):
    """One day of UTC."""

    timestamp: Required[str]
    failures: Required[int]


class DefinitionDetail(TypedDict, total=False):
    """A definition with what the last compilation found; `process_id` as it was asked for, null where it was not."""

    id: Required[str]
    name: Required[str]
    description: Required[str | None]
    version: Required[str]
    status: Required[DefinitionStatus]
    created_at: Required[str]
    updated_at: Required[str]
    created_by: Required[str]
    metadata: Required[Metadata]
    published_version: Required[str | None]
    published_at: Required[str | None]
    process_id: Required[str | None]
    state_machine_arn: Required[str | None]
    validation_result: Required[Findings | None]


class DefinitionPage(TypedDict, total=False):
    """One page of definitions, newest first."""

    workflow_definitions: Required[list[DefinitionSummary]]
    pagination: Required[Pagination]


class DefinitionShare(TypedDict, total=False):
    """Tasks of one definition."""

    workflow_definition_id: Required[str]
    count: Required[int]
    percentage: Required[float | None]


DefinitionStatus: TypeAlias = Literal["draft", "validated", "published", "deprecated", "archived"]


class DefinitionSummary(TypedDict, total=False):
    """A definition as lists show it; `version` is the current one, `published_version` the one that instances use."""

    id: Required[str]
    name: Required[str]
    description: Required[str | None]
    version: Required[str]
    status: Required[DefinitionStatus]
    created_at: Required[str]
    updated_at: Required[str]
    created_by: Required[str]
    metadata: Required[Metadata]
    published_version: Required[str | None]
    published_at: Required[str | None]


class DefinitionWithContent(TypedDict, total=False):
    """A definition with its BPMN XML."""

    id: Required[str]
    name: Required[str]
    description: Required[str | None]
    version: Required[str]
    status: Required[DefinitionStatus]
    created_at: Required[str]
    updated_at: Required[str]
    created_by: Required[str]
    metadata: Required[Metadata]
    published_version: Required[str | None]
    published_at: Required[str | None]
    process_id: Required[str | None]
    state_machine_arn: Required[str | None]
    validation_result: Required[Findings | None]
    bpmn_content: Required[str]
    bpmn_format: Required[str]


Delivery: TypeAlias = Literal["http", "sqs", "claim"]


class DeliveryAttempt(TypedDict, total=False):
    """One request to the receiver."""

    number: Required[int]
    at: Required[str]
    url: Required[str]
    duration_ms: Required[float]
    response: Required[ReceiverAnswer | None]
    error: Required[str | None]
    error_detail: Required[str | None]


class DeliveryDetail(TypedDict, total=False):
    """A delivery with the body of its requests."""

    webhook_id: Required[str]
    event_id: Required[str]
    event_type: Required[str]
    status: Required[DeliveryStatus]
    error: Required[str | None]
    created_at: Required[str]
    concluded_at: Required[str | None]
    next_attempt_at: Required[str | None]
    attempt_count: Required[int]
    round: Required[int]
    attempts: Required[list[DeliveryAttempt]]
    request_body: Required[Any]


class DeliveryPage(TypedDict, total=False):
    """One page of deliveries, newest first."""

    deliveries: Required[list[DeliverySummary]]
    pagination: Required[Pagination]


class DeliveryStats(TypedDict, total=False):
    """Deliveries so far; one delivery may take several attempts."""

    total_deliveries: Required[int]
    successful_deliveries: Required[int]
    failed_deliveries: Required[int]
    success_rate: Required[float]
    total_attempts: Required[int]


DeliveryStatus: TypeAlias = Literal["pending", "retrying", "held", "delivered", "failed"]


class DeliverySummary(TypedDict, total=False):
    """One event on its way to one webhook."""

    webhook_id: Required[str]
    event_id: Required[str]
    event_type: Required[str]
    status: Required[DeliveryStatus]
    error: Required[str | None]
    created_at: Required[str]
    concluded_at: Required[str | None]
    next_attempt_at: Required[str | None]
    attempt_count: Required[int]
    round: Required[int]
    attempts: Required[list[DeliveryAttempt]]


class EngineCheck(TypedDict, total=False):
    """The workflow engine; counts are None where nobody may see them."""

    status: Required[Status]
    response_time_ms: Required[float | None]
    active_workflows: Required[int | None]
    queue_length: Required[int | None]
    details: Required[str]


class ErrorBody(TypedDict, total=False):
    """The body of every answer from 400 on."""

    error: Required[ErrorContent]


class ErrorContent(TypedDict, total=False):
    """A stable code, words for people, and details for programs."""

    code: Required[str]
    message: Required[str]
    details: NotRequired[ErrorDetails | None]


class ErrorDetails(TypedDict, total=False):
    """Depends on the code: each names what a program needs to react."""


class ErrorOfInstance(TypedDict, total=False):
    """The error that ended an instance."""

    error_code: Required[str]
    message: Required[str]


class ErrorOfTask(TypedDict, total=False):
    """Why a task failed."""

    error_code: Required[str]
    message: Required[str]


class EscalateTask(TypedDict, total=False):
    """POST /tasks/{id}/escalate. The `variables` go to the handler that catches the code."""

    worker_id: NotRequired[str | None]
    escalation_code: Required[str]
    variables: NotRequired[dict[str, Any]]


class EstimateReport(TypedDict, total=False):
    """What instances cost on Step Functions, without what other services bill."""

    state_transitions: Required[TransitionCount]
    usd_per_1000_instances: Required[Cost]
    usd_per_million_transitions: Required[int]


class EvaluateConditions(TypedDict, total=False):
    """POST /conditions."""

    variables: Required[dict[str, Any]]
    workflow_definition_id: NotRequired[str | None]
    business_key: NotRequired[str | None]
    project_id: NotRequired[str | None]


class EvaluatedConditions(TypedDict, total=False):
    """The instances that conditions have started."""

    received_by: Required[list[Receiver]]


class EventFilters(TypedDict, total=False):
    """Which events of the chosen types; an empty list lets all pass. `recipients`: only notifications of these."""

    project_ids: NotRequired[list[str]]
    workflow_definition_ids: NotRequired[list[str]]
    priority_levels: NotRequired[list[Literal["low", "medium", "high", "critical"]]]
    recipients: NotRequired[list[str]]


class EventItem(TypedDict, total=False):
    """One event of the log; `sequence` orders the events of one instance or definition."""

    id: Required[str]
    workflow_instance_id: Required[str | None]
    workflow_definition_id: Required[str | None]
    event_type: Required[EventType]
    timestamp: Required[str]
    sequence: Required[int]
    source: Required[EventSource]
    data: Required[dict[str, Any]]
    correlation_id: Required[str | None]
    metadata: Required[EventMetadata]


class EventMetadata(TypedDict, total=False):
    """Whom the instance runs for."""

    user_id: Required[str | None]
    project_id: Required[str | None]


class EventPage(TypedDict, total=False):
    """One page of events, newest first."""

    events: Required[list[EventItem]]
    pagination: Required[Pagination]


class EventSource(TypedDict, total=False):
    """Where an event comes from: the task and BPMN element it is about, and who acted."""

    component: Required[str]
    task_id: Required[str | None]
    element_id: Required[str | None]
    element_type: Required[str | None]
    actor: Required[str | None]


EventType: TypeAlias = Literal[
    "definition_created",
    "definition_updated",
    "definition_validated",
    "definition_published",
    "definition_deprecated",
    "definition_archived",
    "definition_deleted",
    "workflow_created",
    "workflow_queued",
    "workflow_started",
    "workflow_paused",
    "workflow_resumed",
    "workflow_completed",
    "workflow_failed",
    "workflow_cancelling",
    "workflow_cancelled",
    "workflow_terminated",
    "workflow_rebuilt",
    "workflow_priority_changed",
    "task_created",
    "task_assigned",
    "task_started",
    "task_completed",
    "task_failed",
    "task_retried",
    "task_cancelled",
    "task_reassigned",
    "element_completed",
    "timer_triggered",
    "message_received",
    "signal_received",
    "condition_met",
    "message_sent",
    "message_expired",
    "signal_sent",
    "error_occurred",
    "escalation_triggered",
    "ad_hoc_activity_begun",
    "ad_hoc_completed",
    "compensation_triggered",
    "webhook_registered",
    "webhook_updated",
    "webhook_paused",
    "webhook_resumed",
    "webhook_disabled",
    "webhook_removed",
    "webhook_secret_rotated",
    "agent_registered",
    "agent_updated",
    "agent_status_changed",
    "agent_removed",
    "service_registered",
    "service_updated",
    "service_removed",
    "allocation_set",
    "allocation_released",
    "command_rejected",
]


class ExecutionContext(TypedDict, total=False):
    """Whom an instance runs for."""

    project_id: NotRequired[str | None]
    user_id: NotRequired[str | None]
    team_id: NotRequired[str | None]
    environment: NotRequired[str | None]


class ExecutionOptions(TypedDict, total=False):
    """How a batch runs: at most `max_concurrent` of it at a time; without `parallel_execution`, one after another."""

    parallel_execution: NotRequired[bool]
    max_concurrent: NotRequired[int | None]
    priority: NotRequired[Literal["low", "medium", "high", "critical"] | None]
    batch_id: NotRequired[str | None]


class FailTask(TypedDict, total=False):
    """POST /tasks/{id}/fail. A `bpmn_error` goes to the boundary event or event sub-process that catches its code."""

    worker_id: NotRequired[str | None]
    error_code: NotRequired[str]
    error_message: Required[str]
    error_type: NotRequired[Literal["technical", "bpmn_error"]]
    error_details: NotRequired[dict[str, Any]]
    retryable: NotRequired[bool]
    variables: NotRequired[dict[str, Any]]


class FailedItem(TypedDict, total=False):
    """An instance that was left as it was."""

    instance_id: Required[str]
    error: Required[ItemError]


class FailedStart(TypedDict, total=False):
    """A workflow that was not started; `index` is its place in the request, counted from 0."""

    index: Required[int]
    workflow_definition_id: Required[str | None]
    instance_name: Required[str | None]
    error: Required[ItemError]


class FailureAnalysis(TypedDict, total=False):
    """`GET /analytics/failure-analysis`."""

    workflow_definition_id: Required[str | None]
    analysis_period: Required[AnalysisPeriod]
    summary: Required[FailureSummary]
    by_error_code: Required[list[CodeFailures]]
    by_task: Required[list[TaskFailures]]
    by_service: Required[list[PerformerFailures]]
    by_agent: Required[list[PerformerFailures]]
    failure_trends: Required[list[DayFailures]]
    patterns: Required[list[Pattern]]
    analysis_is_complete: Required[bool]


class FailureSummary(TypedDict, total=False):
    """`failure_rate` is of tasks, `workflow_failure_rate` of workflows that ended, both in percent."""

    total_failures: Required[int]
    failed_tasks: Required[int]
    failed_workflows: Required[int]
    affected_instances: Required[int]
    failure_rate: Required[float | None]
    workflow_failure_rate: Required[float | None]


class Finding(TypedDict, total=False):
    """One finding about a BPMN model: where (element, line of the XML) and what."""

    code: Required[str]
    message: Required[str]
    element_id: Required[str | None]
    severity: Required[Severity]
    line: Required[int | None]


class Findings(TypedDict, total=False):
    """What the last compilation found."""

    is_valid: Required[bool]
    warnings: Required[list[Finding]]
    errors: Required[list[Finding]]


class FunctionUsage(TypedDict, total=False):
    """One function; the duration of an invocation in milliseconds."""

    function: Required[str]
    invocations: Required[int]
    requests: Required[int]
    errors: Required[int]
    average_duration_ms: Required[float | None]
    cpu_usage: Required[float | None]
    memory_usage: Required[float | None]


Granularity: TypeAlias = Literal["minute", "hour", "day"]


class Health(TypedDict, total=False):
    """`GET /health`; `uptime` is that of the answering process, in seconds. None: not told, or not known."""

    status: Required[Status]
    timestamp: Required[str]
    version: Required[str]
    checks: Required[Checks]
    uptime: Required[int | None]
    metrics: Required[RecentRequests | None]


class Heartbeat(TypedDict, total=False):
    """POST /resources/agents/{id}/heartbeat: null leaves the status, but brings an agent back from offline."""

    status: NotRequired[Literal["available", "busy", "offline"] | None]


class HistoryEntry(TypedDict, total=False):
    """One event; `actor` is who did it, null for the engine itself. `element_id` is the id in the BPMN model."""

    id: Required[str]
    sequence: Required[int]
    timestamp: Required[str]
    event_type: Required[EventType]
    element_id: Required[str | None]
    element_type: Required[str | None]
    element_name: Required[str | None]
    task_id: Required[str | None]
    actor: Required[str | None]
    data: Required[dict[str, Any]]


class Hours(TypedDict, total=False):
    """A shift `HH:MM-HH:MM` in local time, and the days on which it begins."""

    timezone: NotRequired[str]
    schedule: NotRequired[str]
    days: NotRequired[list[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]]]


Impact: TypeAlias = Literal["low", "medium", "high"]


class InstanceConfiguration(TypedDict, total=False):
    """How an instance runs."""

    auto_start: Required[bool]
    parallel_execution: Required[bool]
    retry_policy: Required[RetryOfInstance | None]


class InstanceContext(TypedDict, total=False):
    """Whom an instance runs for."""

    project_id: Required[str | None]
    user_id: Required[str | None]
    team_id: Required[str | None]
    environment: Required[str | None]


class InstanceCreated(TypedDict, total=False):
    """A new instance, and its first tasks where it was started at once."""

    failure_reason: NotRequired[str | None]
    failed_task_id: NotRequired[str | None]
    failed_task_name: NotRequired[str | None]
    error_details: NotRequired[ErrorOfInstance | None]
    retry_possible: NotRequired[bool | None]
    cancellation: NotRequired[CancellationOfInstance | None]
    id: Required[str]
    workflow_definition_id: Required[str]
    workflow_definition_version: Required[str]
    instance_name: Required[str]
    status: Required[InstanceStatus]
    priority: Required[Priority]
    business_key: Required[str | None]
    batch_id: Required[str | None]
    created_at: Required[str]
    queued_at: Required[str | None]
    started_at: Required[str | None]
    completed_at: Required[str | None]
    created_by: Required[str]
    execution_context: Required[InstanceContext]
    correlation_id: Required[str]
    parent_instance_id: Required[str | None]
    current_tasks: Required[list[CurrentTask]]


class InstanceDetail(TypedDict, total=False):
    """An instance with variables and open tasks."""

    failure_reason: NotRequired[str | None]
    failed_task_id: NotRequired[str | None]
    failed_task_name: NotRequired[str | None]
    error_details: NotRequired[ErrorOfInstance | None]
    retry_possible: NotRequired[bool | None]
    cancellation: NotRequired[CancellationOfInstance | None]
    id: Required[str]
    workflow_definition_id: Required[str]
    workflow_definition_version: Required[str]
    instance_name: Required[str]
    status: Required[InstanceStatus]
    priority: Required[Priority]
    business_key: Required[str | None]
    batch_id: Required[str | None]
    created_at: Required[str]
    queued_at: Required[str | None]
    started_at: Required[str | None]
    completed_at: Required[str | None]
    created_by: Required[str]
    execution_context: Required[InstanceContext]
    correlation_id: Required[str]
    parent_instance_id: Required[str | None]
    current_tasks: Required[list[CurrentTask]]
    input_variables: Required[dict[str, Any]]
    output_variables: Required[dict[str, Any] | None]
    configuration: Required[InstanceConfiguration]
    notifications: Required[Notifications | dict[str, Any]]


class InstanceHistory(TypedDict, total=False):
    """One page of the history, oldest first."""

    workflow_instance_id: Required[str]
    history: Required[list[HistoryEntry]]
    pagination: Required[Pagination]


class InstanceMetrics(TypedDict, total=False):
    """Durations in seconds."""

    average_task_duration: Required[float | None]
    total_execution_time: Required[float | None]
    resource_utilization: Required[ResourceUtilization]


class InstancePage(TypedDict, total=False):
    """One page of instances, newest first."""

    workflow_instances: Required[list[InstanceSummary]]
    pagination: Required[Pagination]


class InstanceProgress(TypedDict, total=False):
    """How far an instance is; tasks on branches that were not taken count no more once it has ended."""

    total_tasks: Required[int]
    completed_tasks: Required[int]
    failed_tasks: Required[int]
    progress_percentage: Required[float]
    running_tasks: Required[int]
    pending_tasks: Required[int]


class InstanceStarted(TypedDict, total=False):
    """A started instance, or one that is queued; `current_tasks` appeared within a bounded moment."""

    id: Required[str]
    status: Required[InstanceStatus]
    started_at: Required[str | None]
    current_tasks: Required[list[CurrentTask]]
    execution_metrics: Required[StartMetrics]


InstanceStatus: TypeAlias = Literal[
    "created", "queued", "running", "paused", "completed", "failed", "cancelled", "terminated"
]


class InstanceSteered(TypedDict, total=False):
    """An instance after it was steered. `affected_tasks` counts the tasks that were handed out (resume) or
    withdrawn (cancel, terminate) with it.
    """

    id: Required[str]
    status: Required[InstanceStatus]
    previous_status: Required[InstanceStatus]
    reason: Required[str | None]
    started_at: Required[str | None]
    paused_at: Required[str | None]
    completed_at: Required[str | None]
    last_updated: Required[str]
    affected_tasks: Required[int]


class InstanceSummary(TypedDict, total=False):
    """An instance as lists show it."""

    failure_reason: NotRequired[str | None]
    failed_task_id: NotRequired[str | None]
    failed_task_name: NotRequired[str | None]
    error_details: NotRequired[ErrorOfInstance | None]
    retry_possible: NotRequired[bool | None]
    cancellation: NotRequired[CancellationOfInstance | None]
    id: Required[str]
    workflow_definition_id: Required[str]
    workflow_definition_version: Required[str]
    instance_name: Required[str]
    status: Required[InstanceStatus]
    priority: Required[Priority]
    business_key: Required[str | None]
    batch_id: Required[str | None]
    created_at: Required[str]
    queued_at: Required[str | None]
    started_at: Required[str | None]
    completed_at: Required[str | None]
    created_by: Required[str]
    execution_context: Required[InstanceContext]
    correlation_id: Required[str]
    parent_instance_id: Required[str | None]


class ItemError(TypedDict, total=False):
    """Why one of many was refused: a code as in the bodies of errors, and the field at fault where there is one."""

    code: Required[str]
    message: Required[str]
    field: Required[str | None]


class Knowledge(TypedDict, total=False):
    """What an agent knows."""

    domains: NotRequired[list[str]]
    experience_level: NotRequired[str | None]
    certifications: NotRequired[list[str]]


class LineAdded(TypedDict, total=False):
    """A line that the caller added."""

    timestamp: Required[str]
    level: Required[LogLevel]
    message: Required[str]
    details: Required[dict[str, Any]]
    logged_by: Required[str | None]
    task_id: Required[str]


class LockOfTask(TypedDict, total=False):
    """Which worker has a task, and until when nobody else may claim it."""

    worker_id: Required[str]
    locked_until: Required[str]


class LockState(TypedDict, total=False):
    """A task and its lock; null: nobody has it."""

    id: Required[str]
    status: Required[TaskStatus]
    lock: Required[LockOfTask | None]


LogLevel: TypeAlias = Literal["debug", "info", "warning", "error"]


class Metadata(TypedDict, total=False):
    """What a definition says of itself; `estimated_duration` in seconds."""

    category: NotRequired[str | None]
    tags: NotRequired[list[str]]
    complexity_score: NotRequired[float | None]
    estimated_duration: NotRequired[int | None]
    dependencies: NotRequired[list[str]]


class NewAssignment(TypedDict, total=False):
    """Who takes over, and why."""

    agent_id: NotRequired[str | None]
    service_name: NotRequired[str | None]
    agent_type: Required[Literal["human", "ai", "service"]]
    assignment_reason: NotRequired[str | None]
    priority_adjustment: NotRequired[Literal["low", "medium", "high", "critical"] | None]


class NextAction(TypedDict, total=False):
    """A wish of the performer; the model decides what follows."""

    action: Required[str]
    task_id: NotRequired[str | None]


class Nothing(TypedDict, total=False):
    """Actions that take no arguments."""


class NotificationSent(TypedDict, total=False):
    """A notification that is on its way to an active webhook which names the recipient."""

    recipient: Required[str]
    type: Required[NotificationType]
    sent_at: Required[str]


NotificationType: TypeAlias = Literal["task_assigned", "task_unassigned", "workflow_completed", "workflow_failed"]


class Notifications(TypedDict, total=False):
    """Who is told when the instance ends: ids of agents, people or teams, which webhooks name as `recipients`."""

    on_completion: NotRequired[list[str]]
    on_failure: NotRequired[list[str]]


class OpenApi(TypedDict, total=False):
    """An OpenAPI 3.1 document."""

    openapi: Required[str]


class Options(TypedDict, total=False):
    """What a validation looks at."""

    check_service_dependencies: NotRequired[bool]
    validate_agent_assignments: NotRequired[bool]
    check_data_flow: NotRequired[bool]
    strict_mode: NotRequired[bool]


class OverallCapacity(TypedDict, total=False):
    """Slots for workflows: all, those that instances hold, and the rest, reserved ones among them."""

    max_concurrent_workflows: Required[int]
    current_workflows: Required[int]
    available_capacity: Required[int]
    utilization_percentage: Required[float]


class Pagination(TypedDict, total=False):
    """Where a page lies in its list; `total` counts all matches, as far as `total_is_exact` says."""

    total: Required[int]
    limit: Required[int]
    offset: Required[int]
    has_more: Required[bool]
    next_cursor: Required[str | None]
    total_is_exact: Required[bool]


class PartCheck(TypedDict, total=False):
    """One part; `response_time_ms` None: it did not answer."""

    status: Required[Status]
    response_time_ms: Required[float | None]
    details: Required[str]


class Pattern(TypedDict, total=False):
    """What stands out, with its figures."""

    type: Required[str]
    subject: Required[str]
    description: Required[str]
    figures: Required[dict[str, float]]


class Performance(TypedDict, total=False):
    """`GET /monitoring/performance`."""

    time_range: Required[Span]
    workflow_definition_id: Required[str | None]
    workflow_metrics: Required[WorkflowMetrics]
    task_metrics: Required[TaskMetrics]
    resource_metrics: Required[ResourceMetrics]
    performance_trends: Required[list[TrendPoint]]


class PerformanceSummary(TypedDict, total=False):
    """Times in seconds; `fastest` and `slowest` are exact, median and p95 within 1 %."""

    total_executions: Required[int]
    successful_executions: Required[int]
    failed_executions: Required[int]
    success_rate: Required[float | None]
    average_execution_time: Required[float | None]
    median_execution_time: Required[float | None]
    p95_execution_time: Required[float | None]
    fastest_execution: Required[float | None]
    slowest_execution: Required[float | None]


class Performer(TypedDict, total=False):
    """An agent (`agent_id`) or a service (`service_name`)."""

    agent_id: NotRequired[str | None]
    service_name: NotRequired[str | None]
    agent_type: Required[Literal["human", "ai", "service"]]


class PerformerFailures(TypedDict, total=False):
    """One service or agent."""

    name: Required[str]
    agent_type: Required[str]
    count: Required[int]
    percentage: Required[float | None]
    most_common_code: Required[str]
    last_seen: Required[str]


class PerformerLoad(TypedDict, total=False):
    """One agent or service; durations in seconds, utilization in percent of the window."""

    name: Required[str]
    agent_type: Required[str]
    tasks_started: Required[int]
    tasks_completed: Required[int]
    tasks_failed: Required[int]
    average_duration: Required[float | None]
    utilization_percentage: Required[float | None]


class PerformerShare(TypedDict, total=False):
    """Work of one performer (`name` None: of all of the type), in seconds; `percentage` of the executions of all."""

    agent_type: Required[str]
    name: Required[str | None]
    assigned: Required[int]
    completed: Required[int]
    failed: Required[int]
    percentage: Required[float | None]
    average_duration: Required[float | None]
    average_waiting: Required[float | None]


Period: TypeAlias = Literal["week", "month", "quarter"]


class PreviousAssignment(TypedDict, total=False):
    """Who had the task."""

    agent_type: Required[AgentType]
    agent_id: NotRequired[str | None]
    service_name: NotRequired[str | None]
    endpoint: NotRequired[str | None]
    unassigned_at: Required[str]


class PrioritisedWorkflow(TypedDict, total=False):
    """An instance with its priority."""

    instance_id: Required[str]
    instance_name: Required[str]
    status: Required[InstanceStatus]
    previous_status: Required[InstanceStatus]
    previous_priority: Required[Priority]
    priority: Required[Priority]


Priority: TypeAlias = Literal["low", "medium", "high", "critical"]


class PriorityDistribution(TypedDict, total=False):
    """Tasks of one priority; `percentage` of all that were created."""

    priority: Required[str]
    count: Required[int]
    completed: Required[int]
    failed: Required[int]
    percentage: Required[float | None]


class PrioritySet(TypedDict, total=False):
    """The outcome per instance; pending ones are changed within moments, after this answer."""

    priority: Required[Priority]
    batch_id: Required[str | None]
    updated_workflows: Required[list[PrioritisedWorkflow]]
    failed_updates: Required[list[FailedItem]]
    pending_updates: Required[list[str]]
    execution_summary: Required[PrioritySummary]


class PrioritySummary(TypedDict, total=False):
    """Counts as of a cancellation."""

    total_requested: Required[int]
    successfully_updated: Required[int]
    failed_to_update: Required[int]
    pending: Required[int]
    has_more: Required[bool]


class Problem(TypedDict, total=False):
    """The same as problem details (RFC 9457); `type` is `about:blank`, so `title` is the status in words."""

    type: Required[Literal["about:blank"]]
    title: Required[str]
    status: Required[int]
    detail: Required[str]
    code: Required[str]
    details: NotRequired[ErrorDetails | None]


class PublishDefinition(TypedDict, total=False):
    """POST /workflow-definitions/{id}/publish: nothing to say."""


class PublishMessage(TypedDict, total=False):
    """POST /messages. `time_to_live` in seconds; 0: for those who wait now, or nobody."""

    name: Required[str]
    correlation_key: NotRequired[str | int | None]
    variables: NotRequired[dict[str, Any]]
    time_to_live: NotRequired[int]
    message_id: NotRequired[str | None]
    project_id: NotRequired[str | None]


class PublishSignal(TypedDict, total=False):
    """POST /signals."""

    name: Required[str]
    variables: NotRequired[dict[str, Any]]
    project_id: NotRequired[str | None]


class PublishedMessage(TypedDict, total=False):
    """A message: who has received it with this request, and until when it is kept for others."""

    id: Required[str]
    name: Required[str]
    correlation_key: Required[str | None]
    message_id: Required[str | None]
    published_at: Required[str]
    expires_at: Required[str]
    is_duplicate: Required[bool]
    received_by: Required[list[Receiver]]


class PublishedSignal(TypedDict, total=False):
    """A signal: who has received it."""

    name: Required[str]
    received_by: Required[list[Receiver]]


class QueueNumbers(TypedDict, total=False):
    """Tasks that nobody works on yet; critical ones count as high."""

    total_queued_tasks: Required[int]
    high_priority_tasks: Required[int]
    medium_priority_tasks: Required[int]
    low_priority_tasks: Required[int]
    average_wait_time_seconds: Required[float | None]
    oldest_queued_task_seconds: Required[float | None]


class QueuePlace(TypedDict, total=False):
    """One queued instance; its position is counted from 1."""

    workflow_instance_id: Required[str]
    workflow_definition_id: Required[str]
    batch_id: Required[str | None]
    position: Required[int]
    priority: Required[Priority]
    queued_at: Required[str]
    estimated_start_time: Required[str | None]
    resource_requirements: Required[ResourceRequirements]


class QueueResources(TypedDict, total=False):
    """Percent, of the last hour; active agents are those who worked in it, available agents stand so now.
    Agents that are available are counted as `GET /resources/agents` counts them.
    """

    cpu_usage: Required[float | None]
    memory_usage: Required[float | None]
    active_agents: Required[int]
    available_agents: Required[int]
    service_load: Required[dict[str, float | None]]


class QueueStatus(TypedDict, total=False):
    """The queue; its places are empty where nobody asked for them."""

    queue_summary: Required[QueueSummary]
    resource_utilization: Required[QueueResources]
    queue_details: Required[list[QueuePlace]]


class QueueSummary(TypedDict, total=False):
    """Everything in execution: `total_queued` is `running`, `pending` (which wait for a slot) and `paused`
    together. `average_wait_time`: seconds that those waited who were admitted from the queue in the last 24
    hours.
    """

    total_queued: Required[int]
    running: Required[int]
    pending: Required[int]
    paused: Required[int]
    average_wait_time: Required[float | None]
    estimated_queue_clear_time: Required[str | None]
    pending_by_priority: Required[dict[str, int]]


class RaisedEscalation(TypedDict, total=False):
    """What caught an escalation (null: nothing did), and whether the task is over by that."""

    escalation_code: Required[str]
    caught_by: Required[str | None]
    is_interrupting: Required[bool]


class ReassignTask(TypedDict, total=False):
    """POST /tasks/{id}/reassign."""

    new_assignment: Required[NewAssignment]
    transition_options: NotRequired[TransitionOptions]


class Receiver(TypedDict, total=False):
    """A token that waited and goes on, or an instance that was `started`; and the event that happened there."""

    workflow_instance_id: Required[str]
    workflow_definition_id: Required[str]
    element_id: Required[str]
    started: Required[bool]


class ReceiverAnswer(TypedDict, total=False):
    """What the receiver answered; long bodies are cut."""

    status_code: Required[int]
    body: Required[str | None]


class RecentRequests(TypedDict, total=False):
    """API requests of the last minutes: times in milliseconds, rates in percent."""

    requests_per_minute: Required[float]
    average_response_time: Required[float | None]
    error_rate: Required[float | None]
    active_connections: Required[int | None]


class Recommendation(TypedDict, total=False):
    """What to change, and what it would bring as far as the figures tell."""

    type: Required[str]
    target: Required[str]
    recommendation: Required[str]
    estimated_improvement: Required[str | None]
    figures: Required[dict[str, float]]


class RedeliverFailed(TypedDict, total=False):
    """POST /events/webhook/{id}/redeliver: everything that failed since a time, ISO 8601 with offset."""

    since: Required[str]


class Redelivered(TypedDict, total=False):
    """How many deliveries are sent again."""

    webhook_id: Required[str]
    redelivered: Required[int]


class RefusedStart(TypedDict, total=False):
    """A workflow that was not started."""

    index: Required[int]
    error: Required[ItemError]


class RegionReport(TypedDict, total=False):
    """How the tokens of one split run: `native`, `structured` (rewritten) or `threaded`, and why it does not nest."""

    split: Required[str]
    join: Required[str | None]
    branches: Required[int]
    mode: Required[str]
    reason: Required[str | None]


class RegisterAgent(TypedDict, total=False):
    """POST /resources/agents. Without working hours it works always; without `heartbeat_seconds` it may be silent."""

    agent_id: NotRequired[str | None]
    agent_type: Required[Literal["human", "ai", "service"]]
    name: Required[str]
    status: NotRequired[Literal["available", "busy", "offline"]]
    capabilities: NotRequired[list[str]]
    groups: NotRequired[list[str]]
    expertise: NotRequired[Knowledge]
    working_hours: NotRequired[Hours | None]
    max_concurrent_tasks: NotRequired[int]
    heartbeat_seconds: NotRequired[int | None]
    fallback_agents: NotRequired[list[str]]


class RegisterService(TypedDict, total=False):
    """POST /resources/services: `http` services have an endpoint, `sqs` services a queue; workers `claim` of
    others.
    """

    service_name: Required[str]
    delivery: NotRequired[Literal["http", "sqs", "claim"]]
    endpoint: NotRequired[str | None]
    queue: NotRequired[str | None]
    health_endpoint: NotRequired[str | None]
    description: NotRequired[str | None]
    authentication: NotRequired[WebhookAuthentication]
    max_concurrent_requests: NotRequired[int]
    timeout_seconds: NotRequired[int]
    callback_seconds: NotRequired[int]


class RegisterWebhook(TypedDict, total=False):
    """POST /events/webhook. Without event types all are sent; without a signing secret one is made."""

    url: Required[str]
    event_types: NotRequired[list[str]]
    filters: NotRequired[EventFilters]
    authentication: NotRequired[WebhookAuthentication]
    retry_policy: NotRequired[WebhookRetry]
    description: NotRequired[str | None]
    signing_secret: NotRequired[str | None]


class ResourceLimits(TypedDict, total=False):
    """As configured for the stage; None: no limit is configured."""

    cpu_cores: Required[int | None]
    memory_gb: Required[int | None]
    storage_gb: Required[int | None]
    network_bandwidth_mbps: Required[int | None]


class ResourceMetrics(TypedDict, total=False):
    """What functions measured of themselves, and how busy performers were; percent."""

    average_cpu_usage: Required[float | None]
    peak_cpu_usage: Required[float | None]
    average_memory_usage: Required[float | None]
    peak_memory_usage: Required[float | None]
    agent_utilization: Required[dict[str, float | None]]


class ResourceNumbers(TypedDict, total=False):
    """Functions in the last hour; disks and networks are not theirs, so nothing is measured of them."""

    cpu_usage_percent: Required[float | None]
    memory_usage_percent: Required[float | None]
    memory_usage_mb: Required[float | None]
    disk_usage_percent: Required[float | None]
    network_io_mbps: Required[float | None]


class ResourceRequirements(TypedDict, total=False):
    """CPU and memory of an instance are unknown: its work happens in other people's processes."""

    cpu_cores: Required[float | None]
    memory_mb: Required[float | None]
    required_services: Required[list[str]]


class ResourceUsage(TypedDict, total=False):
    """`GET /monitoring/resource-usage`; counts by status are those of now."""

    timestamp: Required[str]
    window: Required[Window]
    usage: Required[UsageNumbers]
    functions: Required[list[FunctionUsage]]
    performers: Required[list[PerformerLoad]]
    workflows: Required[dict[str, int]]
    tasks: Required[dict[str, int]]
    data_is_complete: Required[bool]


class ResourceUtilization(TypedDict, total=False):
    """Null: the work of one instance happens in other people's processes, where it cannot be measured."""

    cpu_usage: Required[float | None]
    memory_usage: Required[float | None]


class ResultSummary(TypedDict, total=False):
    """`data_size` in bytes of JSON; `quality_score` as the result's `metadata` states it."""

    success: Required[bool]
    data_size: Required[int]
    quality_score: Required[float | None]


class Retry(TypedDict, total=False):
    """How often and how soon failed tasks are tried again."""

    max_retries: NotRequired[int]
    backoff_strategy: NotRequired[Literal["fixed", "linear", "exponential", "fibonacci"]]


class RetryOfInstance(TypedDict, total=False):
    """How often and how soon failed tasks are tried again."""

    max_retries: Required[int]
    backoff_strategy: Required[BackoffStrategy]


class RetryTask(TypedDict, total=False):
    """POST /tasks/{id}/retry. `variables` change the task's input, or answer an incident of the machine."""

    variables: NotRequired[dict[str, Any]]
    reason: NotRequired[str | None]


class RotateSecret(TypedDict, total=False):
    """POST /events/webhook/{id}/rotate-secret: for `overlap_seconds` the old key signs too."""

    signing_secret: NotRequired[str | None]
    overlap_seconds: NotRequired[int]


class RunConfiguration(TypedDict, total=False):
    """How an instance runs."""

    auto_start: NotRequired[bool]
    parallel_execution: NotRequired[bool]
    retry_policy: NotRequired[Retry | None]


class ScalingRecommendation(TypedDict, total=False):
    """What would help, and why; the impact follows from the same figures."""

    resource: Required[str]
    recommendation: Required[str]
    reason: Required[str]
    priority: Required[Priority]
    estimated_impact: Required[str]


class SecretRotated(TypedDict, total=False):
    """The new secret: shown once. For `overlap_seconds` requests bear the signatures of both."""

    webhook_id: Required[str]
    signing_secret: Required[str]
    overlap_seconds: Required[int]


class ServiceAuthentication(TypedDict, total=False):
    """The kind of authentication; credentials are never shown."""

    auth_type: Required[AuthType]


class ServiceCapacity(TypedDict, total=False):
    """One service; the mean time from start to end of its tasks in the last hour, in milliseconds."""

    service_name: Required[str]
    max_concurrent_requests: Required[int]
    current_requests: Required[int]
    queue_length: Required[int]
    average_response_time: Required[float | None]


class ServiceCheck(TypedDict, total=False):
    """A service; `response_time_ms` of its health endpoint, else the mean from start to completion of its tasks."""

    status: Required[Status]
    response_time_ms: Required[float | None]
    details: Required[str]


class ServiceList(TypedDict, total=False):
    """`GET /resources/services`."""

    services: Required[list[ServiceView]]
    summary: Required[ServiceSummary]


class ServiceMetrics(TypedDict, total=False):
    """API requests: the total as far as counted, everything else of the last hour."""

    requests_total: Required[int]
    requests_per_second: Required[float]
    average_response_time_ms: Required[float | None]
    p95_response_time_ms: Required[float | None]
    p99_response_time_ms: Required[float | None]
    error_rate: Required[float | None]
    success_rate: Required[float | None]


class ServiceNumbers(TypedDict, total=False):
    """`GET /metrics`."""

    timestamp: Required[str]
    service_metrics: Required[ServiceMetrics]
    workflow_metrics: Required[WorkflowNumbers]
    resource_metrics: Required[ResourceNumbers]
    queue_metrics: Required[QueueNumbers]
    database_metrics: Required[DatabaseNumbers]


class ServiceReport(TypedDict, total=False):
    """Services that the model and its metadata name; `validated` false where nobody asked."""

    validated: Required[bool]
    missing_services: Required[list[str]]
    available_services: Required[list[str]]


ServiceStatus: TypeAlias = Literal["available", "busy", "unavailable"]


class ServiceSummary(TypedDict, total=False):
    """All registered services, whatever the filters."""

    total_services: Required[int]
    available_services: Required[int]
    busy_services: Required[int]
    unavailable_services: Required[int]


class ServiceView(TypedDict, total=False):
    """One service with its load. `queued_messages` are those of its queue that nobody has taken (null: it has
    none).
    """

    service_name: Required[str]
    description: Required[str | None]
    status: Required[ServiceStatus]
    delivery: Required[Delivery]
    endpoint: Required[str | None]
    queue: Required[str | None]
    health_endpoint: Required[str | None]
    authentication: Required[ServiceAuthentication]
    max_concurrent_requests: Required[int]
    timeout_seconds: Required[int]
    callback_seconds: Required[int]
    current_load: Required[CurrentLoad]
    queued_messages: Required[int | None]
    circuit_breaker: Required[CircuitBreaker]
    registered_at: Required[str]
    updated_at: Required[str]


class SetAllocation(TypedDict, total=False):
    """POST /resources/allocation: in place of what was kept for the same resource; without duration until
    released.
    """

    resource_type: Required[Literal["workflow_definition", "project", "service"]]
    resource_id: Required[str]
    reserved_workflows: Required[int]
    duration_seconds: NotRequired[int | None]
    reason: NotRequired[str | None]


class SetPriority(TypedDict, total=False):
    """POST /execution/priority: of instances, or of a batch."""

    workflow_instance_ids: NotRequired[list[str] | None]
    batch_id: NotRequired[str | None]
    priority: Required[Literal["low", "medium", "high", "critical"]]
    reason: NotRequired[str | None]


Severity: TypeAlias = Literal["error", "warning", "info"]


class SlowTask(TypedDict, total=False):
    """A task by the time it takes altogether; durations in seconds."""

    task_name: Required[str]
    element_id: Required[str]
    workflow_definition_id: Required[str]
    average_duration: Required[float]
    average_waiting: Required[float | None]
    frequency: Required[int]
    share_of_execution_time: Required[float | None]
    impact_score: Required[float | None]


class Span(TypedDict, total=False):
    """What the numbers cover."""

    start: Required[str]
    end: Required[str]
    granularity: Required[Granularity]


class Start(TypedDict, total=False):
    """Options of a start; assignments are by BPMN element id."""

    initial_assignments: NotRequired[dict[str, Performer]]
    priority: NotRequired[Literal["low", "medium", "high", "critical"] | None]
    notifications: NotRequired[Notifications | None]


class StartInstance(TypedDict, total=False):
    """POST /workflow-instances/{id}/start."""

    start_options: NotRequired[Start]


class StartMetrics(TypedDict, total=False):
    """Progress right after the start."""

    total_tasks: Required[int]
    completed_tasks: Required[int]
    failed_tasks: Required[int]
    progress_percentage: Required[float]


class StartTask(TypedDict, total=False):
    """POST /tasks/{id}/start: nothing to say."""


class StartedWorkflow(TypedDict, total=False):
    """An instance of the batch: running, or queued until there is a slot for it."""

    instance_id: Required[str]
    instance_name: Required[str]
    status: Required[InstanceStatus]
    started_at: Required[str | None]


Status: TypeAlias = Literal["healthy", "degraded", "unhealthy"]


class StatusOfInstance(TypedDict, total=False):
    """Status and progress."""

    failure_reason: NotRequired[str | None]
    failed_task_id: NotRequired[str | None]
    failed_task_name: NotRequired[str | None]
    error_details: NotRequired[ErrorOfInstance | None]
    retry_possible: NotRequired[bool | None]
    cancellation: NotRequired[CancellationOfInstance | None]
    id: Required[str]
    status: Required[InstanceStatus]
    started_at: Required[str | None]
    last_updated: Required[str]
    progress: Required[InstanceProgress]
    current_tasks: NotRequired[list[CurrentTask] | None]
    execution_metrics: NotRequired[InstanceMetrics | None]


class SteerInstance(TypedDict, total=False):
    """POST /workflow-instances/{id}/pause, resume, cancel and terminate: why."""

    reason: NotRequired[str | None]


class TaskAssignment(TypedDict, total=False):
    """A performer, how it was chosen, and when."""

    assigned_to: Required[AssignedTo]
    assignment_method: Required[AssignmentMethod]
    assigned_at: Required[str]


class TaskCompleted(TypedDict, total=False):
    """The answer to a completion; `execution_time` in seconds."""

    id: Required[str]
    status: Required[TaskStatus]
    completed_at: Required[str]
    execution_time: Required[float | None]
    result_summary: Required[ResultSummary]
    triggered_actions: Required[list[TriggeredAction]]


class TaskContext(TypedDict, total=False):
    """Whom a task is done for, and how to follow it through logs and traces."""

    project_id: Required[str | None]
    user_id: Required[str | None]
    correlation_id: Required[str | None]
    trace_id: Required[str | None]


class TaskDetail(TypedDict, total=False):
    """A task with its data."""

    id: Required[str]
    workflow_instance_id: Required[str]
    workflow_definition_id: Required[str]
    name: Required[str]
    description: Required[str | None]
    type: Required[str]
    element_id: Required[str]
    status: Required[TaskStatus]
    priority: Required[Priority]
    created_at: Required[str]
    started_at: Required[str | None]
    completed_at: Required[str | None]
    due_date: Required[str | None]
    candidate_users: Required[list[str]]
    candidate_groups: Required[list[str]]
    assignment: Required[TaskAssignment | None]
    form: Required[dict[str, Any] | str | None]
    input_data: Required[dict[str, Any]]
    result_data: Required[dict[str, Any] | None]
    completion_notes: Required[str | None]
    retry_policy: Required[TaskRetry]
    error: Required[ErrorOfTask | None]
    execution_context: NotRequired[TaskContext | None]
    execution_logs: NotRequired[list[TaskLogLine] | None]


class TaskDistribution(TypedDict, total=False):
    """`GET /analytics/task-distribution`; `current_status` is that of all tasks now, whatever their age."""

    workflow_definition_id: Required[str | None]
    analysis_period: Required[AnalysisPeriod]
    total_tasks: Required[int]
    by_type: Required[list[TypeDistribution]]
    by_priority: Required[list[PriorityDistribution]]
    by_agent_type: Required[list[PerformerShare]]
    by_agent: Required[list[PerformerShare]]
    by_definition: Required[list[DefinitionShare]]
    current_status: Required[dict[str, int] | None]
    analysis_is_complete: Required[bool]


class TaskEscalated(TypedDict, total=False):
    """Where a task stands after it has raised an escalation."""

    id: Required[str]
    workflow_instance_id: Required[str]
    element_id: Required[str]
    status: Required[TaskStatus]
    workflow_status: Required[InstanceStatus]
    priority: Required[Priority]
    created_at: Required[str]
    started_at: Required[str | None]
    completed_at: Required[str | None]
    last_updated: Required[str]
    execution_time: Required[float | None]
    assignment: Required[TaskAssignment | None]
    retry_policy: Required[TaskRetry]
    error: Required[ErrorOfTask | None]
    caught_by: Required[str | None]
    interrupted_by: Required[str | None]
    held: Required[bool]
    escalation: Required[RaisedEscalation]


class TaskFailures(TypedDict, total=False):
    """One element."""

    workflow_definition_id: Required[str]
    element_id: Required[str]
    task_name: Required[str | None]
    task_type: Required[str | None]
    count: Required[int]
    percentage: Required[float | None]
    most_common_code: Required[str]
    first_seen: Required[str]
    last_seen: Required[str]


class TaskLog(TypedDict, total=False):
    """One page of an execution log, oldest line first."""

    task_id: Required[str]
    logs: Required[list[TaskLogLine]]
    pagination: Required[Pagination]


class TaskLogLine(TypedDict, total=False):
    """One line of a task's execution log."""

    timestamp: Required[str]
    level: Required[LogLevel]
    message: Required[str]
    details: Required[dict[str, Any]]
    logged_by: Required[str | None]


class TaskMetrics(TypedDict, total=False):
    """Executions are tasks that completed or failed."""

    total_tasks_executed: Required[int]
    average_task_duration: Required[float | None]
    task_failure_rate: Required[float | None]
    most_common_task_types: Required[list[TypeShare]]


class TaskPage(TypedDict, total=False):
    """One page of tasks, newest first."""

    tasks: Required[list[TaskSummary]]
    pagination: Required[Pagination]


class TaskReassigned(TypedDict, total=False):
    """The answer to a reassignment; `previous_assignment` is null where nobody had the task."""

    id: Required[str]
    status: Required[TaskStatus]
    previous_assignment: Required[PreviousAssignment | None]
    current_assignment: Required[CurrentAssignment]
    notifications_sent: Required[list[NotificationSent]]


class TaskRetry(TypedDict, total=False):
    """Where a task stands in its retries."""

    max_retries: Required[int]
    current_attempt: Required[int]
    backoff_strategy: Required[BackoffStrategy]
    next_retry_at: Required[str | None]


class TaskState(TypedDict, total=False):
    """Where a task stands, and its instance with it. `error` is the last failure; `caught_by` and
    `interrupted_by` name the BPMN element that took over; a task is `held` while its instance is paused.
    """

    id: Required[str]
    workflow_instance_id: Required[str]
    element_id: Required[str]
    status: Required[TaskStatus]
    workflow_status: Required[InstanceStatus]
    priority: Required[Priority]
    created_at: Required[str]
    started_at: Required[str | None]
    completed_at: Required[str | None]
    last_updated: Required[str]
    execution_time: Required[float | None]
    assignment: Required[TaskAssignment | None]
    retry_policy: Required[TaskRetry]
    error: Required[ErrorOfTask | None]
    caught_by: Required[str | None]
    interrupted_by: Required[str | None]
    held: Required[bool]


TaskStatus: TypeAlias = Literal["pending", "assigned", "running", "completed", "failed", "cancelled"]


class TaskSummary(TypedDict, total=False):
    """A task as lists show it; `element_id` is the id of its BPMN element."""

    id: Required[str]
    workflow_instance_id: Required[str]
    workflow_definition_id: Required[str]
    name: Required[str]
    description: Required[str | None]
    type: Required[str]
    element_id: Required[str]
    status: Required[TaskStatus]
    priority: Required[Priority]
    created_at: Required[str]
    started_at: Required[str | None]
    completed_at: Required[str | None]
    due_date: Required[str | None]
    candidate_users: Required[list[str]]
    candidate_groups: Required[list[str]]
    assignment: Required[TaskAssignment | None]


class TransitionCount(TypedDict, total=False):
    """State transitions of one instance that meets no errors; `most` is null where it depends on data or time."""

    fewest: Required[int]
    most: Required[int | None]


class TransitionOptions(TypedDict, total=False):
    """How a task changes hands."""

    preserve_progress: NotRequired[bool]
    notify_previous_assignee: NotRequired[bool]
    notify_new_assignee: NotRequired[bool]


class TrendPoint(TypedDict, total=False):
    """One bucket of the trend."""

    timestamp: Required[str]
    workflows_started: Required[int]
    workflows_completed: Required[int]
    workflows_failed: Required[int]
    average_execution_time: Required[float | None]
    cpu_usage: Required[float | None]
    memory_usage: Required[float | None]


class TriggeredAction(TypedDict, total=False):
    """What followed a completion within a bounded moment."""

    action: Required[str]
    target_task_id: Required[str | None]
    timestamp: Required[str]


class TypeDistribution(TypedDict, total=False):
    """Tasks of one type; `percentage` of all that were created."""

    type: Required[str]
    count: Required[int]
    completed: Required[int]
    failed: Required[int]
    percentage: Required[float | None]


class TypeShare(TypedDict, total=False):
    """How often a type of task was executed."""

    type: Required[str]
    count: Required[int]
    percentage: Required[float | None]


class UpdateAgent(TypedDict, total=False):
    """PUT /resources/agents/{id}: what is not given stays; null takes working hours or heartbeats away."""

    name: NotRequired[str | None]
    capabilities: NotRequired[list[str]]
    groups: NotRequired[list[str]]
    expertise: NotRequired[Knowledge]
    working_hours: NotRequired[Hours | None]
    max_concurrent_tasks: NotRequired[int]
    heartbeat_seconds: NotRequired[int | None]
    fallback_agents: NotRequired[list[str]]


class UpdateDefinition(TypedDict, total=False):
    """PUT /workflow-definitions/{id}: what is not given stays."""

    name: NotRequired[str | None]
    description: NotRequired[str | None]
    version: NotRequired[str | None]
    bpmn_content: NotRequired[str | None]
    bpmn_format: NotRequired[Literal["xml"] | None]
    process_id: NotRequired[str | None]
    status: NotRequired[Literal["published", "deprecated", "archived"] | None]
    metadata: NotRequired[Metadata | None]


class UpdateService(TypedDict, total=False):
    """PUT /resources/services/{id}: what is not given stays."""

    delivery: NotRequired[Literal["http", "sqs", "claim"]]
    endpoint: NotRequired[str | None]
    queue: NotRequired[str | None]
    health_endpoint: NotRequired[str | None]
    description: NotRequired[str | None]
    authentication: NotRequired[WebhookAuthentication]
    max_concurrent_requests: NotRequired[int]
    timeout_seconds: NotRequired[int]
    callback_seconds: NotRequired[int]


class UpdateWebhook(TypedDict, total=False):
    """PUT /events/webhook/{id}: what is not given stays."""

    url: NotRequired[str | None]
    event_types: NotRequired[list[str] | None]
    filters: NotRequired[EventFilters | None]
    retry_policy: NotRequired[WebhookRetry | None]
    description: NotRequired[str | None]


class UsageNumbers(TypedDict, total=False):
    """Functions together; percent and MB. None: nothing was measured."""

    cpu_usage: Required[float | None]
    peak_cpu_usage: Required[float | None]
    memory_usage: Required[float | None]
    peak_memory_usage: Required[float | None]
    memory_usage_mb: Required[float | None]
    invocations: Required[int]


class ValidateDefinition(TypedDict, total=False):
    """POST /workflow-definitions/{id}/validate."""

    validation_options: NotRequired[Options]


class Validated(TypedDict, total=False):
    """The answer to a validation."""

    validation_result: Required[ValidationReport]


class ValidationReport(TypedDict, total=False):
    """All findings of one validation."""

    is_valid: Required[bool]
    warnings: Required[list[Finding]]
    errors: Required[list[Finding]]
    timestamp: Required[str]
    service_dependencies: Required[ServiceReport]
    agent_assignments: Required[AssignmentReport]
    concurrent_regions: Required[list[RegionReport]]
    estimate: Required[EstimateReport | None]


class WebhookAuth(TypedDict, total=False):
    """The kind of authentication; credentials are never shown."""

    auth_type: Required[str]


class WebhookAuthentication(TypedDict, total=False):
    """How we authenticate. Credentials: `token`; `username` and `password`; `key`, `header`; `secret`, `header`."""

    auth_type: Required[str]
    credentials: NotRequired[dict[str, str]]


class WebhookConfiguration(TypedDict, total=False):
    """What a webhook listens to."""

    event_types: Required[list[str]]
    filters: Required[WebhookFilters]
    authentication: Required[WebhookAuth]
    retry_policy: Required[WebhookPolicy]


class WebhookDetail(TypedDict, total=False):
    """A webhook with its counts, without its secrets."""

    webhook_id: Required[str]
    url: Required[str]
    description: Required[str | None]
    status: Required[WebhookStatus]
    disabled_reason: Required[str | None]
    disabled_at: Required[str | None]
    created_at: Required[str]
    updated_at: Required[str]
    created_by: Required[str]
    last_triggered: Required[str | None]
    delivery_stats: Required[DeliveryStats]
    configuration: Required[WebhookConfiguration]


class WebhookFilters(TypedDict, total=False):
    """Which events pass; what is left out lets all pass."""

    project_ids: NotRequired[list[str]]
    workflow_definition_ids: NotRequired[list[str]]
    priority_levels: NotRequired[list[str]]
    recipients: NotRequired[list[str]]


class WebhookPage(TypedDict, total=False):
    """One page of webhooks, newest first."""

    webhooks: Required[list[WebhookDetail]]
    pagination: Required[Pagination]


class WebhookPolicy(TypedDict, total=False):
    """How often and how soon a delivery is tried again."""

    max_retries: Required[int]
    backoff_strategy: Required[BackoffStrategy]


class WebhookRegistered(TypedDict, total=False):
    """A new webhook, with the secret that signs its requests: shown once."""

    webhook_id: Required[str]
    url: Required[str]
    description: Required[str | None]
    status: Required[WebhookStatus]
    disabled_reason: Required[str | None]
    disabled_at: Required[str | None]
    created_at: Required[str]
    updated_at: Required[str]
    created_by: Required[str]
    last_triggered: Required[str | None]
    delivery_stats: Required[DeliveryStats]
    configuration: Required[WebhookConfiguration]
    signing_secret: Required[str]


class WebhookRetry(TypedDict, total=False):
    """How often and how soon a delivery is tried again, within three days."""

    max_retries: NotRequired[int]
    backoff_strategy: NotRequired[Literal["fixed", "linear", "exponential", "fibonacci"]]


WebhookStatus: TypeAlias = Literal["active", "paused", "disabled"]


Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Window(TypedDict, total=False):
    """What the numbers cover."""

    start: Required[str]
    end: Required[str]


class WorkflowMetrics(TypedDict, total=False):
    """Times in seconds, rates in percent."""

    total_workflows_started: Required[int]
    total_workflows_completed: Required[int]
    total_workflows_failed: Required[int]
    total_workflows_cancelled: Required[int]
    total_workflows_terminated: Required[int]
    average_execution_time: Required[float | None]
    success_rate: Required[float | None]
    throughput_per_hour: Required[float]


class WorkflowNumbers(TypedDict, total=False):
    """Workflows now, and since midnight UTC; times in seconds."""

    active_workflows: Required[int]
    queued_workflows: Required[int]
    completed_today: Required[int]
    failed_today: Required[int]
    average_execution_time: Required[float | None]
    throughput_per_hour: Required[float]


class WorkflowPerformance(TypedDict, total=False):
    """`GET /analytics/workflow-performance`."""

    workflow_definition_id: Required[str | None]
    analysis_period: Required[AnalysisPeriod]
    performance_summary: Required[PerformanceSummary]
    bottleneck_analysis: Required[Bottlenecks]
    optimization_recommendations: Required[list[Recommendation]]
    analysis_is_complete: Required[bool]


class ListWorkflowDefinitionsQuery(TypedDict, total=False):
    """Query of `listWorkflowDefinitions`."""

    status: NotRequired[Literal["draft", "validated", "published", "deprecated", "archived"]]
    category: NotRequired[str]
    tags: NotRequired[str]
    created_by: NotRequired[str]
    limit: NotRequired[int]
    offset: NotRequired[int]
    cursor: NotRequired[str]


class ListWorkflowInstancesQuery(TypedDict, total=False):
    """Query of `listWorkflowInstances`."""

    status: NotRequired[
        Literal["created", "queued", "running", "paused", "completed", "failed", "cancelled", "terminated"]
    ]
    workflow_definition_id: NotRequired[str]
    priority: NotRequired[Literal["low", "medium", "high", "critical"]]
    project_id: NotRequired[str]
    created_by: NotRequired[str]
    batch_id: NotRequired[str]
    business_key: NotRequired[str]
    created_after: NotRequired[str]
    created_before: NotRequired[str]
    limit: NotRequired[int]
    offset: NotRequired[int]
    cursor: NotRequired[str]


class GetWorkflowStatusQuery(TypedDict, total=False):
    """Query of `getWorkflowStatus`."""

    include_tasks: NotRequired[bool]
    include_metrics: NotRequired[bool]


class GetWorkflowHistoryQuery(TypedDict, total=False):
    """Query of `getWorkflowHistory`."""

    limit: NotRequired[int]
    offset: NotRequired[int]
    cursor: NotRequired[str]


class ListTasksQuery(TypedDict, total=False):
    """Query of `listTasks`."""

    status: NotRequired[Literal["pending", "assigned", "running", "completed", "failed", "cancelled"]]
    type: NotRequired[str]
    assignee: NotRequired[str]
    workflow_instance_id: NotRequired[str]
    priority: NotRequired[Literal["low", "medium", "high", "critical"]]
    due_before: NotRequired[str]
    limit: NotRequired[int]
    offset: NotRequired[int]
    cursor: NotRequired[str]


class GetTaskDetailsQuery(TypedDict, total=False):
    """Query of `getTaskDetails`."""

    include_logs: NotRequired[bool]
    include_context: NotRequired[bool]


class GetTaskExecutionLogsQuery(TypedDict, total=False):
    """Query of `getTaskExecutionLogs`."""

    level: NotRequired[Literal["debug", "info", "warning", "error"]]
    since: NotRequired[str]
    limit: NotRequired[int]
    offset: NotRequired[int]


class GetExecutionQueueStatusQuery(TypedDict, total=False):
    """Query of `getExecutionQueueStatus`."""

    include_details: NotRequired[bool]
    limit: NotRequired[int]


class GetActiveWorkflowsQuery(TypedDict, total=False):
    """Query of `getActiveWorkflows`."""

    status: NotRequired[Literal["queued", "running", "paused", "failed"]]
    workflow_definition_id: NotRequired[str]
    limit: NotRequired[int]


class GetPerformanceMetricsQuery(TypedDict, total=False):
    """Query of `getPerformanceMetrics`."""

    time_range: NotRequired[Literal["1h", "24h", "7d", "30d"]]
    granularity: NotRequired[Literal["minute", "hour", "day"]]
    workflow_definition_id: NotRequired[str]


class GetWorkflowAnalyticsQuery(TypedDict, total=False):
    """Query of `getWorkflowAnalytics`."""

    period: NotRequired[Literal["week", "month", "quarter"]]
    workflow_definition_id: NotRequired[str]


class GetTaskDistributionQuery(TypedDict, total=False):
    """Query of `getTaskDistribution`."""

    period: NotRequired[Literal["week", "month", "quarter"]]
    workflow_definition_id: NotRequired[str]


class GetFailureAnalysisQuery(TypedDict, total=False):
    """Query of `getFailureAnalysis`."""

    period: NotRequired[Literal["week", "month", "quarter"]]
    workflow_definition_id: NotRequired[str]


class ListWorkflowEventsQuery(TypedDict, total=False):
    """Query of `listWorkflowEvents`."""

    workflow_instance_id: NotRequired[str]
    event_type: NotRequired[
        Literal[
            "definition_created",
            "definition_updated",
            "definition_validated",
            "definition_published",
            "definition_deprecated",
            "definition_archived",
            "definition_deleted",
            "workflow_created",
            "workflow_queued",
            "workflow_started",
            "workflow_paused",
            "workflow_resumed",
            "workflow_completed",
            "workflow_failed",
            "workflow_cancelling",
            "workflow_cancelled",
            "workflow_terminated",
            "workflow_rebuilt",
            "workflow_priority_changed",
            "task_created",
            "task_assigned",
            "task_started",
            "task_completed",
            "task_failed",
            "task_retried",
            "task_cancelled",
            "task_reassigned",
            "element_completed",
            "timer_triggered",
            "message_received",
            "signal_received",
            "condition_met",
            "message_sent",
            "message_expired",
            "signal_sent",
            "error_occurred",
            "escalation_triggered",
            "ad_hoc_activity_begun",
            "ad_hoc_completed",
            "compensation_triggered",
            "webhook_registered",
            "webhook_updated",
            "webhook_paused",
            "webhook_resumed",
            "webhook_disabled",
            "webhook_removed",
            "webhook_secret_rotated",
            "agent_registered",
            "agent_updated",
            "agent_status_changed",
            "agent_removed",
            "service_registered",
            "service_updated",
            "service_removed",
            "allocation_set",
            "allocation_released",
            "command_rejected",
        ]
    ]
    start_time: NotRequired[str]
    end_time: NotRequired[str]
    limit: NotRequired[int]
    offset: NotRequired[int]
    cursor: NotRequired[str]


class ListEventWebhooksQuery(TypedDict, total=False):
    """Query of `listEventWebhooks`."""

    limit: NotRequired[int]
    offset: NotRequired[int]
    cursor: NotRequired[str]


class ListDeliveriesQuery(TypedDict, total=False):
    """Query of `listDeliveries`."""

    status: NotRequired[Literal["pending", "retrying", "held", "delivered", "failed"]]
    limit: NotRequired[int]
    offset: NotRequired[int]
    cursor: NotRequired[str]


class ListAvailableAgentsQuery(TypedDict, total=False):
    """Query of `listAvailableAgents`."""

    agent_type: NotRequired[Literal["human", "ai", "service"]]
    status: NotRequired[Literal["available", "busy", "offline"]]
    capabilities: NotRequired[str]


class ListAvailableServicesQuery(TypedDict, total=False):
    """Query of `listAvailableServices`."""

    status: NotRequired[Literal["available", "busy", "unavailable"]]
