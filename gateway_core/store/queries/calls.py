"""Single calls: the latest ones, one by its id, how each was routed, how fast they began."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from gateway_core.model.money import usd_string
from gateway_core.store.booked import SERIES
from gateway_core.store.instants import Micros, micros, text
from gateway_core.store.queries.kept import first_quarter, rows_from
from gateway_core.store.queries.rows import (
    ATTEMPT_SELECT,
    CALL_SELECT,
    CORRECTION_SELECT,
    RELABEL_SELECT,
    attempt_row,
    call_row,
    correction_row,
    relabel_row,
)
from gateway_core.store.queries.where import Where, where
from gateway_core.store.rollups import BY_OUTCOME, BY_SERIES, Grain

_NEWEST = "ORDER BY calls.started_at DESC, calls.n DESC LIMIT ?"
_END: Micros = 2**62
_SAMPLE = 1000
"""Calls that a quantile looks at, at the most."""

Place = tuple[Micros, int]
"""Where a page of calls ends: start and number of its last one."""


def calls(
    connection: sqlite3.Connection, limit: int, before: str | None, wanted: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Final calls, the latest start first. `before`: the last id of the page before, or an instant."""
    numbers = _numbers(connection, limit, _place(connection, before), where(wanted))
    rows = [
        connection.execute(f"{CALL_SELECT} WHERE calls.n = ?", (number,)).fetchone() for number in numbers
    ]
    return [call_row(row) for row in rows]


def call(connection: sqlite3.Connection, call_id: str) -> dict[str, Any] | None:
    """One call, open or final, with its `earlier` tries and its `corrections`."""
    row = connection.execute(f"{CALL_SELECT} WHERE calls.id = ?", (call_id,)).fetchone()
    return call_row(row) | history(connection, call_id) if row else None


def history(connection: sqlite3.Connection, call_id: str) -> dict[str, list[dict[str, Any]]]:
    """The `earlier` tries of a call and its `corrections`, the oldest first."""
    of_call = "WHERE call_n = (SELECT n FROM calls WHERE id = ?)"
    tries = connection.execute(f"{ATTEMPT_SELECT} {of_call} ORDER BY number", (call_id,))
    words = connection.execute(f"{CORRECTION_SELECT} {of_call} ORDER BY n", (call_id,))
    modes = connection.execute(f"{RELABEL_SELECT} {of_call} ORDER BY n", (call_id,))
    return {
        "earlier": [attempt_row(each) for each in tries],
        "corrections": [correction_row(each) for each in words],
        "relabels": [relabel_row(each) for each in modes],
    }


def open_calls(connection: sqlite3.Connection) -> set[str]:
    """The ids of the calls that have not ended."""
    return {row[0] for row in connection.execute("SELECT id FROM calls WHERE outcome IS NULL")}


def routing(connection: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """The latest decisions about where a call went, and why."""
    rows = connection.execute(
        "SELECT calls.id, calls.started_at, asked_model, provider, model, route, route_reason, outcome, "
        "cache, saved_nano FROM calls JOIN series ON series.id = series_id "
        f"WHERE outcome IS NOT NULL {_NEWEST}",
        (limit,),
    )
    names = ("id", "at", "asked", "provider", "model", "route", "reason", "outcome", "cache", "saved_usd")
    return [
        dict(zip(names, (call_id, text(at), *rest, usd_string(saved)), strict=True))
        for call_id, at, *rest, saved in rows
    ]


def first_byte_ms(connection: sqlite3.Connection, since: str, share: float) -> float | None:
    """Milliseconds within which that share (0.5: the median) of the latest calls began to answer."""
    # One row is handed over: each takes the interpreter's lock from running calls.
    row = connection.execute(
        "WITH latest(ms) AS MATERIALIZED (SELECT first_byte_ms FROM (SELECT first_byte_ms, cache FROM calls "
        "WHERE started_at >= ? AND outcome IS NOT NULL ORDER BY started_at DESC LIMIT ?) "
        "WHERE first_byte_ms IS NOT NULL AND cache <> 'hit') SELECT ms FROM latest ORDER BY ms "
        "LIMIT 1 OFFSET (SELECT min(CAST(count(*) * ? AS INTEGER), count(*) - 1) FROM latest)",
        (micros(since), _SAMPLE, share),
    ).fetchone()
    return None if row is None else float(row[0])


def began(connection: sqlite3.Connection) -> str | None:
    """When the first call of the ledger started, to the quarter of an hour where its row is gone."""
    if rows_from(connection):
        at = first_quarter(connection)
    else:
        (at,) = connection.execute("SELECT min(started_at) FROM calls").fetchone()
    return None if at is None else text(at)


def _place(connection: sqlite3.Connection, before: str | None) -> Place:
    if before is None:
        return _END, 0
    row = connection.execute("SELECT started_at, n FROM calls WHERE id = ?", (before,)).fetchone()
    return (row[0], row[1]) if row else (micros(before), 0)


def _numbers(connection: sqlite3.Connection, limit: int, place: Place, where: Where) -> list[int]:
    """The numbers of a page's calls. A filter is answered by the rollups first: they tell in which
    spans of time there is anything to find, however long ago."""
    if not where.condition:
        return _between(connection, 0, limit, place, where)
    grain = BY_OUTCOME if where.facts else BY_SERIES
    found: list[int] = []
    for start in _spans(connection, rows_from(connection), place[0], where, grain, len(grain.spans) - 1):
        top = min(place, (start + grain.spans[0], 0))
        found += _between(connection, start, limit - len(found), top, where)
        if len(found) >= limit:
            break
    return found


def _spans(
    connection: sqlite3.Connection, since: Micros, until: Micros, where: Where, grain: Grain, level: int
) -> Iterator[Micros]:
    """The starts of the grain's shortest spans that hold something, the latest first: it looks for days,
    then for hours within them, and so on."""
    span = grain.spans[level]
    rows = connection.execute(
        f"{where.prelude}SELECT DISTINCT start FROM {grain.table} "
        f"WHERE span = ? AND start >= ? AND start <= ?{where.condition} ORDER BY start DESC",
        (*where.series_values, span, since, until, *where.facts_values),
    )
    for (start,) in rows:
        if level == 0:
            yield start
        else:
            yield from _spans(connection, start, min(until, start + span - 1), where, grain, level - 1)


def _between(
    connection: sqlite3.Connection, since: Micros, limit: int, place: Place, where: Where
) -> list[int]:
    rows = connection.execute(
        f"{where.prelude}SELECT n FROM calls WHERE started_at >= ? AND (started_at, n) < (?, ?) "
        f"AND outcome IS NOT NULL{where.on(SERIES)} {_NEWEST}",
        (*where.series_values, since, *place, *where.facts_values, limit),
    )
    return [int(row[0]) for row in rows]
