"""Answers that a person has discarded, put aside for a while in memory, so that this can be taken back.

What is put aside is in no table any more: nothing can serve it, and it does not outlive the gateway.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from gateway_core.store.cache_room import forget_vectors
from gateway_core.store.instants import SECOND, Micros
from gateway_core.store.revisions import NOTHING, Check, revision

KEPT_ASIDE = 3_600
"""Seconds within which a discarded answer can be brought back."""
MOST_ASIDE = 32 * 2**20
"""Compressed bytes that are put aside; what was discarded first goes first."""

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with all that belongs to it. vector: of the question before it, where questions alike may get
    it too."""

    at: Micros
    entry: _Row
    vector: _Row | None


class Aside:
    """Discarded answers by key. Its work runs in the writer's transactions; `hold` and `drop` once they are
    committed."""

    def __init__(self) -> None:
        self._held: OrderedDict[bytes, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def hold(self, key: bytes, kept: Kept) -> bool:
        """Whether there is room for it at all."""
        if int(kept.entry["size"]) > MOST_ASIDE:
            self.drop(key)
            return False
        with self._lock:
            self._held[key] = kept
            self._held.move_to_end(key)
            while sum(int(each.entry["size"]) for each in self._held.values()) > MOST_ASIDE:
                self._held.popitem(last=False)
        return True

    def drop(self, key: bytes) -> None:
        with self._lock:
            self._held.pop(key, None)

    def find(self, key: str, at: Micros) -> tuple[bytes, Kept] | None:
        """The only one whose key begins with these hex digits, as long as it can be brought back."""
        self.sweep(at)
        with self._lock:
            found = [(each, kept) for each, kept in self._held.items() if each.hex().startswith(key)]
        return found[0] if len(found) == 1 else None

    def sweep(self, at: Micros) -> None:
        """Lets go of what was put aside too long ago, and of what has expired."""
        oldest = at - KEPT_ASIDE * SECOND
        with self._lock:
            for key, kept in list(self._held.items()):
                if kept.at < oldest or int(kept.entry["expires_at"]) <= at:
                    del self._held[key]

    def forget(self) -> None:
        """All of it: every answer was discarded for good."""
        with self._lock:
            self._held.clear()


def standing(connection: sqlite3.Connection, key: bytes) -> str:
    """The revision of what is kept under a key."""
    row = connection.execute(
        "SELECT call_id, created_at, pinned FROM cache_entries WHERE key = ?", (key,)
    ).fetchone()
    return NOTHING if row is None else entry_revision(*row)


def entry_revision(call_id: str, created_at: Micros, pinned: int) -> str:
    """Of an answer as it stands: who brought it and when, and whether it is pinned."""
    return revision((call_id, created_at, int(pinned)))


def take_out(connection: sqlite3.Connection, key: bytes, at: Micros, check: Check) -> Kept | None:
    """Takes an answer and its vector out of the tables; None where there is none. Raises what `check`
    raises."""
    check(standing(connection, key))
    entry = _one(connection, "cache_entries", key)
    if entry is None:
        return None
    vector = _one(connection, "cache_vectors", key)
    connection.execute("DELETE FROM cache_entries WHERE key = ?", (key,))
    forget_vectors(connection)
    return Kept(at, entry, vector)


def put_back(connection: sqlite3.Connection, key: bytes, kept: Kept, check: Check) -> bool:
    """Puts it back as it was; False where another answer is kept under its key by now, which stays."""
    check(standing(connection, key))
    if _one(connection, "cache_entries", key) is not None:
        return False
    _insert(connection, "cache_entries", kept.entry)
    if kept.vector is not None:
        _insert(connection, "cache_vectors", kept.vector)
    return True


def _one(connection: sqlite3.Connection, table: str, key: bytes) -> _Row | None:
    found = connection.execute(f"SELECT * FROM {table} WHERE key = ?", (key,))
    names = [each[0] for each in found.description]
    row = found.fetchone()
    return None if row is None else dict(zip(names, row, strict=True))


def _insert(connection: sqlite3.Connection, table: str, row: _Row) -> None:
    """As a new row: its old number may be taken."""
    values = {name: value for name, value in row.items() if name != "n"}
    places = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", (*values.values(),))
