"""Cost in equal steps of time by group, in one pass over the widest spans that the steps are made of."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from gateway_core.model.money import Nano
from gateway_core.store.instants import Micros
from gateway_core.store.queries.cover import ROWS, Piece
from gateway_core.store.queries.dimensions import Dimension
from gateway_core.store.queries.facts import booked
from gateway_core.store.queries.where import Where
from gateway_core.store.rollups import BY_OUTCOME, BY_SERIES


def costs(
    connection: sqlite3.Connection, first: Micros, step: Micros, count: int, where: Where, by: Dimension
) -> list[tuple[int, str, Nano]]:
    """The number of a step, from 0 on, a group, and what it cost there."""
    grain = BY_OUTCOME if where.facts or by.of_outcome else BY_SERIES
    piece = Piece(_width(first, step, grain.spans), first, first + step * count)
    keys = ", ".join(grain.keys)
    facts, bound = booked(piece, where, grain, f"({{at}} - {first}) / {step} AS step, {keys}, cost_nano")
    rows = connection.execute(
        f"{where.prelude}SELECT step, {by.sql}, sum(cost_nano) "
        f"FROM (SELECT step, {keys}, sum(cost_nano) AS cost_nano FROM ({facts}) GROUP BY step, {keys}) "
        "AS fact JOIN series ON series.id = fact.series_id GROUP BY 1, 2",
        [*where.series_values, *by.values, *bound],
    )
    return [(number, str(key), cost) for number, key, cost in rows if cost]


def _width(first: Micros, step: Micros, spans: Sequence[Micros]) -> Micros:
    fitting = (span for span in reversed(spans) if first % span == step % span == 0)
    return next(fitting, ROWS)
