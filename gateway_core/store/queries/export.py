"""Every row of the ledger, page by page, in the columns of the export."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from gateway_core.store.instants import Micros, micros
from gateway_core.store.queries.rows import EXPORT_SELECT, export_row
from gateway_core.store.queries.where import Where, where
from gateway_core.store.reads import Source

_PAGE = 1000
"""Rows of one snapshot: an export of millions holds no read open, which would let the log grow."""
_FOREVER: Micros = 2**62
Place = tuple[Micros, int]
"""Where a call stands: its start, then its number."""


def export(
    reads: Source, since: str | None, until: str | None, wanted: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Rows that started in the range, oldest first; open ones too, at no cost and without outcome.

    May be advanced from different threads, by one at a time.
    """
    place = (micros(since) if since else 0, 0)
    end = micros(until) if until else _FOREVER
    chosen = where(wanted)
    while page := _read(reads, place, end, chosen):
        yield from map(_row, page)
        place = _after(page)


def exported(
    connection: sqlite3.Connection, since: Micros, until: Micros, where: Where
) -> Iterator[dict[str, Any]]:
    """The same rows out of one snapshot, so that they agree with sums that were read in it."""
    place = (since, 0)
    while page := _page(connection, place, until, where):
        yield from map(_row, page)
        place = _after(page)


def _read(reads: Source, place: Place, end: Micros, where: Where) -> list[tuple[Any, ...]]:
    with reads.connection() as connection:
        return _page(connection, place, end, where)


def _page(connection: sqlite3.Connection, place: Place, end: Micros, where: Where) -> list[tuple[Any, ...]]:
    """The next rows from a place on, each after its own place."""
    sql = EXPORT_SELECT.replace("SELECT ", "SELECT calls.started_at, calls.n, ", 1)
    return connection.execute(
        f"{where.prelude}{sql} WHERE (calls.started_at, calls.n) >= (?, ?) AND calls.started_at < ?"
        f"{where.condition} ORDER BY calls.started_at, calls.n LIMIT ?",
        (*where.series_values, *place, end, *where.facts_values, _PAGE),
    ).fetchall()


def _row(values: tuple[Any, ...]) -> dict[str, Any]:
    return export_row(values[2:])


def _after(page: list[tuple[Any, ...]]) -> Place:
    return page[-1][0], page[-1][1] + 1
