"""Reports: sums over a range by any mix of fields, tags and local time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from gateway_core.clock import zone
from gateway_core.model.money import usd_string
from gateway_core.rules.windows import window_bounds
from gateway_core.store.instants import Micros, end_micros, from_datetime, micros, text
from gateway_core.store.queries.dimensions import Dimension, parted
from gateway_core.store.queries.facts import NOTHING, Line, S, Sums, added, measure
from gateway_core.store.queries.where import Where, where
from gateway_core.store.rollups import QUARTER

_NAMES: dict[str, Callable[[datetime], str]] = {
    "hour": lambda at: at.isoformat(timespec="minutes"),
    "day": lambda at: at.date().isoformat(),
    "month": lambda at: at.strftime("%Y-%m"),
}
"""How a span of local time is called; hours with their offset, since one comes twice a year."""

Figures = Callable[[Sums], dict[str, Any]]


def report(
    connection: sqlite3.Connection,
    since: str,
    until: str | None,
    by: Sequence[str],
    wanted: Mapping[str, str],
    timezone: str,
    figures: Figures | None = None,
) -> dict[str, Any]:
    """Rows with their `keys` (grouping to value), and the `total`, which is exactly their sum.

    figures: what is told of each, if not all of it.

    Raises Refusal 400 for an unknown grouping or two of time, ConfigError for an unknown time zone.
    """
    told = figures or amounts
    lines = grouped(connection, micros(since), end_micros(until), by, where(wanted), timezone)
    return {
        "since": since,
        "until": until,
        "by": list(by),
        "rows": named(lines, by, told),
        "total": told(added(line.sums for line in lines)),
    }


def named(
    lines: Iterable[Line[Sums]], by: Sequence[str], told: Figures | None = None
) -> list[dict[str, Any]]:
    """Lines as a report's rows. told: what of each, if not all of it."""
    told = told or amounts
    return [{"keys": dict(zip(by, line.keys, strict=True)), **told(line.sums)} for line in lines]


def amounts(sums: Sums) -> dict[str, Any]:
    """The figures of a report's row."""
    return {
        "calls": sums.calls,
        "input_tokens": sums.input_tokens,
        "cached_input_tokens": sums.cached_input_tokens,
        "cache_write_tokens": sums.cache_write_tokens,
        "cache_write_1h_tokens": sums.cache_write_1h_tokens,
        "output_tokens": sums.output_tokens,
        "reasoning_tokens": sums.reasoning_tokens,
        "cost_usd": usd_string(sums.cost_nano),
        "saved_usd": usd_string(sums.saved_nano),
        "cache_hits": sums.hits,
        "cache_misses": sums.misses,
        "cache_saved_usd": usd_string(sums.own_cache_saved_nano),
        "provider_cache_saved_usd": usd_string(sums.provider_cache_saved_nano),
        "unpriced": sums.unpriced,
        "estimated_usd": usd_string(sums.estimated_nano),
    }


def grouped(
    connection: sqlite3.Connection,
    since: Micros,
    until: Micros | None,
    by: Sequence[str],
    where: Where,
    timezone: str,
) -> list[Line[Sums]]:
    """The sums of each group that has any, groupings of time among them."""

    def measured(since: Micros, until: Micros | None, by: Sequence[Dimension]) -> list[Line[Sums]]:
        return measure(connection, since, until, where, by)

    return in_groups(connection, since, until, by, timezone, measured, NOTHING)


def in_groups(
    connection: sqlite3.Connection,
    since: Micros,
    until: Micros | None,
    by: Sequence[str],
    timezone: str,
    measured: Callable[[Micros, Micros | None, Sequence[Dimension]], list[Line[S]]],
    nothing: S,
) -> list[Line[S]]:
    """What is `measured` of each group; where one grouping is of time, of each of its spans."""
    time, dimensions = parted(by)
    if time is None:
        return measured(since, until, dimensions)
    at, lines = by.index(time), list[Line[S]]()
    for name, first, last in _spans(connection, since, until, time, zone(timezone)):
        for line in measured(first, last, dimensions):
            if line.sums != nothing:
                lines.append(Line((*line.keys[:at], name, *line.keys[at:]), line.sums))
    return lines


def _spans(
    connection: sqlite3.Connection, since: Micros, until: Micros | None, unit: str, tz: tzinfo
) -> Iterator[tuple[str, Micros, Micros]]:
    """The local hours, days or months of a range, as far as there are calls: name, first instant, end."""
    earliest, latest = connection.execute(
        "SELECT (SELECT min(start) FROM rollups WHERE span = ?), "
        "(SELECT max(start) FROM rollups WHERE span = ?)",
        (QUARTER, QUARTER),
    ).fetchone()
    if earliest is None:
        return
    last = latest + QUARTER
    at, end = max(since, earliest), last if until is None else min(until, last)
    while at < end:
        start, follows = window_bounds(unit, datetime.fromisoformat(text(at)).astimezone(UTC), tz)
        assert follows is not None
        stop = min(from_datetime(follows), end)
        yield _NAMES[unit](start.astimezone(tz)), at, stop
        at = stop
