"""Alarms, and that the local stack never meets what only AWS has."""

from tests.infra.assembly import Assembly, text

#: Types that the local stack refuses (see docs/adr for the local stack).
AWS_ONLY = {"AWS::Events::Archive", "AWS::ResourceGroups::Group", "AWS::XRay::Group"}


def _alarms(assembly: Assembly) -> list[dict[str, object]]:
    return [dict(row.properties) for row in assembly.stack("observability").of("AWS::CloudWatch::Alarm")]


def test_every_dead_letter_queue_has_an_alarm(stage: Assembly) -> None:
    queues = stage.stack("service").of("AWS::SQS::Queue")
    dead = {row.logical_id for row in queues if row.properties["QueueName"].endswith("-dead")}
    watched = {
        text(alarm["Dimensions"])
        for alarm in _alarms(stage)
        if alarm.get("MetricName") == "ApproximateNumberOfMessagesVisible"
    }
    assert dead
    for queue in dead:
        assert [dimension for dimension in watched if queue in dimension], queue


def test_every_function_has_alarms_for_errors_and_throttles(stage: Assembly) -> None:
    for metric in ("Errors", "Throttles"):
        watched = " ".join(text(row["Dimensions"]) for row in _alarms(stage) if row.get("MetricName") == metric)
        for folder, function in stage.functions.items():
            assert function.logical_id in watched, (metric, folder)


def test_every_alarm_tells_somebody(stage: Assembly) -> None:
    topic = stage.stack("observability").one("AWS::SNS::Topic").logical_id
    for alarm in _alarms(stage):
        assert alarm["AlarmActions"] == [{"Ref": topic}]
        assert alarm["AlarmDescription"]


def test_the_local_stack_never_meets_what_only_aws_has(stage: Assembly) -> None:
    for name in ("data", "service"):
        assert not AWS_ONLY & {row.kind for row in stage.stack(name).resources}
