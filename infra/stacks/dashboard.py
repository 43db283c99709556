"""The dashboard: what a person on call looks at first."""

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.stacks.data import DataStack
from infra.stacks.service import ServiceStack


class Dashboard(Construct):
    """API, functions, engine, outbox and queues on one page."""

    def __init__(
        self, scope: Construct, construct_id: str, *, prefix: str, data: DataStack, service: ServiceStack
    ) -> None:
        super().__init__(scope, construct_id)
        board = cloudwatch.Dashboard(self, "Board", dashboard_name=prefix)
        board.add_widgets(*_api(service))
        board.add_widgets(*_functions(service))
        board.add_widgets(*_events(service, data))
        board.add_widgets(*_workflows(prefix))


def _graph(title: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=8)


def _api(service: ServiceStack) -> list[cloudwatch.IWidget]:
    rest = service.api.rest
    latencies = [rest.metric_latency(statistic=statistic, label=statistic) for statistic in ("p50", "p95", "p99")]
    return [
        _graph("Requests", rest.metric_count()),
        _graph("Errors", rest.metric_client_error(), rest.metric_server_error()),
        _graph("Latency", *latencies),
    ]


def _functions(service: ServiceStack) -> list[cloudwatch.IWidget]:
    functions = service.functions.all
    return [
        _graph("Durations, p95", *(f.metric_duration(statistic="p95", label=name) for name, f in functions.items())),
        _graph("Function errors", *(f.metric_errors(label=name) for name, f in functions.items())),
        _graph("Throttles", *(f.metric_throttles(label=name) for name, f in functions.items())),
    ]


def _workflows(prefix: str) -> list[cloudwatch.IWidget]:
    """What the functions report themselves (embedded metric format)."""

    def metric(name: str, statistic: str) -> cloudwatch.Metric:
        dimensions = {"service": "task-orchestrator"}
        return cloudwatch.Metric(namespace=prefix, metric_name=name, dimensions_map=dimensions, statistic=statistic)

    ends = ("WorkflowsCompleted", "WorkflowsFailed", "WorkflowsRebuilt", "TasksFailed")
    return [
        _graph("Workflows", *(metric(name, "Sum") for name in ends)),
        _graph("CPU of functions, %", metric("CpuUsage", "Average"), metric("CpuUsage", "Maximum")),
        _graph("Memory of functions, MB", metric("PeakMemory", "Average"), metric("PeakMemory", "Maximum")),
    ]


def _events(service: ServiceStack, data: DataStack) -> list[cloudwatch.IWidget]:
    relay, projector = service.functions.all["outbox_relay"], service.functions.all["projector"]
    work = service.work_queues
    own = (service.outbox_dead_letters, service.projector_dead_letters)
    dead = (*own, *(queue.dead_letters for queue in work))
    waiting = tuple(queue.queue for queue in work)
    return [
        _graph(
            "Stream lag, ms",
            relay.metric("IteratorAge", statistic="Maximum", label="outbox"),
            projector.metric("IteratorAge", statistic="Maximum", label="statistics"),
        ),
        _graph("Oldest message, s", *(queue.metric_approximate_age_of_oldest_message() for queue in waiting)),
        _graph("Dead letters", *(queue.metric_approximate_number_of_messages_visible() for queue in dead)),
        _graph("Table: throttled", data.table.metric_throttled_requests_for_operations()),
    ]
