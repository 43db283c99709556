"""Shapes on the wire: what requests may carry, and what answers look like."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A request body or part of one: unknown fields and wrong types are refused, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True)
