"""JSON of callers as it passes through: variables, results, metadata."""

from collections.abc import Mapping
from typing import Any

JsonObject = Mapping[str, Any]
