"""The one query under all sums: final calls measured over a range, filtered and grouped."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from gateway_core.model.money import Nano
from gateway_core.store.instants import Micros
from gateway_core.store.queries.cover import ROWS, Piece, cover
from gateway_core.store.queries.dimensions import Dimension
from gateway_core.store.queries.where import Where
from gateway_core.store.rollups import KEYS, MEASURES, measured

_KEYS = ", ".join(KEYS)
_SUMS = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in MEASURES)


@dataclass(frozen=True, slots=True)
class Sums:
    """What calls add up to: the measures of the rollups, in their order."""

    calls: int = 0
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
    """Calls whose price is unknown."""
    saved_nano: Nano = 0
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
class Line:
    """The sums of one group, named by its values of the dimensions in their order."""

    keys: tuple[str, ...]
    sums: Sums


def added(sums: Iterable[Sums]) -> Sums:
    """The sum of sums."""
    total = Sums()
    for each in sums:
        total += each
    return total


def total(connection: sqlite3.Connection, since: Micros, until: Micros | None, where: Where) -> Sums:
    """The sums of all final calls that started in the range."""
    return measure(connection, since, until, where)[0].sums


def measure(
    connection: sqlite3.Connection,
    since: Micros,
    until: Micros | None,
    where: Where,
    by: Sequence[Dimension] = (),
) -> list[Line]:
    """The sums by group; without dimensions one line, also where there was no call.

    `until` None: for ever. Several measurements agree when they are made in one snapshot.
    """
    pieces = [_piece(each, where) for each in cover(since, until)]
    facts = " UNION ALL ".join(sql for sql, _ in pieces)
    bound = [value for _, values in pieces for value in values]
    if not by:
        sql = f"{where.prelude}SELECT {_SUMS} FROM ({facts})"
        return [Line((), Sums(*row)) for row in connection.execute(sql, [*where.series_values, *bound])]
    names = ", ".join(each.sql for each in by)
    numbers = ", ".join(str(number) for number in range(1, len(by) + 1))
    # Summed by series first: tags are looked up once for each, not once for each span.
    sql = (
        f"{where.prelude}SELECT {names}, {_SUMS} "
        f"FROM (SELECT {_KEYS}, {_SUMS} FROM ({facts}) GROUP BY {_KEYS}) AS fact "
        f"JOIN series ON series.id = fact.series_id GROUP BY {numbers} ORDER BY {numbers}"
    )
    grouping = [value for each in by for value in each.values]
    rows = connection.execute(sql, [*where.series_values, *grouping, *bound])
    return [Line(tuple(row[: len(by)]), Sums(*row[len(by) :])) for row in rows]


def _piece(piece: Piece, where: Where) -> tuple[str, list[object]]:
    """The facts of one piece as a query, and what is bound in it."""
    bound: list[object] = [piece.since] if piece.until is None else [piece.since, piece.until]
    if piece.width == ROWS:
        end = "" if piece.until is None else " AND started_at < ?"
        source = f"{measured()} FROM calls WHERE outcome IS NOT NULL AND started_at >= ?{end}"
    else:
        end = "" if piece.until is None else " AND start < ?"
        source = f"{', '.join(MEASURES)} FROM rollups WHERE span = ? AND start >= ?{end}"
        bound = [piece.width, *bound]
    return f"SELECT {_KEYS}, {source}{where.condition}", [*bound, *where.facts_values]
