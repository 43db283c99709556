"""Pages of lists, newest first: from an index partition, filtered there, with totals.

The cursor is the position of the last item handed out. A page costs what it shows: an offset is walked, so
it is bounded; beyond, callers page by cursor. A total comes from a counter where one exists for just this
list, and else from a counting query that gives up after a few megabytes.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from orchestrator.adapters.dynamodb import counters
from orchestrator.adapters.dynamodb.attributes import unmarshal
from orchestrator.adapters.dynamodb.codec import instant
from orchestrator.adapters.dynamodb.schema import Index
from orchestrator.adapters.dynamodb.table import Plain, Table
from orchestrator.adapters.dynamodb.writes import Filters
from orchestrator.domain.errors import InvalidRequest
from orchestrator.ports.paging import Listing, Page

Entity = TypeVar("Entity")
LARGEST_OFFSET: Final = 10_000
COUNTED_PAGES: Final = 4
WALKED_PAGES: Final = 25
FILTERED_PAGE: Final = 200
LOWEST: Final = " "
HIGHEST: Final = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a list is read: a partition, the positions in it, and the counter that totals it (dimension, names).

    `resolve` turns rows that only point at items into the items that match, positions kept.
    """

    partition: str
    index: Index | None
    filters: Filters = field(default_factory=Filters)
    low: str = LOWEST
    high: str = HIGHEST
    counter: tuple[str, tuple[str, ...]] | None = None
    resolve: Callable[[list[Plain]], list[Plain]] | None = None

    @property
    def sort_key(self) -> str:
        """The attribute that holds the position."""
        return self.index.sort_key if self.index else "sk"


def since(moment: datetime | None) -> str:
    """The lowest position of things created at or after a moment."""
    return instant(moment) if moment else LOWEST


def until(moment: datetime | None) -> str:
    """The highest position of things created at or before a moment."""
    return instant(moment) + HIGHEST if moment else HIGHEST


def page_of(table: Table, source: Source, page: Page, decode: Callable[[Plain], Entity]) -> Listing[Entity]:
    """One page of a source.

    Raises:
        InvalidRequest: the cursor is none of ours, or the offset is beyond what is walked.
    """
    if page.offset > LARGEST_OFFSET:
        raise InvalidRequest("offset", f"must be at most {LARGEST_OFFSET}; use cursor for greater depth")
    after = position_of(page.cursor)
    walk = _Walk(table, source, after or source.high, after)
    wanted = page.offset + page.limit + 1
    found: list[Plain] = []
    for item in walk.items(wanted):
        found.append(item)
        if len(found) == wanted:
            break
    shown = found[page.offset : page.offset + page.limit]
    more = len(found) == wanted or walk.cut_off
    whole = not more and after is None
    total, exact = (len(found), True) if whole else count(table, source)
    last = found[wanted - 2][source.sort_key] if len(found) == wanted and wanted > 1 else walk.reached
    return Listing(
        items=tuple(decode(item) for item in shown),
        total=total,
        total_is_exact=exact,
        has_more=more,
        next_cursor=cursor_at(last) if more else None,
    )


@dataclass(slots=True)
class _Walk:
    """A walk down a source, at most so many pages; `reached` is the last position looked at."""

    table: Table
    source: Source
    high: str
    beyond: str | None
    reached: str = HIGHEST
    cut_off: bool = False

    def items(self, wanted: int) -> Iterator[Plain]:
        narrowed = self.source.filters.clauses or self.source.resolve
        limit = max(wanted, FILTERED_PAGE) if narrowed else wanted + (self.beyond is not None)
        after: dict[str, Any] | None = None
        for _ in range(WALKED_PAGES):
            answer = self._page(limit, after)
            rows = [unmarshal(item) for item in answer["Items"]]
            for item in self.source.resolve(rows) if self.source.resolve else rows:
                if item[self.source.sort_key] != self.beyond:
                    yield item
            after = answer.get("LastEvaluatedKey")
            if not after:
                return
            self.reached = after[self.source.sort_key]["S"]
        self.cut_off = True

    def _page(self, limit: int, after: dict[str, Any] | None) -> dict[str, Any]:
        return self.table.query(
            self.source.partition,
            low=self.source.low,
            high=self.high,
            index=self.source.index,
            consistent=self.source.index is None,
            forward=False,
            limit=limit,
            filters=self.source.filters,
            after=after,
        )


def count(table: Table, source: Source) -> tuple[int, bool]:
    """How many items a source has, and whether that is exact."""
    if source.counter is not None:
        dimension, names = source.counter
        return counters.total(counters.read(table, dimension), names), True
    if source.resolve is not None:
        walk = _Walk(table, source, source.high, None)
        return sum(1 for _ in walk.items(FILTERED_PAGE)), not walk.cut_off
    matches, after = 0, None
    for _ in range(COUNTED_PAGES):
        answer = table.query(
            source.partition,
            low=source.low,
            high=source.high,
            index=source.index,
            consistent=source.index is None,
            filters=source.filters,
            count=True,
            after=after,
        )
        matches += answer["Count"]
        after = answer.get("LastEvaluatedKey")
        if not after:
            return matches, True
    return matches, False


def cursor_at(position: str) -> str:
    """An opaque cursor."""
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def position_of(cursor: str | None) -> str | None:
    """The position in a cursor.

    Raises:
        InvalidRequest: it is none of ours.
    """
    if cursor is None:
        return None
    try:
        position = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        position = ""
    if not position or "#" not in position or not position.isprintable():
        raise InvalidRequest("cursor", "is not a cursor of a previous page")
    return position


@dataclass(slots=True)
class Narrowing:
    """Gathers the filters of a query; None narrows nothing."""

    clauses: list[str] = field(default_factory=list[str])
    names: dict[str, str] = field(default_factory=dict[str, str])
    values: dict[str, Any] = field(default_factory=dict[str, Any])

    def equal(self, attribute: str, value: object | None) -> None:
        """The attribute has this value."""
        self._clause(attribute, value, "{name} = {value}")

    def contains(self, attribute: str, value: object) -> None:
        """The list has this element."""
        self._clause(attribute, value, "contains({name}, {value})")

    def at_most(self, attribute: str, value: object | None) -> None:
        """The attribute is there and not above this value."""
        self._clause(attribute, value, "{name} <= {value}")

    def one_of(self, attribute: str, values: frozenset[str] | None) -> None:
        """The attribute has one of these values; of an empty set, none has."""
        if values is None:
            return
        if not values:
            self._clause(attribute, "", "({name} = {value} AND attribute_not_exists({name}))")
            return
        name = self._name(attribute)
        places = [self._value(value) for value in sorted(values)]
        self.clauses.append(f"{name} IN ({', '.join(places)})")

    def filters(self) -> Filters:
        """What was gathered."""
        return Filters(clauses=tuple(self.clauses), names=self.names, values=self.values)

    def _clause(self, attribute: str, value: object | None, form: str) -> None:
        if value is not None:
            self.clauses.append(form.format(name=self._name(attribute), value=self._value(value)))

    def _name(self, attribute: str) -> str:
        self.names[f"#{attribute}"] = attribute
        return f"#{attribute}"

    def _value(self, value: object) -> str:
        place = f":f{len(self.values)}"
        self.values[place] = value
        return place
