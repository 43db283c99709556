"""Query parameters: typed, each fault names the parameter and what is allowed; unknown ones are refused."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from orchestrator.domain.errors import InvalidRequest
from orchestrator.ports.paging import Page

Choice = TypeVar("Choice", bound=StrEnum)
LARGEST_LIMIT = 200
LARGEST_OFFSET = 10_000
DEFAULT_LIMIT = 50


class Parameters:
    """The query of one request; `done` refuses what no route asked for."""

    def __init__(self, given: dict[str, str]) -> None:
        self._left = given

    def text(self, name: str) -> str | None:
        """A text; an empty one is refused."""
        value = self._left.pop(name, None)
        if value is not None and not value.strip():
            raise InvalidRequest(name, "must not be empty")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Texts, separated by commas."""
        value = self.text(name)
        return tuple(part.strip() for part in value.split(",") if part.strip()) if value else ()

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        """One of an enumeration."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        try:
            return kind(value)
        except ValueError:
            raise InvalidRequest(name, f"must be one of {', '.join(kind)}") from None

    def flag(self, name: str, *, default: bool) -> bool:
        """`true` or `false`."""
        value = self._left.pop(name, None)
        if value is None:
            return default
        if value not in {"true", "false"}:
            raise InvalidRequest(name, "must be true or false")
        return value == "true"

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._left.pop(name, None)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):  # noqa: PLR2004
            raise InvalidRequest(name, f"must be a whole number from {least} to {most}")
        return int(value)

    def moment(self, name: str) -> datetime | None:
        """A time, ISO 8601; without an offset it is UTC."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value.replace(" ", "+"))
        except ValueError:
            raise InvalidRequest(name, "must be an ISO 8601 timestamp") from None
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    def page(self, *, default_limit: int = DEFAULT_LIMIT) -> Page:
        """`limit`, `offset` and `cursor`."""
        return Page(
            limit=self.number("limit", default=default_limit, least=1, most=LARGEST_LIMIT),
            offset=self.number("offset", default=0, least=0, most=LARGEST_OFFSET),
            cursor=self.text("cursor"),
        )

    def done(self) -> None:
        """Refuse unknown parameters.

        Raises:
            InvalidRequest: one is left.
        """
        for name in self._left:
            raise InvalidRequest(name, "unknown query parameter")
