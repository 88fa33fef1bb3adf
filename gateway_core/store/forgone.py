"""Writes what calls would have cost, had something acted that only watched or was switched off.

Each is written in the transaction that makes it known: a call's end, or the trial of a would-be hit. A later
word on the call, on its cost or its mode, moves it along.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from gateway_core.model.forgone import Kind
from gateway_core.model.money import Nano
from gateway_core.model.rows import Certainty, FinalRow
from gateway_core.store.booked import SERIES
from gateway_core.store.instants import Micros

_OF_CALL = (
    f"{SERIES}, outcome, cache, iif(certainty = '{Certainty.UNPRICED}', NULL, cost_nano) "
    "FROM calls WHERE id = ? AND outcome IS NOT NULL"
)
_WRITE = (
    "INSERT INTO forgone (called_at, call_n, kind, name, target, would_nano, place, agreed, acts, "
    "series_id, outcome, cache, cost_nano) "
    f"SELECT started_at, n, ?, ?, ?, ?, ?, ?, ?, {_OF_CALL} ON CONFLICT DO NOTHING"
)
_GIVE_WAY = (
    "UPDATE forgone SET acts = 0 WHERE (called_at, call_n) = (SELECT started_at, n FROM calls WHERE id = ?)"
)
_ON_CALL = "WHERE called_at = ? AND call_n = ?"


def write_forgone(connection: sqlite3.Connection, rows: Sequence[FinalRow]) -> None:
    """Keeps what might have acted on calls whose rows are written; of each the first in line acts."""
    lines = [
        (each.kind, each.name, each.target, each.would_nano, each.place, 1, int(at == 0), row.id)
        for row in rows
        for at, each in enumerate(row.forgone)
    ]
    if lines:
        connection.executemany(_WRITE, lines)


def write_alike(connection: sqlite3.Connection, call_id: str, *, agreed: bool) -> None:
    """The semantic cache, in shadow, would have answered a call; agreed: with what it was answered."""
    if agreed:
        connection.execute(_GIVE_WAY, (call_id,))
    connection.execute(_WRITE, (Kind.ALIKE, "", "", 0, 0, int(agreed), int(agreed), call_id))


def corrected(
    connection: sqlite3.Connection, called_at: Micros, call_n: int, cost: Nano, certainty: Certainty
) -> None:
    """The call counts as another amount now."""
    known = None if certainty is Certainty.UNPRICED else cost
    connection.execute(f"UPDATE forgone SET cost_nano = ? {_ON_CALL}", (known, called_at, call_n))


def relabelled(connection: sqlite3.Connection, called_at: Micros, call_n: int) -> None:
    """The call counts to another series now."""
    connection.execute(
        f"UPDATE forgone SET series_id = (SELECT {SERIES} FROM calls WHERE n = ?) {_ON_CALL}",
        (call_n, called_at, call_n),
    )
