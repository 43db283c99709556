"""Lists: which page is asked for, and what it holds."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Entity = TypeVar("Entity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list: `cursor` (opaque, from the previous page) or `offset`, and at most `limit` items."""

    limit: int = 50
    offset: int = 0
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[Entity]):
    """One page, newest first. `total` counts all matches; `total_is_exact` is False where counting was cut off."""

    items: tuple[Entity, ...]
    total: int
    has_more: bool
    next_cursor: str | None = None
    total_is_exact: bool = True
