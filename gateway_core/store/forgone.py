"""Writes what calls would have cost, had something acted that only watched or was off, and the sums of it.

Each is written in the transaction that makes it known: a call's end, or the trial of a would-be hit. A later
word on the call, on its cost or its mode, takes it out of its sums and adds it again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gateway_core.model.forgone import Forgone, Kind
from gateway_core.model.money import Nano
from gateway_core.model.rows import Certainty, FinalRow
from gateway_core.store.booked import SERIES
from gateway_core.store.instants import Micros
from gateway_core.store.rollups import DAY, HOUR

SPANS = (HOUR, DAY)
"""Lengths of time by which it is summed."""
KEYS = ("series_id", "outcome", "cache", "kind", "name", "target", "place", "agreed", "acts")
MEASURES = ("calls", "unpriced", "saved_nano")
FACTS = (
    "SELECT called_at, call_n, series_id, outcome, cache, kind, name, target, min(place, 1) AS place, "
    "agreed, acts, 1 AS calls, (cost_nano - would_nano) IS NULL AS unpriced, "
    "coalesce(cost_nano - would_nano, 0) AS saved_nano FROM forgone"
)
"""A query for the rows as the sums have them."""
_CALL = "SELECT started_at, n FROM calls WHERE id = ? AND outcome IS NOT NULL"
_WRITE = (
    "INSERT INTO forgone (called_at, call_n, kind, name, target, would_nano, place, agreed, acts, "
    "series_id, outcome, cache, cost_nano) SELECT started_at, n, ?, ?, ?, ?, ?, ?, ?, "
    f"{SERIES}, outcome, cache, iif(certainty = '{Certainty.UNPRICED}', NULL, cost_nano) "
    "FROM calls WHERE n = ? ON CONFLICT DO NOTHING"
)
_ON_CALL = "WHERE called_at = ? AND call_n = ?"
_ADD = (
    f"INSERT INTO forgone_sums (span, start, {', '.join(KEYS)}, {', '.join(MEASURES)}) "
    f"SELECT ?, called_at / ? * ?, {', '.join(KEYS)}, {', '.join(f'? * {name}' for name in MEASURES)} "
    f"FROM ({FACTS} {_ON_CALL}) WHERE true ON CONFLICT DO UPDATE SET "
    + ", ".join(f"{name} = {name} + excluded.{name}" for name in MEASURES)
)
_CORRECT = (
    "UPDATE forgone SET cost_nano = ?, would_nano = iif(target = (SELECT provider || '/' || model "
    "FROM calls JOIN series ON series.id = calls.series_id WHERE n = ?), ?, would_nano) "
    f"{_ON_CALL}"
)
_Place = tuple[Micros, int]
"""A call: when it started, and its number."""


def write_forgone(connection: sqlite3.Connection, rows: Sequence[FinalRow]) -> None:
    """Keeps what might have acted on calls whose rows are written; of each the first in line acts."""
    for row in rows:
        if row.forgone:
            place = connection.execute(_CALL, (row.id,)).fetchone()
            for at, each in enumerate(row.forgone):
                _write(connection, place, each, agreed=True, acts=at == 0)
            _count(connection, place, 1)


def write_alike(connection: sqlite3.Connection, call_id: str, *, agreed: bool) -> None:
    """The semantic cache, in shadow, would have answered a call; agreed: with what it was answered."""
    place = connection.execute(_CALL, (call_id,)).fetchone()
    if place is None:
        return
    with _moving(connection, place):
        if agreed:
            connection.execute(f"UPDATE forgone SET acts = 0 {_ON_CALL}", place)
        _write(connection, place, Forgone(Kind.ALIKE), agreed=agreed, acts=agreed)


def corrected(connection: sqlite3.Connection, place: _Place, cost: Nano, certainty: Certainty) -> None:
    """The call counts as another amount now, and would have at the target that served it too."""
    known = None if certainty is Certainty.UNPRICED else cost
    with _moving(connection, place):
        connection.execute(_CORRECT, (known, place[1], known, *place))


def relabelled(connection: sqlite3.Connection, place: _Place) -> None:
    """The call counts to another series now."""
    with _moving(connection, place):
        connection.execute(
            f"UPDATE forgone SET series_id = (SELECT {SERIES} FROM calls WHERE n = ?) {_ON_CALL}",
            (place[1], *place),
        )


def drop_forgone(connection: sqlite3.Connection, calls: str) -> None:
    """Drops what is kept of calls whose rows are about to go; the sums stay. calls: JSON of their numbers."""
    connection.execute(
        "DELETE FROM forgone WHERE (called_at, call_n) IN "
        "(SELECT started_at, n FROM calls WHERE n IN (SELECT value FROM json_each(?)))",
        (calls,),
    )


def _write(connection: sqlite3.Connection, place: _Place, one: Forgone, *, agreed: bool, acts: bool) -> None:
    words = (one.kind, one.name, one.target, one.would_nano, one.place, int(agreed), int(acts))
    connection.execute(_WRITE, (*words, place[1]))


@contextmanager
def _moving(connection: sqlite3.Connection, place: _Place) -> Iterator[None]:
    """What is changed of a call is taken out of its sums before, and added again after it."""
    _count(connection, place, -1)
    yield
    _count(connection, place, 1)


def _count(connection: sqlite3.Connection, place: _Place, sign: int) -> None:
    for span in SPANS:
        connection.execute(_ADD, (span, span, span, sign, sign, sign, *place))
