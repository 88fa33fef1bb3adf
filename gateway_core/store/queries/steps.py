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
    """The number of a step, from 0 on, a group, and what it cost there. by: something that a series tells."""
    assert not by.of_outcome
    grain = BY_OUTCOME if where.facts else BY_SERIES
    piece = Piece(_width(first, step, grain.spans), first, first + step * count)
    facts, bound = booked(piece, where, grain, f"({{at}} - {first}) / {step} AS step, series_id, cost_nano")
    # Summed by series first, and the tags of a series are looked up once, not once for each step.
    rows = connection.execute(
        f"WITH names(id, name) AS MATERIALIZED (SELECT id, {by.sql} FROM series) "
        f"SELECT step, name, sum(cost) FROM ({where.prelude}SELECT step, series_id, sum(cost_nano) AS cost "
        f"FROM ({facts}) GROUP BY step, series_id) JOIN names ON id = series_id GROUP BY step, name",
        [*by.values, *where.series_values, *bound],
    )
    return [(number, str(key), cost) for number, key, cost in rows if cost]


def _width(first: Micros, step: Micros, spans: Sequence[Micros]) -> Micros:
    fitting = (span for span in reversed(spans) if first % span == step % span == 0)
    return next(fitting, ROWS)
