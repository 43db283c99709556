"""What wakes the consumers: new events of the table, status changes of executions, the repair schedule."""

# pyright: reportArgumentType=false
# jsii names the parameters of its protocols otherwise than those of the classes that implement them.

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.constructs.machines import Machines
from infra.constructs.queues import DeadLetterQueue, WorkQueue

#: Sort keys of events begin so (docs/data-model.md).
EVENT_SORT_KEY = "EVENT#"
_ENDED = ["FAILED", "TIMED_OUT", "ABORTED", "SUCCEEDED"]


def new_events(table: dynamodb.Table, *, dead_letters: DeadLetterQueue) -> sources.DynamoEventSource:
    """The outbox: every event written to the table, in order per partition, from the beginning of the stream.

    A record that keeps failing is isolated by bisecting and, after its retries, its position goes to `dead_letters`.
    """
    inserted = lambda_.FilterCriteria.filter(
        {
            "eventName": lambda_.FilterRule.is_equal("INSERT"),
            "dynamodb": {"Keys": {"sk": {"S": lambda_.FilterRule.begins_with(EVENT_SORT_KEY)}}},
        }
    )
    return sources.DynamoEventSource(
        table,
        starting_position=lambda_.StartingPosition.TRIM_HORIZON,
        batch_size=100,
        bisect_batch_on_error=True,
        report_batch_item_failures=True,
        retry_attempts=50,
        on_failure=sources.SqsDlq(dead_letters),
        filters=[inserted],
    )


def status_changes(scope: Construct, machines: Machines, *, to: WorkQueue) -> events.Rule:
    """Ends of executions of this stage's machines, which Step Functions reports on the default bus."""
    return events.Rule(
        scope,
        "ExecutionEnded",
        description="Executions that ended, for the execution watch",
        event_pattern=events.EventPattern(
            source=["aws.states"],
            detail_type=["Step Functions Execution Status Change"],
            detail={"status": _ENDED, "stateMachineArn": [{"prefix": machines.arn_prefix}]},
        ),
        targets=[targets.SqsQueue(to.queue, dead_letter_queue=to.dead_letters)],
    )


def timer_schedule(scope: Construct, function: lambda_.Function, *, prefix: str) -> events.Rule:
    """Every minute: start what the timers of start events say. A missed run is made up by the next."""
    patience = Duration.minutes(1)
    return events.Rule(
        scope,
        "StartTimers",
        rule_name=f"{prefix}-start-timers",
        description="Sweeps the timers of start events",
        schedule=events.Schedule.rate(Duration.minutes(1)),
        targets=[targets.LambdaFunction(function, retry_attempts=0, max_event_age=patience)],
    )


def repair_schedule(scope: Construct, functions: Sequence[lambda_.Function], *, prefix: str) -> events.Rule:
    """Every five minutes: find what a crash between commit and act left out. A missed run is made up by the next."""
    patience = Duration.minutes(5)
    return events.Rule(
        scope,
        "Repair",
        rule_name=f"{prefix}-repair",
        description="Reconciles the record with the engine",
        schedule=events.Schedule.rate(Duration.minutes(5)),
        targets=[targets.LambdaFunction(each, retry_attempts=0, max_event_age=patience) for each in functions],
    )
