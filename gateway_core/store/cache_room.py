"""How much room kept answers take, and which of them go first: those that were not used for longest."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from gateway_core.model.money import Nano
from gateway_core.store.instants import Micros

SLACK = 0.9
"""Share of the room that is left filled once it was overfull, so that not every new answer evicts."""


@dataclass(frozen=True, slots=True)
class Use:
    """Uses of one answer that are not yet written down."""

    at: Micros
    hits: int
    saved_nano: Nano

    def again(self, at: Micros, saved_nano: Nano) -> Use:
        return Use(max(at, self.at), self.hits + 1, self.saved_nano + saved_nano)


def note_uses(connection: sqlite3.Connection, uses: Mapping[bytes, Use]) -> None:
    """Writes down when answers were used last, how often, and what that saved."""
    connection.executemany(
        "UPDATE cache_entries SET used_at = max(used_at, ?), hits = hits + ?, saved_nano = saved_nano + ? "
        "WHERE key = ?",
        [(use.at, use.hits, use.saved_nano, key) for key, use in uses.items()],
    )


class Room:
    """The bytes that are taken, never too few. Lives in the writer's thread, inside of its transactions."""

    def __init__(self) -> None:
        self._taken: int | None = None

    def came(self, added: int) -> None:
        """Bytes that came without room being made for them."""
        if self._taken is not None:
            self._taken += added

    def fit(self, connection: sqlite3.Connection, most_bytes: int, added: int, slack: float = SLACK) -> int:
        """Evicts the least recently used answers that are not pinned, if there is too much; how many.

        added: bytes that came since the last time. All are counted anew only where they seem too many.
        """
        self._taken = _count(connection) if self._taken is None else self._taken + added
        if self._taken > most_bytes:
            self._taken = _count(connection)
        if self._taken <= most_bytes:
            return 0
        gone = connection.execute(
            "DELETE FROM cache_entries WHERE n IN (SELECT n FROM (SELECT n, pinned, sum(size) OVER "
            "(ORDER BY pinned DESC, used_at DESC, n DESC) AS kept FROM cache_entries) "
            "WHERE NOT pinned AND kept > ?)",
            (int(most_bytes * slack),),
        ).rowcount
        self._taken = None
        forget_vectors(connection)
        return gone


def forget_vectors(connection: sqlite3.Connection) -> None:
    """Drops the vectors of answers that have gone."""
    connection.execute("DELETE FROM cache_vectors WHERE key NOT IN (SELECT key FROM cache_entries)")


def _count(connection: sqlite3.Connection) -> int:
    (taken,) = connection.execute("SELECT coalesce(sum(size), 0) FROM cache_entries").fetchone()
    return int(taken)
