"""The charts of a report as shapes with places: what the page's SVG is written from. Lengths in its units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from console import present
from console.reports.steps import Step, steps_of
from console.shapes import Budget
from console.shapes.overviews import Overview

WIDTH, HEIGHT = 640, 190
"""Of the columns over time, without their axes."""
SERIES = 7
"""Models with a colour of their own; the others share the eighth."""
OTHER = "other models"
LABELS = 8
CELL = 25
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BAR = 360
"""A budget that is used up exactly."""
MOST = 1.25
"""Of a budget, from which a bar is cut."""
MARK = 0.8
FOUR_CENTS = Decimal("0.04")


@dataclass(frozen=True, slots=True)
class Part:
    """One model in one column."""

    series: int
    x: float
    y: float
    width: float
    height: float
    told: str


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend."""

    series: int
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Tick:
    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Stacked columns with their axes; no parts where nothing was spent."""

    parts: tuple[Part, ...]
    legend: tuple[Key, ...]
    amounts: tuple[Tick, ...]
    times: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of the week. `depth`: 0 to 1 of the dearest."""

    x: int
    y: int
    depth: float
    told: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A budget. `state`: ok | warn | over."""

    budget: Budget
    length: float
    cut: bool
    amount: str
    share: str
    lands: str


def columns(overview: Overview) -> Columns:
    """Spend over time by model, the dearest model at the bottom."""
    totals: dict[str, Decimal] = {}
    for row in overview.over_time:
        totals[row.keys["model"]] = totals.get(row.keys["model"], Decimal(0)) + row.cost_usd
    ordered = sorted((name for name in totals if totals[name]), key=lambda name: (-totals[name], name))
    series = {name: min(at, SERIES) for at, name in enumerate(ordered)}
    steps = steps_of(overview)
    heights: dict[tuple[str, int], Decimal] = {}
    for row in overview.over_time:
        if row.cost_usd:
            place = (row.keys[overview.step], series[row.keys["model"]])
            heights[place] = heights.get(place, Decimal(0)) + row.cost_usd
    names = [name or "(no model)" for name in ordered[:SERIES]] + [OTHER] * (len(ordered) > SERIES)
    amounts = [sum((totals[n] for n in ordered if series[n] == at), Decimal(0)) for at in range(len(names))]
    top = _round_up(max((_height(heights, step) for step in steps), default=Decimal(0)))
    return Columns(
        parts=tuple(_parts(steps, names, heights, top)) if top else (),
        legend=tuple(map(Key, range(len(names)), map(present.plain, names), amounts)),
        amounts=tuple(Tick(HEIGHT - HEIGHT * n / 4, _amount(top * n / 4, top)) for n in range(5)),
        times=tuple(_times(steps)),
    )


def _amount(amount: Decimal, top: Decimal) -> str:
    """A tick: in cents, or with all its digits where the ticks are no whole cents."""
    return present.usd(amount) if top % FOUR_CENTS == 0 else present.usd_exact(amount)


def heat(overview: Overview) -> tuple[Cell, ...]:
    """All hours of the week, Monday first."""
    there = {(hour.weekday, hour.hour): hour for hour in overview.hours}
    dearest = max((hour.cost_usd for hour in overview.hours), default=Decimal(0))
    cells = []
    for day, name in enumerate(WEEKDAYS):
        for at in range(24):
            hour = there.get((day + 1, at))
            cost, calls = (hour.cost_usd, hour.calls) if hour else (Decimal(0), 0)
            told = f"{name} {at:02}:00 {present.usd(cost)}, {present.counted(calls, 'call')}"
            cells.append(Cell(at * CELL, day * CELL, float(cost / dearest) if dearest else 0.0, told))
    return tuple(cells)


def peak(overview: Overview) -> str:
    """The dearest hour of the week in words; '' where nothing was spent."""
    dearest = max(overview.hours, key=lambda hour: hour.cost_usd, default=None)
    if dearest is None or not dearest.cost_usd:
        return ""
    day = WEEKDAYS[dearest.weekday - 1]
    return f"{day} {dearest.hour:02}:00–{dearest.hour + 1:02}:00: {present.usd(dearest.cost_usd)}"


def budget_bars(budgets: Sequence[Budget]) -> tuple[Bar, ...]:
    """The fullest first."""
    return tuple(_bar(budget) for budget in sorted(budgets, key=lambda each: -each.share))


def _bar(budget: Budget) -> Bar:
    limit = budget.in_force_usd
    if limit is not None:
        amount = f"{present.usd(budget.spent_usd)} of {present.usd_limit(limit)}"
    else:
        amount = (
            f"{present.tokens(budget.spent_tokens)} of {present.tokens(budget.in_force_tokens or 0)} tokens"
        )
    return Bar(
        budget=budget,
        length=BAR * min(budget.share, MOST),
        cut=budget.share > MOST,
        amount=amount,
        share=present.percent(budget.share),
        lands=present.NOTHING if budget.lands_usd is None else present.usd(budget.lands_usd),
    )


def _height(heights: dict[tuple[str, int], Decimal], step: Step) -> Decimal:
    return sum((heights.get((step.key, at), Decimal(0)) for at in range(SERIES + 1)), Decimal(0))


def _parts(
    steps: Sequence[Step], names: Sequence[str], heights: dict[tuple[str, int], Decimal], top: Decimal
) -> list[Part]:
    wide, parts = WIDTH / len(steps), []
    for column, step in enumerate(steps):
        under = 0.0
        for at, name in enumerate(names):
            cost = heights.get((step.key, at))
            if cost:
                height = float(cost / top) * HEIGHT
                told = f"{step.name} · {present.plain(name)} · {present.usd(cost)}"
                box = (column * wide, HEIGHT - under - height, min(wide * 0.82, 48.0), height)
                parts.append(Part(at, *box, told))
                under += height
    return parts


def _times(steps: Sequence[Step]) -> list[Tick]:
    """Some of the steps, evenly; the first hour that is named of a day with the day in front."""
    if not steps:
        return []
    wide, every = WIDTH / len(steps), -(-len(steps) // LABELS)
    ticks, day = [], ""
    for at in range(0, len(steps), every):
        step = steps[at]
        ticks.append(Tick(at * wide, step.short if step.day == day else f"{step.day} {step.short}"))
        day = step.day
    return ticks


def _round_up(amount: Decimal) -> Decimal:
    """The next 1, 2, 4 or 8 of a power of ten, so that a quarter of it is a round number too."""
    if not amount:
        return amount
    power = Decimal(10) ** amount.adjusted()
    return next(power * step for step in (1, 2, 4, 8, 10) if power * step >= amount)
