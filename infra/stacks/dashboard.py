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


def _events(service: ServiceStack, data: DataStack) -> list[cloudwatch.IWidget]:
    relay = service.functions.all["outbox_relay"]
    work = (service.service_calls, service.execution_changes, *service.messaging.queues)
    dead = (service.outbox_dead_letters, *(queue.dead_letters for queue in work))
    waiting = tuple(queue.queue for queue in work)
    return [
        _graph("Outbox lag, ms", relay.metric("IteratorAge", statistic="Maximum")),
        _graph("Oldest message, s", *(queue.metric_approximate_age_of_oldest_message() for queue in waiting)),
        _graph("Dead letters", *(queue.metric_approximate_number_of_messages_visible() for queue in dead)),
        _graph("Table: throttled", data.table.metric_throttled_requests_for_operations()),
    ]
