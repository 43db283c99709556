"""The rules of docs/insights.md, applied anew to recounted figures."""

from collections import Counter, defaultdict

from tests.insights.recount import day, mean, percent


def constraints(recount):
    """(resource, kind, type) -> (impact, figures)."""
    waits, works, failed = defaultdict(list), defaultdict(list), Counter()
    for event in recount.events:
        who = event.data.get("assigned_to")
        if not event.type.startswith("task_") or not who:
            continue
        key = who, event.data["agent_type"]
        if event.type == "task_started":
            waits[key].append(event.data["waiting_time"])
        if event.type == "task_completed":
            works[key].append(event.data["execution_time"])
        failed[key] += event.type == "task_failed"
    found = {}
    for key in {*waits, *works, *failed}:
        waiting, duration = mean(waits[key]), mean(works[key])
        if len(waits[key]) >= 5 and duration is not None and waiting > duration:
            figures = {"average_waiting": waiting, "average_duration": duration, "starts": len(waits[key])}
            found[*key, "capacity"] = _impact(waiting / duration, 2, 4), figures
        executed = failed[key] + len(works[key])
        rate = percent(failed[key], executed)
        if executed >= 5 and rate >= 10:
            figures = {"failure_rate": rate, "failed": failed[key], "executed": executed}
            found[*key, "reliability"] = _impact(rate, 20, 40), figures
    return found


def _impact(value, medium, high):
    return "high" if value >= high else "medium" if value >= medium else "low"


def recommendations(recount):
    """A list of (type, target, figures), in no order."""
    found = []
    worst = sorted(recount.slowest().items(), key=lambda item: (-item[1][0] * item[1][1], item[0]))[:10]
    for (_, _, name), (average, frequency, waiting, share) in worst:
        if share is not None and share >= 25 and frequency >= 5:
            figures = {"average_duration": average, "average_waiting": waiting or 0.0, "frequency": frequency}
            found.append(("task_optimization", name, figures | {"share_of_execution_time": share}))
    for (resource, _, kind), (impact, figures) in constraints(recount).items():
        if impact != "low":
            found.append(("resource_allocation" if kind == "capacity" else "reliability", resource, figures))
    return found


def patterns(recount, days):
    """{(type, subject): figures}; `days` is how many the period has."""
    failures = recount.failures()
    codes = Counter(recount.code(event) for event in failures)
    elements = Counter(_place(event) for event in failures)
    found = {}
    for kind, counted in (("dominant_error", codes), ("failing_task", elements)):
        whole = sum(counted.values())
        for subject, number in counted.items():
            if whole >= 5 and percent(number, whole) >= 50:
                name = subject if isinstance(subject, str) else subject[-1]
                found[kind, name] = {"failures": number, "of": whole, "share": percent(number, whole)}
    for code in codes:
        seen = {day(event.timestamp) for event in failures if recount.code(event) == code}
        if len(seen) >= 3:
            found["recurring", code] = {"days": len(seen)}
    by_day = [number for _, number in sorted(recount.failing_days().items())]
    assert len(by_day) == days
    half = len(by_day) // 2
    earlier, later = sum(by_day[:half]), sum(by_day[len(by_day) - half :])
    if later >= 5 and later >= 2 * earlier:
        found["rising", "failures"] = {"earlier": earlier, "later": later}
    return found


def _place(event):
    return event.subject.definition_id, event.element_id, event.data.get("task_name") or event.element_id


def loads(recount, seconds):
    """(name, kind) -> (started, completed, failed, average duration, utilization) in a window."""
    found = {}
    for (kind, name), (_, completed, failed, _, duration, _) in recount.performers().items():
        mine = [e for e in recount.events if (e.data.get("agent_type"), e.data.get("assigned_to")) == (kind, name)]
        started = sum(event.type == "task_started" for event in mine)
        worked = sum(event.data["execution_time"] for event in mine if event.type == "task_completed")
        found[name, kind] = started, completed, failed, duration, min(100.0, percent(worked, seconds))
    return found
