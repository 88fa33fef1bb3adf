"""Every row of the ledger, page by page, in the columns of the export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateway_core.store.instants import Micros, micros
from gateway_core.store.queries.rows import EXPORT_SELECT, export_row
from gateway_core.store.queries.where import Where, where
from gateway_core.store.reads import Reads

_PAGE = 1000
"""Rows of one snapshot: an export of millions holds no read open, which would let the log grow."""
_FOREVER: Micros = 2**62


def export(
    reads: Reads, since: str | None, until: str | None, wanted: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Rows that started in the range, oldest first; open ones too, at no cost and without outcome.

    May be advanced from different threads, by one at a time.
    """
    place = (micros(since) if since else 0, 0)
    end = micros(until) if until else _FOREVER
    chosen = where(wanted)
    while page := _page(reads, place, end, chosen):
        for _, _, *values in page:
            yield export_row(tuple(values))
        place = (page[-1][0], page[-1][1] + 1)


def _page(reads: Reads, place: tuple[Micros, int], end: Micros, where: Where) -> list[tuple[Any, ...]]:
    """The next rows from a place (start, number) on."""
    sql = EXPORT_SELECT.replace("SELECT ", "SELECT calls.started_at, calls.n, ", 1)
    with reads.connection() as connection:
        return connection.execute(
            f"{where.prelude}{sql} WHERE (calls.started_at, calls.n) >= (?, ?) AND calls.started_at < ?"
            f"{where.condition} ORDER BY calls.started_at, calls.n LIMIT ?",
            (*where.series_values, *place, end, *where.facts_values, _PAGE),
        ).fetchall()
