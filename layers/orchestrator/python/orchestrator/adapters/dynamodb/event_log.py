"""The event log as it is read: of an instance, of a type, or all of it; each is one indexed query."""

from dataclasses import dataclass

from orchestrator.adapters.dynamodb import keys, lists, outbox
from orchestrator.adapters.dynamodb.codec import instant
from orchestrator.adapters.dynamodb.counters import ALL
from orchestrator.adapters.dynamodb.lists import Source
from orchestrator.adapters.dynamodb.schema import GSI1, GSI2
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.writes import Filters
from orchestrator.domain.events import Event
from orchestrator.ports.events import EventQuery
from orchestrator.ports.paging import Listing, Page


@dataclass(frozen=True, slots=True)
class DynamoDBEventLog:
    """`ports.events.EventLog`."""

    table: Table

    def list(self, query: EventQuery, page: Page) -> Listing[Event]:
        """One Query; and for the total one BatchGetItem of a counter, or a counting Query."""
        return lists.page_of(self.table, _source(query), page, outbox.read)


def _source(query: EventQuery) -> Source:
    if query.instance_id:
        return Source(
            partition=keys.instance(query.instance_id),
            index=None,
            filters=_filters(query),
            low=keys.EVENT,
            high=keys.EVENT + lists.HIGHEST,
        )
    of_type = query.event_type
    return Source(
        partition=keys.events_of_type(of_type) if of_type else keys.EVENTS,
        index=GSI2 if of_type else GSI1,
        filters=_filters(query),
        low=lists.since(query.after),
        high=lists.until(query.before),
        counter=_counter(query),
    )


def _counter(query: EventQuery) -> tuple[str, tuple[str, ...]] | None:
    """The counter of just this list; where a time or projects narrow it, there is none."""
    if query.after or query.before or query.visible_projects is not None:
        return None
    return ALL, ((f"event.type.{query.event_type}" if query.event_type else "event"),)


def _filters(query: EventQuery) -> Filters:
    """What the key does not narrow: in an instance the keys are sequence numbers, so type and time are filtered."""
    clauses: list[str] = []
    names: dict[str, str] = {}
    values: dict[str, str] = {}
    if query.instance_id:
        for attribute, relation, value in (
            ("type", "=", query.event_type),
            ("timestamp", ">=", instant(query.after) if query.after else None),
            ("timestamp", "<=", instant(query.before) if query.before else None),
        ):
            if value is not None:
                clauses.append(f"#{attribute} {relation} :f{len(values)}")
                names[f"#{attribute}"] = attribute
                values[f":f{len(values)}"] = value
    if query.visible_projects is not None:
        places = {f":p{place}": project for place, project in enumerate(sorted(query.visible_projects))}
        clauses.append(f"#subject.#project IN ({', '.join(places)})" if places else "attribute_not_exists(#subject)")
        names |= {"#subject": "subject"} | ({"#project": "project_id"} if places else {})
        values |= places
    return Filters(clauses=tuple(clauses), names=names, values=values)
