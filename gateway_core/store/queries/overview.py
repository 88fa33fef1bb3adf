"""A period as a whole: its sums by several groupings, over time and by hour, and the rows behind them.

All of it is read in one snapshot, so that every part adds up to the same total.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from gateway_core.clock import zone
from gateway_core.model.money import usd_string
from gateway_core.store.instants import Micros, micros
from gateway_core.store.queries.export import exported
from gateway_core.store.queries.facts import added
from gateway_core.store.queries.hours import hours_of_week
from gateway_core.store.queries.kept import first_quarter
from gateway_core.store.queries.report import amounts, grouped, named
from gateway_core.store.queries.where import Where, where

HOURS_UP_TO = timedelta(days=3)
DAYS_UP_TO = timedelta(days=120)
"""How long a range may be to be told hour by hour, and day by day; a longer one goes by months."""


def overview(
    connection: sqlite3.Connection,
    since: str,
    until: str,
    by: Sequence[str],
    wanted: Mapping[str, str],
    timezone: str,
    *,
    rows: bool,
) -> dict[str, Any]:
    """The report, each of its groupings alone, cost over time, hours of the week, savings; and with `rows`
    their number and hash, which takes as long as exporting them.

    Raises Refusal 400 for an unknown grouping, ConfigError for an unknown time zone.
    """
    first, last, chosen, tz = micros(since), micros(until), where(wanted), zone(timezone)
    steps = (_unit(connection, first, last), "model")
    over_time = grouped(connection, first, last, steps, chosen, timezone)
    total = added(line.sums for line in over_time)
    keys = dict.fromkeys((*by, "model"))
    groups = {key: grouped(connection, first, last, [key], chosen, timezone) for key in keys}
    return {
        "since": since,
        "until": until,
        "timezone": str(tz),
        "by": list(by),
        "rows": named(grouped(connection, first, last, by, chosen, timezone), by),
        "total": amounts(total),
        "groups": [{"by": key, "rows": named(lines, [key])} for key, lines in groups.items()],
        "step": steps[0],
        "over_time": named(over_time, steps),
        "hours": hours_of_week(connection, first, last, chosen, tz),
        "savings": {
            "own_cache_usd": usd_string(total.own_cache_saved_nano),
            "provider_cache_usd": usd_string(total.provider_cache_saved_nano),
            "routing_usd": usd_string(total.saved_nano - total.own_cache_saved_nano),
        },
        "ledger": _rows(connection, first, last, chosen) if rows else None,
    }


def _unit(connection: sqlite3.Connection, since: Micros, until: Micros) -> str:
    """The steps that suit a range, counted from its first call."""
    length = timedelta(microseconds=until - max(since, first_quarter(connection) or 0))
    return "hour" if length <= HOURS_UP_TO else "day" if length <= DAYS_UP_TO else "month"


def _rows(connection: sqlite3.Connection, since: Micros, until: Micros, where: Where) -> dict[str, Any]:
    """How many rows there are, how many of them are still under way, and the SHA-256 of their JSON lines:
    of what `llmconsole export` writes for the same range and filter."""
    digest, rows, under_way = hashlib.sha256(), 0, 0
    for row in exported(connection, since, until, where):
        digest.update(msgspec.json.encode(row) + b"\n")
        rows += 1
        under_way += row["outcome"] is None
    return {"rows": rows, "under_way": under_way, "sha256": digest.hexdigest()}
