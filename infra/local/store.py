"""The file that holds all state: records of collections, and large immutable blobs, written in one transaction."""

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    collection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (collection, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blob (hash TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
"""


@dataclass(slots=True)
class Changes:
    """What one save writes. A record is named by (collection, key); None removes it."""

    records: dict[tuple[str, str], str | None] = field(default_factory=dict[tuple[str, str], str | None])
    blobs: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def put(self, collection: str, key: str, value: str | None) -> None:
        """Write or remove a record."""
        self.records[collection, key] = value

    def blob(self, data: bytes) -> str:
        """Keep the bytes; their hash."""
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return digest

    def __bool__(self) -> bool:
        return bool(self.records or self.blobs)


class Store:
    """SQLite: a save is one transaction, so a kill leaves the state of some save, never a mix."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)
        self._known = {row[0] for row in self._database.execute("SELECT hash FROM blob")}

    def write(self, changes: Changes) -> None:
        """Write all changes, or none of them."""
        removed = [key for key, value in changes.records.items() if value is None]
        written = [(*key, value) for key, value in changes.records.items() if value is not None]
        fresh = {digest: data for digest, data in changes.blobs.items() if digest not in self._known}
        self._database.execute("BEGIN IMMEDIATE")
        try:
            self._database.executemany("INSERT INTO blob VALUES (?, ?)", fresh.items())
            self._database.executemany("DELETE FROM record WHERE collection = ? AND key = ?", removed)
            self._database.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", written)
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
        self._known |= fresh.keys()

    def collections(self) -> list[str]:
        """The names of all collections with records."""
        return [row[0] for row in self._database.execute("SELECT DISTINCT collection FROM record")]

    def read(self, collection: str) -> Iterator[tuple[str, str]]:
        """Keys and values of a collection."""
        yield from self._database.execute("SELECT key, value FROM record WHERE collection = ?", (collection,))

    def blob(self, digest: str) -> bytes:
        """The bytes with this hash; raises KeyError."""
        row = self._database.execute("SELECT data FROM blob WHERE hash = ?", (digest,)).fetchone()
        if row is None:
            raise KeyError(digest)
        return row[0]

    def drop(self, collection: str) -> None:
        """Remove a whole collection."""
        self._database.execute("DELETE FROM record WHERE collection = ?", (collection,))

    def keep_blobs(self, used: set[str]) -> None:
        """Remove all other blobs."""
        unused = self._known - used
        self._database.executemany("DELETE FROM blob WHERE hash = ?", [(digest,) for digest in unused])
        self._known -= unused

    def close(self) -> None:
        """Fold the journal in and close the file."""
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._database.close()
