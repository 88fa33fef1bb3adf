"""What was spent: over a range, as a series for a chart, and what a budget's window holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway_core.model.money import Nano, usd_string
from gateway_core.store.instants import SECOND, end_micros, micros
from gateway_core.store.queries.dimensions import dimension
from gateway_core.store.queries.facts import SPENT, Sums, measure
from gateway_core.store.queries.steps import costs
from gateway_core.store.queries.where import where

MOST_SERIES = 8
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a range, and what follows from them."""

    all: Sums

    @property
    def hit_rate(self) -> float | None:
        """Hits among the calls that the exact cache was asked for; None where it never was."""
        asked = self.all.hits + self.all.misses
        return self.all.hits / asked if asked else None

    @property
    def routing_saved_nano(self) -> Nano:
        return self.all.saved_nano - self.all.own_cache_saved_nano

    @property
    def saved_nano(self) -> Nano:
        """All that was saved: own cache, routing and the provider's prompt cache."""
        return self.all.saved_nano + self.all.provider_cache_saved_nano


def totals(
    connection: sqlite3.Connection, since: str, until: str | None, wanted: Mapping[str, str]
) -> Totals:
    """The totals of what is booked for the calls that started in the range."""
    return Totals(measure(connection, micros(since), end_micros(until), where(wanted))[0].sums)


def spent(
    connection: sqlite3.Connection, match: Mapping[str, str], since: str, until: str | None
) -> tuple[Nano, int]:
    """Nano-dollars and tokens booked to a budget's match for the calls that started in the range."""
    lines = measure(connection, micros(since), end_micros(until), where(match), measures=SPENT)
    return lines[0].sums.cost_nano, lines[0].sums.tokens


def spend_series(
    connection: sqlite3.Connection,
    start: str,
    step_seconds: int,
    n: int,
    by: str,
    wanted: Mapping[str, str],
) -> dict[str, Any]:
    """Cost in `n` steps from `start` for each group, the dearest first; above eight the rest is `other`.

    Start and step are whole minutes: others are added up from rows, as far as these go back.
    """
    groups: dict[str, list[Nano]] = {}
    first, step = micros(start), step_seconds * SECOND
    for number, key, cost in costs(connection, first, step, n, where(wanted), dimension(by)):
        groups.setdefault(key, [0] * n)[number] += cost
    ordered = sorted(groups.items(), key=lambda group: (-sum(group[1]), group[0]))
    if len(ordered) > MOST_SERIES:
        rest = [
            sum(values) for values in zip(*(values for _, values in ordered[MOST_SERIES - 1 :]), strict=True)
        ]
        ordered = [*ordered[: MOST_SERIES - 1], (OTHER, rest)]
    return {
        "start": start,
        "step_seconds": step_seconds,
        "by": by,
        "series": [_series(name, values) for name, values in ordered],
        "total_usd": usd_string(sum(sum(values) for _, values in ordered)),
    }


def _series(name: str, values: list[Nano]) -> dict[str, Any]:
    return {
        "name": name,
        "cost_usd": [usd_string(value) for value in values],
        "total_usd": usd_string(sum(values)),
    }
