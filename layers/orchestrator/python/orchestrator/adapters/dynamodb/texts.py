"""Long texts in items: compressed, and in the payload bucket when they would crowd the item."""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from orchestrator.ports.engine import PayloadStore

#: bytes after compression; an item may have 400 KB in all
INLINE_LIMIT: Final = 200_000


@dataclass(frozen=True, slots=True)
class Texts:
    """Writes and reads long texts."""

    payloads: PayloadStore

    def pack(self, text: str, *, owner: str) -> dict[str, Any]:
        """Attributes that hold the text; the same text gives the same attributes."""
        raw = text.encode()
        packed = gzip.compress(raw, mtime=0)
        if len(packed) <= INLINE_LIMIT:
            return {"gz": packed}
        key = f"texts/{owner}/{sha256(raw).hexdigest()}"
        self.payloads.put(key, text)
        return {"stored_at": key}

    def unpack(self, attributes: dict[str, Any]) -> str:
        """The text that `pack` put there."""
        if "stored_at" in attributes:
            return self.payloads.get(attributes["stored_at"])
        return gzip.decompress(attributes["gz"]).decode()
