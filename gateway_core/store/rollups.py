"""Sums by span of time, written in the transaction of the rows they add up.

A row counts in the spans in which it started. With several lengths of span a long range is read as days
inside, hours, quarters and minutes towards its edges: what a query costs grows neither with the ledger nor
with how many calls a minute holds.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from operator import add

from gateway_core.model.rows import CACHE_HITS, CacheUse, Certainty, FinalRow
from gateway_core.store.booked import MEASURES
from gateway_core.store.instants import SECOND, Micros

MINUTE: Micros = 60 * SECOND
QUARTER: Micros = 900 * SECOND
"""Every time zone's offset is a multiple of it, so that local days need no rows at their edges."""
HOUR: Micros = 3600 * SECOND
DAY: Micros = 24 * HOUR

Cell = tuple[int | str, ...]
"""The start of a span, then the keys of its sums: series, outcome, cache, as many as a grain has."""
Sums = tuple[int, ...]
"""In the order of MEASURES."""


@dataclass(frozen=True, slots=True)
class Grain:
    """A table of sums: what they are kept by, and for which spans, the shortest first."""

    table: str
    keys: tuple[str, ...]
    spans: tuple[Micros, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return ("span", "start", *self.keys, *MEASURES)

    @property
    def add(self) -> str:
        """The part of a statement that adds to sums which are there already."""
        return "ON CONFLICT DO UPDATE SET " + ", ".join(
            f"{name} = {name} + excluded.{name}" for name in MEASURES
        )


BY_SERIES = Grain("rollups", ("series_id",), (MINUTE, QUARTER, HOUR, DAY))
"""What dashboards and budgets read: few cells, whatever became of the calls."""
BY_OUTCOME = Grain("rollups_by_outcome", ("series_id", "outcome", "cache"), (HOUR, DAY))
"""For filters and groups by outcome or cache."""
GRAINS = (BY_SERIES, BY_OUTCOME)

_INSERT = {
    grain: f"INSERT INTO {grain.table} ({', '.join(grain.columns)}) "
    f"VALUES ({', '.join('?' * len(grain.columns))}) {grain.add}"
    for grain in GRAINS
}


class Tally:
    """Sums of the rows of one transaction."""

    def __init__(self) -> None:
        self._cells: dict[tuple[Micros, int, str, str], Sums] = {}

    def add(self, row: FinalRow, started_at: Micros, series_id: int) -> None:
        """Counts a row that becomes final."""
        cell = (started_at // MINUTE * MINUTE, series_id, row.outcome._value_, row.cache._value_)
        there = self._cells.get(cell)
        self._cells[cell] = _sums(row) if there is None else _plus(there, _sums(row))

    def write(self, connection: sqlite3.Connection) -> None:
        """Adds the sums to the tables."""
        for grain in GRAINS:
            for span in grain.spans:
                cells = self._folded(span, len(grain.keys))
                connection.executemany(_INSERT[grain], [(span, *cell, *sums) for cell, sums in cells.items()])

    def _folded(self, span: Micros, keys: int) -> dict[Cell, Sums]:
        """The sums over longer spans and the first few keys."""
        cells: dict[Cell, Sums] = {}
        for (start, series, outcome, cache), sums in self._cells.items():
            cell: Cell = (start // span * span, series, outcome, cache)[: 1 + keys]
            there = cells.get(cell)
            cells[cell] = sums if there is None else _plus(there, sums)
        return cells


def _plus(one: Sums, other: Sums) -> Sums:
    return tuple(map(add, one, other))


def _sums(row: FinalRow) -> Sums:
    usage, hit = row.usage, row.cache in CACHE_HITS
    return (
        1,
        int(hit),
        int(row.cache is CacheUse.MISS),
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
        row.saved_nano if hit else 0,
        row.provider_cache_saved_nano,
    )


def add_facts(connection: sqlite3.Connection, facts: str, *values: object, sign: int = 1) -> None:
    """Adds the sums of facts: a query of `booked.BOOKED` with further conditions and their values. sign -1
    takes them out."""
    sums = ", ".join(f"{sign} * sum({name})" for name in MEASURES)
    for grain in GRAINS:
        keys = ", ".join(grain.keys)
        for span in grain.spans:
            connection.execute(
                f"INSERT INTO {grain.table} ({', '.join(grain.columns)}) "
                f"SELECT ?, started_at / ? * ? AS start, {keys}, {sums} "
                f"FROM ({facts}) WHERE true GROUP BY start, {keys} {grain.add}",
                (span, span, span, *values),
            )
