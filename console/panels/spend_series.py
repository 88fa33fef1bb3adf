"""Spend over time made ready to be drawn: which series, at what pace, under which times. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

from console.present import day, instant
from console.shapes import Spend, SpendSeries

UNITS = {"1h": (60, "min"), "24h": (3_600, "h"), "7d": (3_600, "h"), "month": (86_400, "day")}
"""Range → the seconds and the name of the unit in which its pace is told."""
FEWEST = 10
"""The fewest steps that an hour is cut down to."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The spend of a range, in the zone its times are told in."""

    spend: Spend
    range: str
    zone: tzinfo | None
    running: float
    """Seconds of the last step that have passed; all of it where nothing was spent in it."""
    until: str = "now"
    """What stands at the right end of the chart."""


def lived(spend: Spend) -> Spend:
    """Without the empty beginning of an hour in which the console was not there yet."""
    steps = steps_of(spend)
    first = min((_first_spent(one.cost_usd) for one in spend.series), default=steps)
    skip = max(0, min(first, steps - FEWEST))
    if not skip:
        return spend
    start = instant(spend.start) + timedelta(seconds=skip * spend.step_seconds)
    series = tuple(replace(one, cost_usd=one.cost_usd[skip:]) for one in spend.series)
    return replace(spend, start=start.isoformat(), series=series)


def _first_spent(costs: Sequence[Decimal]) -> int:
    return next((at for at, cost in enumerate(costs) if cost), len(costs))


def steps_of(spend: Spend) -> int:
    return len(spend.series[0].cost_usd) if spend.series else 0


def gathered(series: list[SpendSeries], most: int) -> list[SpendSeries]:
    """At most so many of them: thinner layers than those are smaller than a cell."""
    if len(series) <= most:
        return series
    kept, rest = series[: most - 1], series[most - 1 :]
    costs = tuple(sum(parts, Decimal(0)) for parts in zip(*(one.cost_usd for one in rest), strict=True))
    return [*kept, SpendSeries(name="other", cost_usd=costs, total_usd=sum(costs, Decimal(0)))]


def ordered(spend: Spend) -> list[SpendSeries]:
    """The dearest at the bottom of the stack, what is gathered as 'other' on top."""
    return sorted(spend.series, key=lambda one: (one.name == "other", -one.total_usd, one.name))


def pace(series: SpendSeries, shown: Shown) -> list[float]:
    """Dollars in the unit of the range, the step that still runs by the part of it that has passed."""
    unit, step = UNITS[shown.range][0], shown.spend.step_seconds
    *past, running = [float(cost) * unit / step for cost in series.cost_usd] or [0.0]
    return [*past, running * step / shown.running]


def running(spend: Spend, now: datetime) -> float:
    """How many seconds of the last step have passed."""
    step = float(spend.step_seconds)
    if not any(one.cost_usd[-1] for one in spend.series if one.cost_usd):
        return step
    begin = instant(spend.start) + timedelta(seconds=(steps_of(spend) - 1) * step)
    # Of a step that has only just begun, one call would look like a storm.
    return min(step, max(step / 6, round((now - begin).total_seconds())))


def ticks(shown: Shown) -> tuple[str, ...]:
    """The times at the beginning of each third."""
    steps = steps_of(shown.spend)
    start = instant(shown.spend.start).astimezone(shown.zone)
    span = timedelta(seconds=steps * shown.spend.step_seconds)
    if shown.range == "1h":
        minutes = round(span.total_seconds() / 60)
        return f"-{minutes}m", f"-{round(minutes * 2 / 3)}m", f"-{round(minutes / 3)}m"
    return tuple(_named(start + span * part / 3, shown.range) for part in range(3))


def _named(moment: datetime, range: str) -> str:
    if range == "24h":
        return f"{moment:%H:%M}"
    return f"{moment:%a} {moment.day}" if range == "7d" else day(moment)
