"""The one query under all sums: what is booked, measured over a range, filtered and grouped."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Generic, TypeVar

from gateway_core.model.money import Nano
from gateway_core.store.booked import BOOKED, MEASURES
from gateway_core.store.instants import Micros
from gateway_core.store.queries.cover import ROWS, Piece, cover
from gateway_core.store.queries.dimensions import Dimension
from gateway_core.store.queries.kept import as_kept
from gateway_core.store.queries.where import Where
from gateway_core.store.rollups import BY_OUTCOME, BY_SERIES, Grain

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Sums:
    """What calls add up to: the measures of the rollups, in their order."""

    calls: int = 0
    hits: int = 0
    """Calls that our own cache answered."""
    misses: int = 0
    """Calls that it was asked for in vain."""
    input_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cost_nano: Nano = 0
    estimated_nano: Nano = 0
    """The part of the cost that is an estimate."""
    unpriced: int = 0
    """Calls, and tries of calls, whose price is unknown."""
    saved_nano: Nano = 0
    """By our own cache and by routing."""
    own_cache_saved_nano: Nano = 0
    provider_cache_saved_nano: Nano = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def total_input(self) -> int:
        """All tokens on the input side."""
        written = self.cache_write_tokens + self.cache_write_1h_tokens
        return self.input_tokens + self.cached_input_tokens + written

    @property
    def tokens(self) -> int:
        """All tokens, as budgets count them."""
        return self.total_input + self.output_tokens


@dataclass(frozen=True, slots=True)
class Line(Generic[S]):
    """The sums of one group, named by its values of the dimensions in their order."""

    keys: tuple[str, ...]
    sums: S


NOTHING = Sums()
SPENT = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "cost_nano",
)
"""Measures of a budget: money and tokens."""


def added(sums: Iterable[Sums]) -> Sums:
    """The sum of sums."""
    total = Sums()
    for each in sums:
        total += each
    return total


def measure(
    connection: sqlite3.Connection,
    since: Micros,
    until: Micros | None,
    where: Where,
    by: Sequence[Dimension] = (),
    measures: Sequence[str] = MEASURES,
) -> list[Line[Sums]]:
    """The sums by group; without dimensions one line, also where there was no call.

    `until` None: for ever. Where rows were dropped for their age, ranges begin and end with whole spans.
    `measures`: those that are wanted, the others stay nought. Several measurements
    agree when they are made in one snapshot.
    """
    grain = BY_OUTCOME if where.facts or any(each.of_outcome for each in by) else BY_SERIES
    since, until = as_kept(connection, since, until, grain.spans[0])
    columns = ", ".join((*grain.keys, *measures))
    facts, bound = united(booked(each, where, grain, columns) for each in cover(since, until, grain.spans))
    sums = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in measures)
    if not by:
        sql = f"{where.prelude}SELECT {sums} FROM ({facts})"
        rows = connection.execute(sql, [*where.series_values, *bound])
        return [_line(row, 0, measures) for row in rows]
    names, keys = ", ".join(each.sql for each in by), ", ".join(grain.keys)
    numbers = ", ".join(str(number) for number in range(1, len(by) + 1))
    # Summed by series first: tags are looked up once for each, not once for each span.
    sql = (
        f"{where.prelude}SELECT {names}, {sums} "
        f"FROM (SELECT {keys}, {sums} FROM ({facts}) GROUP BY {keys}) AS fact "
        f"JOIN series ON series.id = fact.series_id GROUP BY {numbers} ORDER BY {numbers}"
    )
    grouping = [value for each in by for value in each.values]
    rows = connection.execute(sql, [*where.series_values, *grouping, *bound])
    lines = [_line(row, len(by), measures) for row in rows]
    return [line for line in lines if line.sums != NOTHING]


def united(pieces: Iterable[tuple[str, list[object]]]) -> tuple[str, list[object]]:
    """All that queries find as one, and what is bound in it."""
    queries, bound = zip(*pieces, strict=True)
    return " UNION ALL ".join(queries), [value for values in bound for value in values]


def _line(row: tuple[object, ...], width: int, measures: Sequence[str]) -> Line[Sums]:
    """A row of `width` group names and then the measures."""
    return Line(
        keys=tuple(str(key) for key in row[:width]),
        sums=Sums(**dict(zip(measures, row[width:], strict=True))),  # type: ignore[arg-type]
    )


def booked(piece: Piece, where: Where, grain: Grain, columns: str) -> tuple[str, list[object]]:
    """What is booked in one piece as a query, and what is bound in it. columns: keys of the grain, measures,
    and of {at}, which is when the call or the span began."""
    if piece.width == ROWS:
        return held(piece, where, "started_at", [f"({query})" for query in BOOKED], columns)
    return held(piece, where, "start", [grain.table], columns)


def held(
    piece: Piece, where: Where, at: str, sources: Sequence[str], columns: str
) -> tuple[str, list[object]]:
    """What some sources hold in one piece as a query, and what is bound in it. at: the column that says when
    a row or a span began; sources: tables of sums by span, or for a piece of rows queries for these."""
    bounds, bound = f"{at} >= ?", [piece.since]
    if piece.until is not None:
        bounds, bound = f"{bounds} AND {at} < ?", [*bound, piece.until]
    if piece.width != ROWS:
        bounds, bound = f"span = ? AND {bounds}", [piece.width, *bound]
    sql = " UNION ALL ".join(
        f"SELECT {columns.format(at=at)} FROM {source} WHERE {bounds}{where.condition}" for source in sources
    )
    return sql, [*bound, *where.facts_values] * len(sources)
