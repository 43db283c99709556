"""The figures of the endpoints, computed anew from raw events: plain lists and dictionaries, nothing of the product.

Names of counters, buckets and formulas are written again here, from docs/insights.md.
"""

import math
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta


def percent(part, whole):
    return round(100 * part / whole, 1) if whole else None


def mean(values):
    """In seconds, of values that are counted in whole milliseconds."""
    return round(sum(round(value * 1000) for value in values) / len(values) / 1000, 3) if values else None


def nearest_rank(values, q):
    return sorted(values)[max(1, math.ceil(q * len(values))) - 1] if values else None


def day(moment):
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


class Recount:
    def __init__(self, events, start, end, definition=None):
        self.events = [
            e for e in events
            if start <= e.timestamp < end and definition in (None, e.subject.definition_id)
        ]  # fmt: skip
        self.start, self.end = start, end

    def of(self, *kinds):
        return [event for event in self.events if event.type in kinds]

    def number(self, *kinds):
        return len(self.of(*kinds))

    def values(self, kind, name):
        return [event.data[name] for event in self.of(kind) if name in event.data]

    # --- monitoring/performance

    def workflows(self):
        completed, failed = self.number("workflow_completed"), self.number("workflow_failed")
        hours = (self.end - self.start).total_seconds() / 3600
        return {
            "total_workflows_started": self.number("workflow_started"),
            "total_workflows_completed": completed,
            "total_workflows_failed": failed,
            "total_workflows_cancelled": self.number("workflow_cancelled"),
            "total_workflows_terminated": self.number("workflow_terminated"),
            "average_execution_time": mean(self.values("workflow_completed", "execution_time")),
            "success_rate": percent(completed, completed + failed),
            "throughput_per_hour": round(completed / hours, 2),
        }

    def tasks(self):
        ended = self.of("task_completed", "task_failed")
        types = Counter(event.data["task_type"] for event in ended)
        return {
            "total_tasks_executed": len(ended),
            "average_task_duration": mean(self.values("task_completed", "execution_time")),
            "task_failure_rate": percent(self.number("task_failed"), len(ended)),
            "most_common_task_types": [
                {"type": kind, "count": n, "percentage": percent(n, len(ended))}
                for kind, n in sorted(types.items(), key=lambda item: (-item[1], item[0]))
            ],
        }

    def points(self, width):
        """One per bucket: start -> (started, completed, failed, average)."""
        step = int(width.total_seconds())
        found = {}
        at = datetime.fromtimestamp(int(self.start.timestamp()) // step * step, UTC)
        while at < self.end:
            inside = Recount(self.events, max(at, self.start), min(at + width, self.end))
            found[at] = (
                inside.number("workflow_started"), inside.number("workflow_completed"), inside.number("workflow_failed"),
                mean(inside.values("workflow_completed", "execution_time")),
            )  # fmt: skip
            at += width
        return found

    # --- analytics

    def executions(self):
        times = self.values("workflow_completed", "execution_time")
        completed, failed = self.number("workflow_completed"), self.number("workflow_failed")
        return {
            "total_executions": completed + failed,
            "successful_executions": completed,
            "failed_executions": failed,
            "success_rate": percent(completed, completed + failed),
            "average_execution_time": mean(times),
            "fastest_execution": min(times) if times else None,
            "slowest_execution": max(times) if times else None,
        }

    def slowest(self):
        """(definition, element, name) -> (average, frequency, waiting, share of execution time)."""
        whole = sum(round(1000 * value) for value in self.values("workflow_completed", "execution_time"))
        spent, waited = defaultdict(list), defaultdict(list)
        for event in self.of("task_completed"):
            spent[self.element(event)].append(event.data["execution_time"])
        for event in self.of("task_started"):
            waited[self.element(event)].append(event.data["waiting_time"])
        return {
            key: (mean(values), len(values), mean(waited[key]),
                  percent(min(sum(round(1000 * v) for v in values), whole), whole))
            for key, values in spent.items()
        }  # fmt: skip

    @staticmethod
    def element(event):
        return event.subject.definition_id, event.element_id, event.data["task_name"]

    def created(self, field):
        number = Counter(event.data[field] for event in self.of("task_created"))
        completed = Counter(event.data[field] for event in self.of("task_completed"))
        failed = Counter(event.data[field] for event in self.of("task_failed"))
        whole = self.number("task_created")
        return {key: (n, completed[key], failed[key], percent(n, whole)) for key, n in number.items()}

    def performers(self):
        """(kind, name) -> (assigned, completed, failed, share, duration, waiting)."""
        found = defaultdict(lambda: ([], [], [], [], []))
        for event in self.events:
            if event.type.startswith("task_") and event.data.get("assigned_to"):
                key = event.data["agent_type"], event.data["assigned_to"]
                place = ("task_assigned", "task_completed", "task_failed", "task_started")
                if event.type in place:
                    found[key][place.index(event.type)].append(event.data)
                else:
                    found[key][4].append(event.data)
        whole = sum(len(rows[1]) + len(rows[2]) for rows in found.values())
        return {
            key: (
                len(assigned), len(completed), len(failed), percent(len(completed) + len(failed), whole),
                mean([data["execution_time"] for data in completed]), mean([data["waiting_time"] for data in started]),
            )
            for key, (assigned, completed, failed, started, _) in found.items()
        }  # fmt: skip

    def failures(self):
        """Failed tasks, and failed workflows that no task failed."""
        return [
            event for event in self.of("task_failed", "workflow_failed")
            if event.type == "task_failed" or not event.data.get("failed_task_name")
        ]  # fmt: skip

    def code(self, event):
        return event.data.get("error_code") or event.data["error_details"]["error_code"]

    def codes(self):
        """code -> (count, share, first, last, instances)."""
        by_code, instances = defaultdict(list), defaultdict(set)
        for event in self.failures():
            by_code[self.code(event)].append(event.timestamp)
        for event in self.of("task_failed", "workflow_failed"):
            instances[self.code(event)].add(event.subject.instance_id)
        whole = len(self.failures())
        return {
            code: (len(times), percent(len(times), whole), min(times), max(times), len(instances[code]))
            for code, times in by_code.items()
        }

    def failing_days(self):
        number = Counter(day(event.timestamp) for event in self.failures())
        days, at = {}, day(self.start)
        while at < self.end:
            days[at] = number[at]
            at += timedelta(days=1)
        return days
