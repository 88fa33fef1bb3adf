"""The chain over all that is final: a change of a row that once was written breaks it, so does a missing row.

Each transaction that makes rows final writes one seal, and the rows carry its number. A seal's digest is the
SHA-256 of the digest before it (32 noughts before the first) and of its rows as JSON, sorted: of each its
kind, its columns, and the words that the columns name by number. Whoever can write the file can also write a
new chain; what cannot be done is to change a part of the old one unseen, or one end of a copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from gateway_core.store.encoding import ATTEMPT_COLUMNS, FINAL_COLUMNS, Values
from gateway_core.store.instants import now
from gateway_core.store.interning import Words
from gateway_core.store.jsontext import encode_bytes

Line = tuple[str, Values, Words]
"""A row under a seal: its kind, its columns, and token, provider, model and tags where it has them."""

_WORDS = "token, provider, model, tags"
_NAMED = "JOIN series ON series.id = series_id JOIN tag_sets ON tag_sets.id = tag_set_id"
_CORRECTION = (
    "n, call_n, called_at, at, who, why, before_cost_nano, before_certainty, cost_nano, certainty, price_id"
)
SELECTS = {
    "call": f"SELECT {', '.join(f'calls.{name}' for name in FINAL_COLUMNS)}, {_WORDS} FROM calls {_NAMED}",
    "attempt": f"SELECT call_n, {', '.join(ATTEMPT_COLUMNS)}, {_WORDS} FROM attempts {_NAMED}",
    "correction": f"SELECT {_CORRECTION} FROM corrections",
    "relabel": "SELECT n, call_n, called_at, at, who, before, mode FROM relabels",
    "edit": "SELECT n, at, who, what, before, after, undoes FROM policy_edits",
    "compaction": "SELECT n, at, rows_from, calls, cost_nano FROM compactions",
}
"""What is sealed of each kind of row."""
_WORDY = {"call", "attempt"}
RARE = tuple(SELECTS)[1:]
"""Kinds that are found by the number of their seal; the rows of calls are too many for such an index."""
_BATCH = 500
"""Rows of one seal where old rows are sealed after the fact."""


class Link(NamedTuple):
    """Where the chain goes on: the number of the next seal, and the digest before it."""

    number: int
    previous: bytes


def next_link(connection: sqlite3.Connection) -> Link:
    """The link that the running transaction may write."""
    row = connection.execute("SELECT n + 1, digest FROM seals ORDER BY n DESC LIMIT 1").fetchone()
    return Link(*row) if row else Link(1, bytes(32))


def digest(previous: bytes, lines: Iterable[Line]) -> bytes:
    """The digest of a seal over its rows, in whatever order they are given."""
    return sha256(previous + encode_bytes(sorted(lines))).digest()


def line(kind: str, row: Values) -> Line:
    """A row of SELECTS as it is sealed."""
    return (kind, row[:-4], row[-4:]) if kind in _WORDY else (kind, row, ())


def lines(connection: sqlite3.Connection, kind: str, condition: str, *values: object) -> list[Line]:
    """The rows of a kind that meet a condition, as they are sealed."""
    rows = connection.execute(f"{SELECTS[kind]} WHERE {condition}", values)
    return [line(kind, row) for row in rows]


def write_seal(connection: sqlite3.Connection, link: Link, calls: list[Line], *rare: str) -> Link:
    """Seals rows that carry the link's number: the given calls, and what is stored of the `rare` kinds.

    Answers the link that comes next.
    """
    found = [each for kind in rare for each in lines(connection, kind, "seal = ?", link.number)]
    stored = digest(link.previous, [*calls, *found])
    connection.execute(
        "INSERT INTO seals (n, at, calls, digest) VALUES (?, ?, ?, ?)",
        (link.number, now(), len(calls), stored),
    )
    return Link(link.number + 1, stored)


def seal_calls(connection: sqlite3.Connection, condition: str, *values: object) -> None:
    """Seals ended calls that meet a condition and have no seal yet, as one link."""
    link = next_link(connection)
    chosen = f"outcome IS NOT NULL AND seal IS NULL AND {condition}"
    found = lines(connection, "call", chosen, *values)
    if found:
        connection.execute(f"UPDATE calls SET seal = ? WHERE {chosen}", (link.number, *values))
        write_seal(connection, link, found)


def seal_what_was_there(connection: sqlite3.Connection) -> None:
    """The first seals of a ledger that was written before there were any."""
    if connection.execute("SELECT 1 FROM seals LIMIT 1").fetchone():
        return
    last, edits = connection.execute(
        "SELECT (SELECT max(n) FROM calls), (SELECT count(*) FROM policy_edits)"
    ).fetchone()
    if not last and not edits:
        return
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        for first in range(1, (last or 0) + 1, _BATCH):
            seal_calls(connection, "n BETWEEN ? AND ?", first, first + _BATCH - 1)
        link = next_link(connection)
        connection.execute("UPDATE policy_edits SET seal = ?", (link.number,))
        write_seal(connection, link, [], "edit")
