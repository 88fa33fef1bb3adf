"""What was spent quarter of an hour by quarter of an hour, for comparisons with the past."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from gateway_core.model.money import Nano
from gateway_core.store.instants import micros
from gateway_core.store.queries.where import where
from gateway_core.store.rollups import QUARTER


def quarters(connection: sqlite3.Connection, match: Mapping[str, str], since: str, until: str) -> list[Nano]:
    """Nano-dollars of each quarter within the range in which a match spent anything, in order of time."""
    wanted = where(match)
    sql = (
        f"{wanted.prelude}SELECT sum(cost_nano) FROM rollups "
        f"WHERE span = ? AND start >= ? AND start + ? <= ?{wanted.condition} "
        "GROUP BY start HAVING sum(cost_nano) > 0 ORDER BY start"
    )
    bound = (*wanted.series_values, QUARTER, micros(since), QUARTER, micros(until), *wanted.facts_values)
    return [row[0] for row in connection.execute(sql, bound)]
