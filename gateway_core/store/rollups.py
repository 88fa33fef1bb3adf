"""Sums by span of time, written in the transaction of the rows they add up.

A row counts in the spans in which it started. With three lengths of span a long range is read as days
inside, hours and quarters towards its edges: what a query costs does not grow with the ledger.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from gateway_core.model.rows import Certainty, FinalRow
from gateway_core.store.instants import SECOND, Micros
from gateway_core.store.jsontext import encode

QUARTER: Micros = 900 * SECOND
"""Every time zone's offset is a multiple of it, so that local days need no rows at their edges."""
HOUR: Micros = 3600 * SECOND
DAY: Micros = 24 * HOUR
SPANS = (QUARTER, HOUR, DAY)

KEYS = ("series_id", "outcome", "cache")
MEASURES = (
    "calls",
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cost_nano",
    "estimated_nano",
    "unpriced",
    "saved_nano",
    "provider_cache_saved_nano",
)
OF_ROWS = {
    "calls": "1",
    "estimated_nano": f"iif(certainty = '{Certainty.ESTIMATED}', cost_nano, 0)",
    "unpriced": f"certainty = '{Certainty.UNPRICED}'",
}
"""What the measures that are no columns of `calls` are on one final row."""

_COLUMNS = ("span", "start", *KEYS, *MEASURES)
_ADD = ", ".join(f"{name} = {name} + excluded.{name}" for name in MEASURES)
_UPSERT = (
    f"INSERT INTO rollups ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    f"ON CONFLICT DO UPDATE SET {_ADD}"
)

Cell = tuple[Micros, int, str, str]
"""The start of a span, series, outcome, cache."""
Sums = tuple[int, ...]
"""In the order of MEASURES."""


class Tally:
    """Sums of the rows of one transaction."""

    def __init__(self) -> None:
        self._cells: dict[Cell, Sums] = {}

    def add(self, row: FinalRow, started_at: Micros, series_id: int) -> None:
        """Counts a row that becomes final."""
        cell = (started_at // QUARTER * QUARTER, series_id, row.outcome.value, row.cache.value)
        _put(self._cells, cell, _sums(row))

    def write(self, connection: sqlite3.Connection) -> None:
        """Adds the sums to the table."""
        for span in SPANS:
            cells: dict[Cell, Sums] = {}
            for (start, series, outcome, cache), sums in self._cells.items():
                _put(cells, (start // span * span, series, outcome, cache), sums)
            connection.executemany(_UPSERT, [(span, *cell, *sums) for cell, sums in cells.items()])


def _put(cells: dict[Cell, Sums], cell: Cell, sums: Sums) -> None:
    there = cells.get(cell)
    cells[cell] = sums if there is None else tuple(a + b for a, b in zip(there, sums, strict=True))


def _sums(row: FinalRow) -> Sums:
    usage = row.usage
    return (
        1,
        usage.input,
        usage.cached_input,
        usage.cache_write,
        usage.cache_write_1h,
        usage.output,
        usage.reasoning,
        row.cost_nano,
        row.cost_nano if row.certainty is Certainty.ESTIMATED else 0,
        int(row.certainty is Certainty.UNPRICED),
        row.saved_nano,
        row.provider_cache_saved_nano,
    )


def measured(names: Iterable[str] = MEASURES) -> str:
    """The measures of final rows of `calls` as a list of SQL expressions."""
    return ", ".join(f"{OF_ROWS.get(name, name)} AS {name}" for name in names)


def add_from_rows(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """Adds the sums of final rows of `calls` by their numbers `n`."""
    sums = ", ".join(f"sum({OF_ROWS.get(name, name)})" for name in MEASURES)
    for span in SPANS:
        connection.execute(
            f"INSERT INTO rollups ({', '.join(_COLUMNS)}) "
            f"SELECT ?, started_at / ? * ? AS start, {', '.join(KEYS)}, {sums} "
            "FROM calls WHERE n IN (SELECT value FROM json_each(?)) "
            f"GROUP BY start, {', '.join(KEYS)} ON CONFLICT DO UPDATE SET {_ADD}",
            (span, span, span, encode(numbers)),
        )
