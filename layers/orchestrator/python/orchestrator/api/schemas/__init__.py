"""Shapes on the wire: what requests may carry, and what answers look like."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict


def _iso_8601(value: Any) -> datetime:
    """Pydantic alone takes numbers for seconds since 1970."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("must be an ISO 8601 timestamp with an offset") from None


#: a time on the wire
Moment = Annotated[AwareDatetime, BeforeValidator(_iso_8601)]


class Shape(BaseModel):
    """A request body or part of one: unknown fields and wrong types are refused, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True)
