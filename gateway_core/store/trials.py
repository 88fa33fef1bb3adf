"""How answers to questions alike proved: each trial of a rule, kept and added up."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from gateway_core.rules.proving import How, Trial
from gateway_core.store.forgone import write_alike
from gateway_core.store.instants import Micros, micros
from gateway_core.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Told:
    """What is kept of one of them. compared: by what the answers were held against each other."""

    rule: str
    how: How
    call_id: str
    key: bytes
    likeness: float
    wrong: bool = False
    compared: str = ""


_INSERT = (
    "INSERT INTO cache_trials (at, rule, how, call_id, key, likeness, wrong, compared) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class TrialStore:
    """Trials by rule. What is read is held in memory; times are RFC 3339."""

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads
        self._held: dict[str, list[Trial]] = {}

    def of(self, rule: str) -> Sequence[Trial]:
        """All trials of a rule, in their order."""
        if rule not in self._held:
            with self._reads.connection() as connection:
                rows = connection.execute(
                    "SELECT likeness, wrong FROM cache_trials WHERE rule = ? AND how <> ? ORDER BY n",
                    (rule, How.SERVED),
                ).fetchall()
            self._held[rule] = [Trial(likeness, bool(wrong)) for likeness, wrong in rows]
        return self._held[rule]

    def served(self, rule: str) -> int:
        """Answers that a rule has given."""
        with self._reads.connection() as connection:
            sql = "SELECT count(*) FROM cache_trials WHERE rule = ? AND how = ?"
            (count,) = connection.execute(sql, (rule, How.SERVED)).fetchone()
        return int(count)

    def add(self, told: Told, now: str) -> None:
        """Keeps one; without waiting."""
        if told.how is not How.SERVED:
            self.of(told.rule)
            self._held[told.rule].append(Trial(told.likeness, told.wrong))
        if self._writer.problem is None:
            at = micros(now)
            self._writer.ask(lambda connection: _add(connection, told, at))

    def discarded(self, key: bytes, now: str) -> int:
        """A person discarded a kept answer: if it was ever given to a question alike, it was wrong there.
        Answers how many rules that tells against. Waits for it."""
        at = micros(now)
        found = self._writer.call(lambda connection: _discarded(connection, key, at))
        for rule, likeness in found:
            if rule in self._held:
                self._held[rule].append(Trial(likeness, True))
        return len(found)

    def brought_back(self, key: bytes, since: Micros) -> None:
        """What `discarded` has told since then was taken back. Waits for it."""
        for rule, likeness in self._writer.call(lambda connection: _taken_back(connection, key, since)):
            with contextlib.suppress(KeyError, ValueError):
                self._held[rule].remove(Trial(likeness, True))


def _taken_back(connection: sqlite3.Connection, key: bytes, since: Micros) -> list[tuple[str, float]]:
    which = "FROM cache_trials WHERE key = ? AND how = ? AND at >= ?"
    values = key, How.DISCARD, since
    found: list[tuple[str, float]] = connection.execute(f"SELECT rule, likeness {which}", values).fetchall()
    connection.execute(f"DELETE {which}", values)
    return found


def _add(connection: sqlite3.Connection, told: Told, at: int) -> None:
    connection.execute(_INSERT, _values(told, at))
    if told.how is How.SHADOW:
        write_alike(connection, told.call_id, agreed=not told.wrong)


def _discarded(connection: sqlite3.Connection, key: bytes, at: int) -> list[tuple[str, float]]:
    rows = connection.execute(
        "SELECT rule, call_id, max(likeness) FROM cache_trials WHERE key = ? AND how = ? GROUP BY rule",
        (key, How.SERVED),
    ).fetchall()
    for rule, call_id, likeness in rows:
        told = Told(rule, How.DISCARD, call_id, key, likeness, wrong=True, compared="person")
        connection.execute(_INSERT, _values(told, at))
    return [(rule, likeness) for rule, _, likeness in rows]


def _values(told: Told, at: int) -> tuple[object, ...]:
    return at, told.rule, told.how, told.call_id, told.key, told.likeness, told.wrong, told.compared
