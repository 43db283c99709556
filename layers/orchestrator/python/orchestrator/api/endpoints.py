"""The endpoint catalogue: every route of the service as data. Routers, template, docs and tests read this list."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """Fine permissions, as they stand in a token's `permissions` or `scope` claim."""

    WORKFLOW_READ = "workflow:read"
    WORKFLOW_WRITE = "workflow:write"
    WORKFLOW_EXECUTE = "workflow:execute"
    TASK_READ = "task:read"
    TASK_WRITE = "task:write"
    MONITORING_READ = "monitoring:read"
    EVENT_READ = "event:read"
    EVENT_WRITE = "event:write"
    RESOURCE_READ = "resource:read"
    RESOURCE_WRITE = "resource:write"


class Group(StrEnum):
    """Resource groups: one API function each, named `functions/<group>/`."""

    DEFINITIONS = "definitions_api"
    INSTANCES = "instances_api"
    TASKS = "tasks_api"
    EXECUTION = "execution_api"
    INSIGHTS = "insights_api"
    EVENTS = "events_api"
    RESOURCES = "resources_api"
    HEALTH = "health_api"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route. `permission` None means that no token is needed (the authorizer is not attached)."""

    method: str
    path: str
    group: Group
    permission: Permission | None
    summary: str
    addition: bool = False


_P, _G = Permission, Group

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/workflow-definitions", _G.DEFINITIONS, _P.WORKFLOW_READ, "List workflow definitions"),
    Endpoint("POST", "/workflow-definitions", _G.DEFINITIONS, _P.WORKFLOW_WRITE, "Create workflow definition"),
    Endpoint("GET", "/workflow-definitions/{id}", _G.DEFINITIONS, _P.WORKFLOW_READ, "Get workflow definition"),
    Endpoint("PUT", "/workflow-definitions/{id}", _G.DEFINITIONS, _P.WORKFLOW_WRITE, "Update workflow definition"),
    Endpoint("DELETE", "/workflow-definitions/{id}", _G.DEFINITIONS, _P.WORKFLOW_WRITE, "Delete workflow definition"),
    Endpoint(
        "POST", "/workflow-definitions/{id}/validate", _G.DEFINITIONS, _P.WORKFLOW_WRITE, "Validate workflow definition"
    ),
    Endpoint(
        "POST", "/workflow-definitions/{id}/publish", _G.DEFINITIONS, _P.WORKFLOW_WRITE, "Publish workflow definition"
    ),
    Endpoint("GET", "/workflow-instances", _G.INSTANCES, _P.WORKFLOW_READ, "List workflow instances"),
    Endpoint("POST", "/workflow-instances", _G.INSTANCES, _P.WORKFLOW_EXECUTE, "Create workflow instance"),
    Endpoint("GET", "/workflow-instances/{id}", _G.INSTANCES, _P.WORKFLOW_READ, "Get workflow instance"),
    Endpoint("POST", "/workflow-instances/{id}/start", _G.INSTANCES, _P.WORKFLOW_EXECUTE, "Start workflow instance"),
    Endpoint("POST", "/workflow-instances/{id}/pause", _G.INSTANCES, _P.WORKFLOW_EXECUTE, "Pause workflow instance"),
    Endpoint("POST", "/workflow-instances/{id}/resume", _G.INSTANCES, _P.WORKFLOW_EXECUTE, "Resume workflow instance"),
    Endpoint("POST", "/workflow-instances/{id}/cancel", _G.INSTANCES, _P.WORKFLOW_EXECUTE, "Cancel workflow instance"),
    Endpoint(
        "POST", "/workflow-instances/{id}/terminate", _G.INSTANCES, _P.WORKFLOW_EXECUTE, "Terminate workflow instance"
    ),
    Endpoint("GET", "/workflow-instances/{id}/status", _G.INSTANCES, _P.WORKFLOW_READ, "Get workflow status"),
    Endpoint("GET", "/workflow-instances/{id}/history", _G.INSTANCES, _P.WORKFLOW_READ, "Get workflow history"),
    *(
        Endpoint(method, f"/workflow-instances/{{id}}/{path}", _G.INSTANCES, permission, summary, addition=True)
        for method, path, permission, summary in (
            ("GET", "ad-hoc-activities", _P.WORKFLOW_READ, "List open ad-hoc sub-processes"),
            ("POST", "ad-hoc-activities/{element_id}/activate", _P.WORKFLOW_EXECUTE, "Begin ad-hoc activities"),
            ("POST", "ad-hoc-activities/{element_id}/complete", _P.WORKFLOW_EXECUTE, "Complete ad-hoc sub-process"),
        )
    ),
    Endpoint("GET", "/tasks", _G.TASKS, _P.TASK_READ, "List tasks"),
    Endpoint("POST", "/tasks/claim", _G.TASKS, _P.TASK_WRITE, "Claim tasks for a worker", addition=True),
    Endpoint("PUT", "/tasks/claim", _G.TASKS, _P.TASK_WRITE, "Extend or end claim of task", addition=True),
    Endpoint("GET", "/tasks/{id}", _G.TASKS, _P.TASK_READ, "Get task details"),
    Endpoint("POST", "/tasks/{id}/start", _G.TASKS, _P.TASK_WRITE, "Start task execution"),
    Endpoint("POST", "/tasks/{id}/complete", _G.TASKS, _P.TASK_WRITE, "Complete task"),
    Endpoint("POST", "/tasks/{id}/fail", _G.TASKS, _P.TASK_WRITE, "Mark task as failed"),
    Endpoint("POST", "/tasks/{id}/escalate", _G.TASKS, _P.TASK_WRITE, "Raise escalation of task", addition=True),
    Endpoint("POST", "/tasks/{id}/retry", _G.TASKS, _P.TASK_WRITE, "Retry failed task"),
    Endpoint("POST", "/tasks/{id}/reassign", _G.TASKS, _P.TASK_WRITE, "Reassign task"),
    Endpoint("POST", "/tasks/{id}/cancel", _G.TASKS, _P.TASK_WRITE, "Cancel task"),
    Endpoint("GET", "/tasks/{id}/status", _G.TASKS, _P.TASK_READ, "Get task status"),
    Endpoint("GET", "/tasks/{id}/logs", _G.TASKS, _P.TASK_READ, "Get task execution logs"),
    Endpoint("POST", "/tasks/{id}/logs", _G.TASKS, _P.TASK_WRITE, "Add to task execution log", addition=True),
    Endpoint("POST", "/tasks/{id}/callback/{token}", _G.TASKS, None, "Answer a service call", addition=True),
    Endpoint("POST", "/execution/batch-start", _G.EXECUTION, _P.WORKFLOW_EXECUTE, "Start multiple workflows"),
    Endpoint("POST", "/execution/batch-cancel", _G.EXECUTION, _P.WORKFLOW_EXECUTE, "Cancel multiple workflows"),
    Endpoint("GET", "/execution/queue-status", _G.EXECUTION, _P.MONITORING_READ, "Get execution queue status"),
    Endpoint("POST", "/execution/priority", _G.EXECUTION, _P.WORKFLOW_EXECUTE, "Set execution priority"),
    Endpoint("GET", "/execution/batches/{id}", _G.EXECUTION, _P.WORKFLOW_READ, "Get batch", addition=True),
    Endpoint("POST", "/messages", _G.EXECUTION, _P.WORKFLOW_EXECUTE, "Publish message", addition=True),
    Endpoint("POST", "/signals", _G.EXECUTION, _P.WORKFLOW_EXECUTE, "Publish signal", addition=True),
    Endpoint("POST", "/conditions", _G.EXECUTION, _P.WORKFLOW_EXECUTE, "Evaluate start conditions", addition=True),
    Endpoint("GET", "/monitoring/active-workflows", _G.INSIGHTS, _P.MONITORING_READ, "Get active workflows"),
    Endpoint("GET", "/monitoring/performance", _G.INSIGHTS, _P.MONITORING_READ, "Get performance metrics"),
    Endpoint("GET", "/monitoring/resource-usage", _G.INSIGHTS, _P.MONITORING_READ, "Get resource usage"),
    Endpoint("GET", "/analytics/workflow-performance", _G.INSIGHTS, _P.MONITORING_READ, "Get workflow analytics"),
    Endpoint("GET", "/analytics/task-distribution", _G.INSIGHTS, _P.MONITORING_READ, "Get task distribution"),
    Endpoint("GET", "/analytics/failure-analysis", _G.INSIGHTS, _P.MONITORING_READ, "Get failure analysis"),
    Endpoint("GET", "/events", _G.EVENTS, _P.EVENT_READ, "List workflow events"),
    Endpoint("POST", "/events/webhook", _G.EVENTS, _P.EVENT_WRITE, "Register event webhook"),
    Endpoint("DELETE", "/events/webhook/{id}", _G.EVENTS, _P.EVENT_WRITE, "Remove event webhook"),
    *(
        Endpoint(method, f"/events/webhook{path}", _G.EVENTS, permission, summary, addition=True)
        for method, path, permission, summary in (
            ("GET", "", _P.EVENT_READ, "List event webhooks"),
            ("GET", "/{id}", _P.EVENT_READ, "Get event webhook"),
            ("PUT", "/{id}", _P.EVENT_WRITE, "Update event webhook"),
            ("POST", "/{id}/pause", _P.EVENT_WRITE, "Pause event webhook"),
            ("POST", "/{id}/resume", _P.EVENT_WRITE, "Resume event webhook"),
            ("POST", "/{id}/test", _P.EVENT_WRITE, "Test event webhook"),
            ("POST", "/{id}/rotate-secret", _P.EVENT_WRITE, "Rotate signing secret of event webhook"),
            ("POST", "/{id}/redeliver", _P.EVENT_WRITE, "Redeliver failed events"),
            ("GET", "/{id}/deliveries", _P.EVENT_READ, "List deliveries"),
            ("GET", "/{id}/deliveries/{event_id}", _P.EVENT_READ, "Get delivery"),
            ("POST", "/{id}/deliveries/{event_id}/redeliver", _P.EVENT_WRITE, "Redeliver one event"),
        )
    ),
    Endpoint("GET", "/resources/agents", _G.RESOURCES, _P.RESOURCE_READ, "List available agents"),
    *(
        Endpoint(method, f"/resources/agents{path}", _G.RESOURCES, permission, summary, addition=True)
        for method, path, permission, summary in (
            ("POST", "", _P.RESOURCE_WRITE, "Register agent"),
            ("GET", "/{id}", _P.RESOURCE_READ, "Get agent"),
            ("PUT", "/{id}", _P.RESOURCE_WRITE, "Update agent"),
            ("DELETE", "/{id}", _P.RESOURCE_WRITE, "Remove agent"),
            ("POST", "/{id}/heartbeat", _P.RESOURCE_WRITE, "Report agent heartbeat"),
        )
    ),
    Endpoint("GET", "/resources/services", _G.RESOURCES, _P.RESOURCE_READ, "List available services"),
    *(
        Endpoint(method, f"/resources/services{path}", _G.RESOURCES, permission, summary, addition=True)
        for method, path, permission, summary in (
            ("POST", "", _P.RESOURCE_WRITE, "Register service"),
            ("GET", "/{id}", _P.RESOURCE_READ, "Get service"),
            ("PUT", "/{id}", _P.RESOURCE_WRITE, "Update service"),
            ("DELETE", "/{id}", _P.RESOURCE_WRITE, "Remove service"),
        )
    ),
    Endpoint("GET", "/resources/capacity", _G.RESOURCES, _P.RESOURCE_READ, "Get capacity information"),
    Endpoint("POST", "/resources/allocation", _G.RESOURCES, _P.RESOURCE_WRITE, "Set resource allocation"),
    *(
        Endpoint(method, f"/resources/allocation{path}", _G.RESOURCES, permission, summary, addition=True)
        for method, path, permission, summary in (
            ("GET", "", _P.RESOURCE_READ, "List resource allocations"),
            ("DELETE", "/{id}", _P.RESOURCE_WRITE, "Release resource allocation"),
        )
    ),
    Endpoint("GET", "/health", _G.HEALTH, None, "Service health check"),
    Endpoint("GET", "/metrics", _G.HEALTH, _P.MONITORING_READ, "Service performance metrics"),
    Endpoint("GET", "/openapi.json", _G.HEALTH, None, "Describe the API", addition=True),
    Endpoint("GET", "/docs", _G.HEALTH, None, "Show the API", addition=True),
    Endpoint("GET", "/docs/{file}", _G.HEALTH, None, "Get file of the API page", addition=True),
)
