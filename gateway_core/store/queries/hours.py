"""What was spent at which hour of the week: sums of quarters of an hour, seen through a time zone."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import datetime, tzinfo
from typing import Any

from gateway_core.model.money import Nano, usd_string
from gateway_core.store.instants import Micros, text
from gateway_core.store.queries.cover import Piece, cover
from gateway_core.store.queries.facts import booked
from gateway_core.store.queries.kept import as_kept
from gateway_core.store.queries.where import Where
from gateway_core.store.rollups import BY_OUTCOME, BY_SERIES, HOUR, QUARTER, Grain

Cell = tuple[int, int]
"""A weekday from 1, Monday, to 7, and an hour from 0 to 23."""


def hours_of_week(
    connection: sqlite3.Connection, since: Micros, until: Micros | None, where: Where, zone: tzinfo
) -> list[dict[str, Any]]:
    """{weekday, hour, calls, cost_usd} of each local hour of the week with calls; they add up to the range.

    A filter by outcome or cache reads sums of whole hours: in a zone that is half an hour off, half of such
    an hour counts in the one before.
    """
    grain, width = (BY_OUTCOME, HOUR) if where.facts else (BY_SERIES, QUARTER)
    since, until = as_kept(connection, since, until, width)
    cells: defaultdict[Cell, tuple[int, Nano]] = defaultdict(lambda: (0, 0))
    for piece in cover(since, until, (width,)):
        for start, calls, cost in _spans(connection, piece, where, grain, width):
            local = datetime.fromisoformat(text(start)).astimezone(zone)
            cell = (local.isoweekday(), local.hour)
            cells[cell] = (cells[cell][0] + calls, cells[cell][1] + cost)
    return [
        {"weekday": weekday, "hour": hour, "calls": calls, "cost_usd": usd_string(cost)}
        for (weekday, hour), (calls, cost) in sorted(cells.items())
        if calls or cost
    ]


def _spans(
    connection: sqlite3.Connection, piece: Piece, where: Where, grain: Grain, width: Micros
) -> list[tuple[Micros, int, Nano]]:
    """The start of each span of a piece, its calls and their cost."""
    facts, bound = booked(piece, where, grain, f"{{at}} / {width} * {width} AS at, calls, cost_nano")
    return connection.execute(
        f"{where.prelude}SELECT at, sum(calls), sum(cost_nano) FROM ({facts}) GROUP BY at",
        [*where.series_values, *bound],
    ).fetchall()
