"""Proves the seals: every row that is final stands as it was written, and none is missing."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator

from gateway_core.store.instants import text
from gateway_core.store.seals import RARE, SELECTS, Line, digest, line, lines

_MANY = 3
"""Broken seals that a sentence names."""


def broken_seals(connection: sqlite3.Connection) -> list[str]:
    """A sentence for each seal that does not hold, and for rows outside of the chain; empty if all is well.

    Reads every row once, in the order in which calls began. Each seal is held against the digest before it
    as it is stored, so that damage is found where it is and does not spread.
    """
    calls = _Calls(connection)
    found, previous, expected = [], bytes(32), 1
    seals = connection.execute("SELECT n, at, calls, gone, digest FROM seals ORDER BY n")
    for number, at, count, gone, stored in seals:
        if number != expected:
            found.append(f"seals {expected} to {number - 1} are missing")
        rows = calls.under(number, count if not gone else 0)
        rare = [each for kind in RARE for each in lines(connection, kind, "seal = ?", number)]
        if (rows or rare) if gone else digest(previous, [*rows, *rare]) != stored:
            found.append(f"seal {number} of {text(at)[:19]}Z: a row under it was changed, added or removed")
        previous, expected = stored, number + 1
    return found + calls.left_over() + _unsealed(connection, expected - 1)


def summed_up(found: list[str]) -> str:
    """The findings in one sentence."""
    more = len(found) - _MANY
    return "; ".join(found[:_MANY]) + (f"; and {more} more" if more > 0 else "")


class _Calls:
    """The ended calls by their seal, read once from the first to the last: a call that ran long waits here
    until its seal comes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        sql = SELECTS["call"].replace("SELECT ", "SELECT calls.seal, ", 1)
        self._rows: Iterator[tuple[object, ...]] = connection.execute(
            f"{sql} WHERE outcome IS NOT NULL ORDER BY calls.n"
        )
        self._waiting: defaultdict[object, list[Line]] = defaultdict(list)

    def under(self, number: int, count: int) -> list[Line]:
        """The rows of a seal, as many as it says, or as there are."""
        while len(self._waiting[number]) < count and (row := next(self._rows, None)) is not None:
            self._waiting[row[0]].append(line("call", row[1:]))
        return self._waiting.pop(number)

    def left_over(self) -> list[str]:
        """Rows that no seal has asked for."""
        for row in self._rows:
            self._waiting[row[0]].append(line("call", row[1:]))
        count = sum(map(len, self._waiting.values()))
        return [f"{count} ended calls are under no seal"] if count else []


def _unsealed(connection: sqlite3.Connection, last: int) -> list[str]:
    """Further rows that are under no seal."""
    tables = {
        "attempts": "attempts",
        "corrections": "corrections",
        "relabels": "words on modes",
        "policy_edits": "policy edits",
        "compactions": "compactions",
    }
    found = []
    for table, name in tables.items():
        count = connection.execute(
            f"SELECT count(*) FROM {table} WHERE seal IS NULL OR seal NOT BETWEEN 1 AND ?", (last,)
        ).fetchone()[0]
        if count:
            found.append(f"{count} {name} are under no seal")
    return found
