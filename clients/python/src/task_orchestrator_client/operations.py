"""A method for every endpoint (generated from the API's OpenAPI document: `make docs`)."""

from collections.abc import Iterator
from typing import Unpack

from task_orchestrator_client import shapes
from task_orchestrator_client.transport import Transport


class Operations(Transport):
    """Every endpoint. Fields of the body, or query parameters, are keyword arguments."""

    def list_definitions(self, /, **query: Unpack[shapes.ListWorkflowDefinitionsQuery]) -> shapes.DefinitionPage:
        """Definitions, newest first."""
        return self.call("GET", "/workflow-definitions", query=query)

    def iterate_definitions(
        self, /, **query: Unpack[shapes.ListWorkflowDefinitionsQuery]
    ) -> Iterator[shapes.DefinitionSummary]:
        """Definitions, newest first. Goes through all pages."""
        return self.pages("GET", "/workflow-definitions", "workflow_definitions", query=query)

    def create_definition(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.CreateDefinition]
    ) -> shapes.DefinitionDetail:
        """Drafts a definition from BPMN 2.0 XML. A file that cannot be read is refused with field, reason and
        line; a readable model with findings becomes a draft that lists them.
        """
        return self.call("POST", "/workflow-definitions", idempotency_key=idempotency_key, body=body)

    def get_definition(self, id: str, /) -> shapes.DefinitionWithContent:
        """One definition with its BPMN content."""
        return self.call("GET", f"/workflow-definitions/{self.quoted(id)}")

    def update_definition(
        self, id: str, /, *, if_match: str | None = None, **body: Unpack[shapes.UpdateDefinition]
    ) -> shapes.DefinitionDetail:
        """Changes what is given. Content of a published version never changes: new content needs a higher
        version, which is drafted while the published one goes on serving.
        """
        return self.call("PUT", f"/workflow-definitions/{self.quoted(id)}", if_match=if_match, body=body)

    def delete_definition(self, id: str, /, *, if_match: str | None = None) -> None:
        """Removes a definition that no active instance uses; its finished instances stay readable."""
        self.call("DELETE", f"/workflow-definitions/{self.quoted(id)}", if_match=if_match)

    def validate_definition(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.ValidateDefinition],
    ) -> shapes.Validated:
        """Finds everything wrong with the current version; a valid draft becomes validated."""
        return self.call(
            "POST",
            f"/workflow-definitions/{self.quoted(id)}/validate",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def publish_definition(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.PublishDefinition],
    ) -> shapes.DefinitionDetail:
        """Makes the state machine of the current version. Repeating it changes nothing."""
        return self.call(
            "POST",
            f"/workflow-definitions/{self.quoted(id)}/publish",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def list_instances(self, /, **query: Unpack[shapes.ListWorkflowInstancesQuery]) -> shapes.InstancePage:
        """Instances, newest first."""
        return self.call("GET", "/workflow-instances", query=query)

    def iterate_instances(
        self, /, **query: Unpack[shapes.ListWorkflowInstancesQuery]
    ) -> Iterator[shapes.InstanceSummary]:
        """Instances, newest first. Goes through all pages."""
        return self.pages("GET", "/workflow-instances", "workflow_instances", query=query)

    def create_instance(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.CreateInstance]
    ) -> shapes.InstanceCreated:
        """Creates an instance of the last published version; `auto_start` starts it at once."""
        return self.call("POST", "/workflow-instances", idempotency_key=idempotency_key, body=body)

    def get_instance(self, id: str, /) -> shapes.InstanceDetail:
        """One instance with its variables and open tasks."""
        return self.call("GET", f"/workflow-instances/{self.quoted(id)}")

    def start_instance(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.StartInstance],
    ) -> shapes.InstanceStarted:
        """Starts a created instance. Waits a bounded moment for its first tasks; `current_tasks` is empty when
        none has appeared by then.
        """
        return self.call(
            "POST",
            f"/workflow-instances/{self.quoted(id)}/start",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def pause_instance(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.SteerInstance],
    ) -> shapes.InstanceSteered:
        """Pauses a running instance: tasks that appear from now on are held, work in hand may be done. Timers
        of the model go on.
        """
        return self.call(
            "POST",
            f"/workflow-instances/{self.quoted(id)}/pause",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def resume_instance(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.SteerInstance],
    ) -> shapes.InstanceSteered:
        """Resumes a paused instance: what was held is handed out in the order in which it appeared."""
        return self.call(
            "POST",
            f"/workflow-instances/{self.quoted(id)}/resume",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def cancel_instance(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.SteerInstance],
    ) -> shapes.InstanceSteered:
        """Cancels an instance whose outcome nobody needs: its open tasks are withdrawn, its machine is stopped.
        A repeated call finishes a cancellation that was cut off.
        """
        return self.call(
            "POST",
            f"/workflow-instances/{self.quoted(id)}/cancel",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def terminate_instance(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.SteerInstance],
    ) -> shapes.InstanceSteered:
        """Terminates an instance that must not go on, as an operator does; otherwise as cancel."""
        return self.call(
            "POST",
            f"/workflow-instances/{self.quoted(id)}/terminate",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def get_workflow_status(
        self, id: str, /, **query: Unpack[shapes.GetWorkflowStatusQuery]
    ) -> shapes.StatusOfInstance:
        """Status and progress."""
        return self.call("GET", f"/workflow-instances/{self.quoted(id)}/status", query=query)

    def get_workflow_history(
        self, id: str, /, **query: Unpack[shapes.GetWorkflowHistoryQuery]
    ) -> shapes.InstanceHistory:
        """What happened, oldest first: every passed BPMN element, every step of its tasks, and who did it."""
        return self.call("GET", f"/workflow-instances/{self.quoted(id)}/history", query=query)

    def iterate_workflow_history(
        self, id: str, /, **query: Unpack[shapes.GetWorkflowHistoryQuery]
    ) -> Iterator[shapes.HistoryEntry]:
        """What happened, oldest first: every passed BPMN element, every step of its tasks, and who did it. Goes
        through all pages.
        """
        return self.pages("GET", f"/workflow-instances/{self.quoted(id)}/history", "history", query=query)

    def list_open_ad_hoc_sub_processes(self, id: str, /) -> shapes.AdHocSubProcesses:
        """The open ad-hoc sub-processes whose activities somebody begins, and what can be begun."""
        return self.call("GET", f"/workflow-instances/{self.quoted(id)}/ad-hoc-activities")

    def begin_ad_hoc_activities(
        self,
        id: str,
        element_id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.ActivateActivities],
    ) -> shapes.AdHocSubProcess:
        """Begins activities of an ad-hoc sub-process, each as often as it is named, all or none. They see the
        variables, what activities wrote that have ended, and the `variables` given here, which stay theirs.
        With `cancel_remaining` what runs is cancelled first. `scope` is needed where several of one id are
        open.
        """
        return self.call(
            "POST",
            f"/workflow-instances/{self.quoted(id)}/ad-hoc-activities/{self.quoted(element_id)}/activate",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def complete_ad_hoc_sub_process(
        self,
        id: str,
        element_id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.CompleteAdHoc],
    ) -> shapes.AdHocSubProcess:
        """Ends an ad-hoc sub-process, whatever its condition says. While activities run it is refused, unless
        `cancel_remaining` is true: then they are cancelled.
        """
        return self.call(
            "POST",
            f"/workflow-instances/{self.quoted(id)}/ad-hoc-activities/{self.quoted(element_id)}/complete",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def list_tasks(self, /, **query: Unpack[shapes.ListTasksQuery]) -> shapes.TaskPage:
        """Tasks, newest first."""
        return self.call("GET", "/tasks", query=query)

    def iterate_tasks(self, /, **query: Unpack[shapes.ListTasksQuery]) -> Iterator[shapes.TaskSummary]:
        """Tasks, newest first. Goes through all pages."""
        return self.pages("GET", "/tasks", "tasks", query=query)

    def claim_tasks(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.ClaimTasks]
    ) -> shapes.ClaimedTasks:
        """Gives tasks of services to one of their workers, locked for it: work begins. Without any the answer
        waits up to `timeout` seconds for one. The services have the delivery `claim`.
        """
        return self.call("POST", "/tasks/claim", idempotency_key=idempotency_key, body=body)

    def change_claim(self, /, **body: Unpack[shapes.ChangeClaim]) -> shapes.LockState:
        """Locks a task that the worker has for so long from now; 0 gives it back: others may claim it. A worker
        that does not have it gets a 409.
        """
        return self.call("PUT", "/tasks/claim", body=body)

    def get_task(self, id: str, /, **query: Unpack[shapes.GetTaskDetailsQuery]) -> shapes.TaskDetail:
        """One task with its data."""
        return self.call("GET", f"/tasks/{self.quoted(id)}", query=query)

    def start_task(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.StartTask],
    ) -> shapes.TaskSummary:
        """Begins work on a task; one without assignee becomes the caller's."""
        return self.call(
            "POST", f"/tasks/{self.quoted(id)}/start", idempotency_key=idempotency_key, if_match=if_match, body=body
        )

    def complete_task(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.CompleteTask],
    ) -> shapes.TaskCompleted:
        """Closes a task with its result, which becomes process variables. The first result stands."""
        return self.call(
            "POST", f"/tasks/{self.quoted(id)}/complete", idempotency_key=idempotency_key, if_match=if_match, body=body
        )

    def fail_task(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.FailTask],
    ) -> shapes.TaskState:
        """Reports a failed attempt. A technical failure is tried again by the retry policy; a `bpmn_error` goes
        to the boundary event or event sub-process that catches its code. What is neither leaves the task
        failed, and its instance with it, until the task is retried.
        """
        return self.call(
            "POST", f"/tasks/{self.quoted(id)}/fail", idempotency_key=idempotency_key, if_match=if_match, body=body
        )

    def escalate_task(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.EscalateTask],
    ) -> shapes.TaskEscalated:
        """Raises a BPMN escalation while the task is worked on. The nearest boundary event or event sub-process
        that catches the code takes it: beside the task, which goes on, or instead of it. What nothing catches
        is told as an event, and the task goes on.
        """
        return self.call(
            "POST", f"/tasks/{self.quoted(id)}/escalate", idempotency_key=idempotency_key, if_match=if_match, body=body
        )

    def retry_task(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.RetryTask],
    ) -> shapes.TaskState:
        """Brings a failed task back, with all its attempts and with changed input; an incident of the machine
        is answered with the changed variables. Its instance goes on unless another of its tasks is failed.
        """
        return self.call(
            "POST", f"/tasks/{self.quoted(id)}/retry", idempotency_key=idempotency_key, if_match=if_match, body=body
        )

    def reassign_task(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.ReassignTask],
    ) -> shapes.TaskReassigned:
        """Gives a task to another agent or service. `notifications_sent` lists what was really sent: to
        recipients whom a webhook names (`filters.recipients`).
        """
        return self.call(
            "POST", f"/tasks/{self.quoted(id)}/reassign", idempotency_key=idempotency_key, if_match=if_match, body=body
        )

    def cancel_task(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.CancelTask],
    ) -> shapes.TaskState:
        """Withdraws the work from its performer. The token stays: task and instance are failed, with the error
        code `TASK_CANCELLED`, until the task is retried or the instance is cancelled.
        """
        return self.call(
            "POST", f"/tasks/{self.quoted(id)}/cancel", idempotency_key=idempotency_key, if_match=if_match, body=body
        )

    def get_task_status(self, id: str, /) -> shapes.TaskState:
        """Where a task stands in its lifecycle."""
        return self.call("GET", f"/tasks/{self.quoted(id)}/status")

    def get_task_logs(self, id: str, /, **query: Unpack[shapes.GetTaskExecutionLogsQuery]) -> shapes.TaskLog:
        """The execution log of a task, oldest line first: the latest 50 lines of the service itself
        (`logged_by` null), and what callers added.
        """
        return self.call("GET", f"/tasks/{self.quoted(id)}/logs", query=query)

    def add_task_log(
        self, id: str, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.AddLog]
    ) -> shapes.LineAdded:
        """Adds a line to the execution log, whatever the task's status; a log takes 100 lines of callers."""
        return self.call("POST", f"/tasks/{self.quoted(id)}/logs", idempotency_key=idempotency_key, body=body)

    def answer_service_call(
        self, id: str, token: str, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.AnswerCall]
    ) -> shapes.TaskState:
        """A service that answered 202 answers later: with the result, or with an `error_message` what went
        wrong. The URL came with the call; its last segment is a secret.
        """
        return self.call(
            "POST",
            f"/tasks/{self.quoted(id)}/callback/{self.quoted(token)}",
            idempotency_key=idempotency_key,
            body=body,
        )

    def batch_start(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.BatchStart]
    ) -> shapes.BatchStarted:
        """Starts up to 1,000 workflows. All that can be started become instances at once, queued, and run as
        slots are free: those of the service, and `max_concurrent` of the batch. A workflow that cannot be
        started is told in `failed_starts` and keeps no other from starting. The request may be repeated with
        the same `batch_id`: nothing is started twice, and other content is refused with 409.
        """
        return self.call("POST", "/execution/batch-start", idempotency_key=idempotency_key, body=body)

    def batch_cancel(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.BatchCancel]
    ) -> shapes.BatchCancelled:
        """Cancels up to 1,000 instances: by `workflow_instance_ids`, by `batch_id`, or all that have not ended
        and match a `filter`.
        """
        return self.call("POST", "/execution/batch-cancel", idempotency_key=idempotency_key, body=body)

    def get_queue_status(self, /, **query: Unpack[shapes.GetExecutionQueueStatusQuery]) -> shapes.QueueStatus:
        """How many instances run and wait, who is next, and when. It covers all projects, so tokens confined to
        some are refused with 403.
        """
        return self.call("GET", "/execution/queue-status", query=query)

    def set_priority(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.SetPriority]
    ) -> shapes.PrioritySet:
        """Another priority for instances, or for a batch: queued ones change their place at once, and tasks
        that appear from now on have it.
        """
        return self.call("POST", "/execution/priority", idempotency_key=idempotency_key, body=body)

    def get_batch(self, id: str, /) -> shapes.BatchDetail:
        """How a batch stands. Its instances: `GET /workflow-instances?batch_id=...`."""
        return self.call("GET", f"/execution/batches/{self.quoted(id)}")

    def publish_message(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.PublishMessage]
    ) -> shapes.PublishedMessage:
        """Publishes a BPMN message. It correlates by `name` and `correlation_key` with at most one waiting
        token of each definition, the one that has waited longest; where an event has no correlation key, with
        its name alone or its instance's business key. For definitions that do not wait yet it is kept for
        `time_to_live` seconds; if nobody takes it, `message_expired` tells. Messages of the same name and key
        with the same `message_id` are one message as long as it is kept, so a request with one may be repeated.
        Tokens confined to projects reach instances of those only.
        """
        return self.call("POST", "/messages", idempotency_key=idempotency_key, body=body)

    def publish_signal(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.PublishSignal]
    ) -> shapes.PublishedSignal:
        """Broadcasts a BPMN signal to every token that waits for its name now; it is not kept. Tokens confined
        to projects reach instances of those only.
        """
        return self.call("POST", "/signals", idempotency_key=idempotency_key, body=body)

    def evaluate_start_conditions(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.EvaluateConditions]
    ) -> shapes.EvaluatedConditions:
        """Evaluates the conditional start events of all published definitions, or of one, over `variables`, and
        starts an instance with them at each whose condition holds (a condition that cannot be evaluated does
        not). Conditional events of running instances need no call: they see each change of a variable.
        """
        return self.call("POST", "/conditions", idempotency_key=idempotency_key, body=body)

    def get_active_workflows(self, /, **query: Unpack[shapes.GetActiveWorkflowsQuery]) -> shapes.ActiveInstances:
        """What runs now, newest first, in the caller's projects. For more than `limit` list the instances."""
        return self.call("GET", "/monitoring/active-workflows", query=query)

    def get_performance_metrics(self, /, **query: Unpack[shapes.GetPerformanceMetricsQuery]) -> shapes.Performance:
        """Totals of a time range, and its trend without holes. Statistics cover all projects, so tokens
        confined to some are refused with 403.
        """
        return self.call("GET", "/monitoring/performance", query=query)

    def get_resource_usage(self, /) -> shapes.ResourceUsage:
        """What functions and performers used in the last hour. Statistics cover all projects, so tokens
        confined to some are refused with 403.
        """
        return self.call("GET", "/monitoring/resource-usage")

    def get_workflow_analytics(
        self, /, **query: Unpack[shapes.GetWorkflowAnalyticsQuery]
    ) -> shapes.WorkflowPerformance:
        """How workflows performed, where time is lost, and what would help. Statistics cover all projects, so
        tokens confined to some are refused with 403.
        """
        return self.call("GET", "/analytics/workflow-performance", query=query)

    def get_task_distribution(self, /, **query: Unpack[shapes.GetTaskDistributionQuery]) -> shapes.TaskDistribution:
        """How tasks are distributed over types, priorities, performers and definitions. Statistics cover all
        projects, so tokens confined to some are refused with 403.
        """
        return self.call("GET", "/analytics/task-distribution", query=query)

    def get_failure_analysis(self, /, **query: Unpack[shapes.GetFailureAnalysisQuery]) -> shapes.FailureAnalysis:
        """What failed, where and since when, and what to do about it. Statistics cover all projects, so tokens
        confined to some are refused with 403.
        """
        return self.call("GET", "/analytics/failure-analysis", query=query)

    def list_events(self, /, **query: Unpack[shapes.ListWorkflowEventsQuery]) -> shapes.EventPage:
        """Events of workflows and tasks, newest first."""
        return self.call("GET", "/events", query=query)

    def iterate_events(self, /, **query: Unpack[shapes.ListWorkflowEventsQuery]) -> Iterator[shapes.EventItem]:
        """Events of workflows and tasks, newest first. Goes through all pages."""
        return self.pages("GET", "/events", "events", query=query)

    def register_webhook(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.RegisterWebhook]
    ) -> shapes.WebhookRegistered:
        """Registers a webhook. Requests are signed as the Standard Webhooks specification says."""
        return self.call("POST", "/events/webhook", idempotency_key=idempotency_key, body=body)

    def list_webhooks(self, /, **query: Unpack[shapes.ListEventWebhooksQuery]) -> shapes.WebhookPage:
        """Webhooks, newest first."""
        return self.call("GET", "/events/webhook", query=query)

    def iterate_webhooks(self, /, **query: Unpack[shapes.ListEventWebhooksQuery]) -> Iterator[shapes.WebhookDetail]:
        """Webhooks, newest first. Goes through all pages."""
        return self.pages("GET", "/events/webhook", "webhooks", query=query)

    def remove_webhook(self, id: str, /, *, if_match: str | None = None) -> None:
        """Removes a webhook."""
        self.call("DELETE", f"/events/webhook/{self.quoted(id)}", if_match=if_match)

    def get_webhook(self, id: str, /) -> shapes.WebhookDetail:
        """One webhook with its counts."""
        return self.call("GET", f"/events/webhook/{self.quoted(id)}")

    def update_webhook(
        self, id: str, /, *, if_match: str | None = None, **body: Unpack[shapes.UpdateWebhook]
    ) -> shapes.WebhookDetail:
        """Changes what is given."""
        return self.call("PUT", f"/events/webhook/{self.quoted(id)}", if_match=if_match, body=body)

    def pause_webhook(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.Nothing],
    ) -> shapes.WebhookDetail:
        """Holds deliveries back."""
        return self.call(
            "POST",
            f"/events/webhook/{self.quoted(id)}/pause",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def resume_webhook(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.Nothing],
    ) -> shapes.WebhookDetail:
        """Delivers again; what was held back is sent."""
        return self.call(
            "POST",
            f"/events/webhook/{self.quoted(id)}/resume",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def test_webhook(
        self, id: str, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.Nothing]
    ) -> shapes.DeliveryDetail:
        """Sends one request now and tells what came back."""
        return self.call("POST", f"/events/webhook/{self.quoted(id)}/test", idempotency_key=idempotency_key, body=body)

    def rotate_webhook_secret(
        self,
        id: str,
        /,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        **body: Unpack[shapes.RotateSecret],
    ) -> shapes.SecretRotated:
        """Signs with a new secret, and for a while with the old one too."""
        return self.call(
            "POST",
            f"/events/webhook/{self.quoted(id)}/rotate-secret",
            idempotency_key=idempotency_key,
            if_match=if_match,
            body=body,
        )

    def redeliver_failed(
        self, id: str, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.RedeliverFailed]
    ) -> shapes.Redelivered:
        """Sends again what failed since a time."""
        return self.call(
            "POST", f"/events/webhook/{self.quoted(id)}/redeliver", idempotency_key=idempotency_key, body=body
        )

    def list_deliveries(self, id: str, /, **query: Unpack[shapes.ListDeliveriesQuery]) -> shapes.DeliveryPage:
        """Deliveries of a webhook, newest first."""
        return self.call("GET", f"/events/webhook/{self.quoted(id)}/deliveries", query=query)

    def iterate_deliveries(
        self, id: str, /, **query: Unpack[shapes.ListDeliveriesQuery]
    ) -> Iterator[shapes.DeliverySummary]:
        """Deliveries of a webhook, newest first. Goes through all pages."""
        return self.pages("GET", f"/events/webhook/{self.quoted(id)}/deliveries", "deliveries", query=query)

    def get_delivery(self, id: str, event_id: str, /) -> shapes.DeliveryDetail:
        """One delivery with its requests and their answers."""
        return self.call("GET", f"/events/webhook/{self.quoted(id)}/deliveries/{self.quoted(event_id)}")

    def redeliver(
        self, id: str, event_id: str, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.Nothing]
    ) -> shapes.DeliveryDetail:
        """Sends one event again."""
        return self.call(
            "POST",
            f"/events/webhook/{self.quoted(id)}/deliveries/{self.quoted(event_id)}/redeliver",
            idempotency_key=idempotency_key,
            body=body,
        )

    def list_agents(self, /, **query: Unpack[shapes.ListAvailableAgentsQuery]) -> shapes.AgentList:
        """Agents with their workload, by id; the summary counts all that are registered."""
        return self.call("GET", "/resources/agents", query=query)

    def register_agent(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.RegisterAgent]
    ) -> shapes.AgentView:
        """Registers an agent: who has its id as the subject of a token acts as this agent."""
        return self.call("POST", "/resources/agents", idempotency_key=idempotency_key, body=body)

    def get_agent(self, id: str, /) -> shapes.AgentView:
        """One agent with its workload."""
        return self.call("GET", f"/resources/agents/{self.quoted(id)}")

    def update_agent(
        self, id: str, /, *, if_match: str | None = None, **body: Unpack[shapes.UpdateAgent]
    ) -> shapes.AgentView:
        """Changes an agent: what is not given stays."""
        return self.call("PUT", f"/resources/agents/{self.quoted(id)}", if_match=if_match, body=body)

    def remove_agent(self, id: str, /, *, if_match: str | None = None) -> None:
        """Removes an agent; one with open tasks stays (409)."""
        self.call("DELETE", f"/resources/agents/{self.quoted(id)}", if_match=if_match)

    def report_heartbeat(
        self, id: str, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.Heartbeat]
    ) -> shapes.AgentView:
        """A sign of life, with the status that the agent gives itself."""
        return self.call(
            "POST", f"/resources/agents/{self.quoted(id)}/heartbeat", idempotency_key=idempotency_key, body=body
        )

    def list_services(self, /, **query: Unpack[shapes.ListAvailableServicesQuery]) -> shapes.ServiceList:
        """Services with their load, by name; the summary counts all that are registered."""
        return self.call("GET", "/resources/services", query=query)

    def register_service(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.RegisterService]
    ) -> shapes.ServiceView:
        """Registers a service: tasks whose type is its name are done by it. Credentials are kept encrypted."""
        return self.call("POST", "/resources/services", idempotency_key=idempotency_key, body=body)

    def get_service(self, id: str, /) -> shapes.ServiceView:
        """One service with its load."""
        return self.call("GET", f"/resources/services/{self.quoted(id)}")

    def update_service(
        self, id: str, /, *, if_match: str | None = None, **body: Unpack[shapes.UpdateService]
    ) -> shapes.ServiceView:
        """Changes a service: what is not given stays."""
        return self.call("PUT", f"/resources/services/{self.quoted(id)}", if_match=if_match, body=body)

    def remove_service(self, id: str, /, *, if_match: str | None = None) -> None:
        """Removes a service; one with open tasks stays (409)."""
        self.call("DELETE", f"/resources/services/{self.quoted(id)}", if_match=if_match)

    def get_capacity(self, /) -> shapes.Capacity:
        """Slots for workflows, limits, what is measured of both, load of services, and what would help."""
        return self.call("GET", "/resources/capacity")

    def set_allocation(
        self, /, *, idempotency_key: str | None = None, **body: Unpack[shapes.SetAllocation]
    ) -> shapes.AllocationView:
        """Keeps slots for a definition, a project or the callers of a service; what was kept for the same
        before is released. More than the others leave is a 409.
        """
        return self.call("POST", "/resources/allocation", idempotency_key=idempotency_key, body=body)

    def list_allocations(self, /) -> shapes.AllocationList:
        """Every allocation that is kept, the most specific first."""
        return self.call("GET", "/resources/allocation")

    def release_allocation(self, id: str, /) -> None:
        """Releases an allocation: instances in its slots go on."""
        self.call("DELETE", f"/resources/allocation/{self.quoted(id)}")

    def get_health(self, /) -> shapes.Health:
        """Whether the parts answer their probes, and how fast; 503 with the same body when the record does not.
        A token with monitoring:read sees details, registered services and recent requests too.
        """
        return self.call("GET", "/health")

    def get_metrics(self, /) -> shapes.ServiceNumbers:
        """All numbers; as Prometheus text when `Accept` asks for text/plain or application/openmetrics-text.
        Tokens confined to some projects are refused with 403.
        """
        return self.call("GET", "/metrics")

    def get_openapi(self, /) -> shapes.OpenApi:
        """This API as an OpenAPI 3.1 document."""
        return self.call("GET", "/openapi.json")
