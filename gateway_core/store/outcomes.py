"""How answers were taken, to learn from: signs and hashed words of prompts, never their text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from gateway_core.store.instants import SECOND, Micros, now
from gateway_core.store.ledger import Ledger

KEPT_FOR: Micros = 90 * 86_400 * SECOND
SETTLED_AFTER: Micros = 600 * SECOND
"""An answer that nobody has minded for this long was good enough."""

_KEEP = "INSERT OR IGNORE INTO outcomes (call_id, at, target, rule, features) VALUES (?, ?, ?, ?, ?)"
# A person's word stands; what a client does after it says no more.
_MARK = "UPDATE outcomes SET bad = ?1, why = ?2 WHERE call_id = ?3 AND (?2 = 'thumb' OR why IS NOT 'thumb')"
_JUDGE = "UPDATE outcomes SET bad = ?, why = ? WHERE call_id = ? AND why IS NULL"
_ALL = (
    "SELECT rule, features, coalesce(bad, 0) FROM outcomes "
    "WHERE bad IS NOT NULL OR (at < ? AND target NOT IN (SELECT value FROM json_each(?))) "
    "ORDER BY at, call_id"
)

_SAID = "SELECT call_id, bad FROM outcomes WHERE at >= ? AND why IN ('thumb', 'override', 'retry')"


@dataclass(frozen=True, slots=True)
class Kept:
    """One call that can be learned from. bad: 0 for an answer that was good enough, to 1; below 0 where
    another model's was compared, and was worse."""

    rule: float
    features: Mapping[str, float]
    bad: float


class OutcomeStore:
    """Outcomes in the ledger's file. `keep` and `mark` wait for nothing, the others for a worker thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads

    def keep(self, call_id: str, target: str, rule: float, features: Mapping[str, float]) -> None:
        """Remembers a call that was answered; what is older than 90 days goes."""
        at, words = now(), json.dumps({name: round(amount, 4) for name, amount in features.items()})
        self._writer.ask(lambda connection: _keep(connection, (call_id, at, target, rule, words)))

    def mark(self, call_id: str, bad: float, why: str) -> None:
        """Says how its answer was taken. why: retry, override or thumb."""
        self._writer.ask(lambda connection: connection.execute(_MARK, (bad, why, call_id)).rowcount)

    def judge(
        self, call_id: str, target: str, rule: float, features: Mapping[str, float], gain: float, why: str
    ) -> None:
        """What a comparison with another model's answer says; what its person did says more. gain: what the
        strong model is better by, -1 to 1; why: check or judge."""
        self.keep(call_id, target, rule, features)
        self._writer.ask(lambda connection: connection.execute(_JUDGE, (gain, why, call_id)).rowcount)

    def thumb(self, call_id: str, *, up: bool) -> bool:
        """A person's word; False for a call that is not remembered. Waits for its commit."""
        found = self._writer.call(
            lambda connection: connection.execute(_MARK, (0.0 if up else 1.0, "thumb", call_id)).rowcount
        )
        return bool(found)

    def said(self, since: Micros) -> dict[str, float]:
        """How bad answers were by what their persons did or said, by call, from then on."""
        with self._reads.connection() as connection:
            return dict(connection.execute(_SAID, (since,)).fetchall())

    def all(self, strong: Collection[str] = ()) -> list[Kept]:
        """What can be learned from, oldest first. strong: targets whose silence says nothing: that nobody
        minded a strong model's answer does not mean that a cheap one would have done."""
        asked = now() - SETTLED_AFTER, json.dumps(sorted(strong))
        with self._reads.connection() as connection:
            rows = connection.execute(_ALL, asked).fetchall()
        return [Kept(rule, json.loads(features), bad) for rule, features, bad in rows]


def _keep(connection: sqlite3.Connection, row: tuple[str, int, str, float, str]) -> None:
    connection.execute(_KEEP, row)
    connection.execute("DELETE FROM outcomes WHERE at < ?", (row[1] - KEPT_FOR,))
