"""Second opinions that were taken: which calls they are about, which calls they were, what they said."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple, dataclass

from gateway_core.store.instants import SECOND, Micros, now, text
from gateway_core.store.ledger import Ledger

KEPT_FOR: Micros = 90 * 86_400 * SECOND
_COLUMNS = "call_id, opinion, target, other, shadow_id, judge_id, gain, how"
_INSERT = f"INSERT OR REPLACE INTO opinions ({_COLUMNS}, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ABOUT = f"SELECT {_COLUMNS} FROM opinions WHERE call_id = ?"
_KNOWN = f"SELECT {_COLUMNS} FROM opinions WHERE at >= ? AND gain IS NOT NULL"
_COUNT = (
    "SELECT opinion, count(*), total(gain = 0), total(gain > 0), total(gain < 0), max(at) FROM opinions "
    "WHERE at >= ? GROUP BY opinion"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """One second opinion. gain: what the strong model's answer is better by, -1 to 1; None: nobody knows."""

    call_id: str
    opinion: str
    target: str
    other: str
    shadow_id: str
    judge_id: str | None
    gain: float | None
    how: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The opinions of one name. Those that are none of the three say nothing."""

    taken: int = 0
    equal: int = 0
    strong: int = 0
    cheap: int = 0
    last_at: str | None = None
    """RFC 3339, UTC."""


class OpinionStore:
    """In the ledger's file. `keep` waits for nothing, the others belong in a worker thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads

    def keep(self, taken: Taken) -> None:
        """Remembers one; what is older than 90 days goes."""
        at = now()
        self._writer.ask(lambda connection: _keep(connection, taken, at))

    def about(self, call_id: str) -> Taken | None:
        """The opinion on that call."""
        with self._reads.connection() as connection:
            row = connection.execute(_ABOUT, (call_id,)).fetchone()
        return None if row is None else Taken(*row)

    def known(self, since: Micros) -> list[Taken]:
        """Those from then on that say which answer was better, or that both were as good."""
        with self._reads.connection() as connection:
            return [Taken(*row) for row in connection.execute(_KNOWN, (since,)).fetchall()]

    def counted(self, since: Micros) -> dict[str, Counted]:
        """How many there are since then, by name."""
        with self._reads.connection() as connection:
            rows = connection.execute(_COUNT, (since,)).fetchall()
        return {
            name: Counted(taken, int(equal), int(strong), int(cheap), text(last))
            for name, taken, equal, strong, cheap, last in rows
        }


def _keep(connection: sqlite3.Connection, taken: Taken, at: Micros) -> None:
    connection.execute(_INSERT, (*astuple(taken), at))
    connection.execute("DELETE FROM opinions WHERE at < ?", (at - KEPT_FOR,))
