"""How a budget got where it is and where it lands: spend since the window began, against the limit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from textual import work
from textual.content import Content

from console import charts
from console.limit_words import limit_moment, raise_words, window_words
from console.panels.base import message
from console.panels.words import budget_ink
from console.present import instant, matched
from console.screens.desk import Desk
from console.shapes import Budget, ReportRow
from console.trouble import ClientError, GatewayGone
from console.wardrobe import markers_of
from console.widgets.canvas import Canvas
from console.widgets.ink import Line

SLICES = 16
AGAIN = timedelta(seconds=10)
PAUSE = 0.15
"""Seconds that the cursor must rest on a budget before its history is asked for."""


@dataclass(frozen=True, slots=True)
class _History:
    """What was used up to the end of each of SLICES equal parts of the time since the window began."""

    name: str
    start: datetime
    end: datetime
    used: tuple[float, ...]


class Trajectory(Canvas):
    """Draws the budget it is shown; asks for its history when another is shown, and now and then again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(id="trajectory")
        self._desk = desk
        self._budget: Budget | None = None
        self._history: _History | None = None

    def show(self, budget: Budget | None, now: datetime) -> None:
        another = (budget and budget.name) != (self._budget and self._budget.name)
        old = self._history is not None and now - self._history.end > AGAIN
        if budget != self._budget or old:
            self._budget = budget
            self.redraw()
        if budget is None:
            self.border_title = None
        elif another or old:
            self.border_title = Content(
                f"{budget.name} · {window_words(budget.window)} · {matched(budget.match)}"
            )
            self._history = None if another else self._history
            self._fetch(budget, now)

    def draw(self, width: int, height: int) -> Sequence[Line]:
        budget, history = self._budget, self._history
        if budget is None or height < 6:
            return ()
        if history is None or history.name != budget.name:
            return message(width, height, [("asking the gateway …", "faint")])
        told = " · ".join(filter(None, (limit_moment(budget, history.end), raise_words(budget, history.end))))
        plot = self._plot(budget, history, width, height - 1)
        return [*plot, [(" ", "text"), (told, "muted")]]

    def _plot(self, budget: Budget, history: _History, width: int, height: int) -> Sequence[Line]:
        step = (history.end - history.start).total_seconds() / SLICES
        ends = instant(budget.resets_at).astimezone(history.end.tzinfo) if budget.resets_at else history.end
        steps = max(SLICES + 1, round((ends - history.start).total_seconds() / max(step, 1)) + 1)
        paint = self.inks.paint
        in_force = budget.in_force_usd if budget.limit_usd is not None else budget.in_force_tokens
        limit = float(in_force or 0)
        series = [charts.Series(paint(budget_ink(budget)), history.used)]
        # A landing far beyond the limit would flatten what there is to see.
        top = max(limit * 1.25, history.used[-1] * 1.1)
        if budget.lands_usd is not None and budget.limit_usd is not None and steps > SLICES + 1:
            ahead = steps - SLICES - 1
            spent, lands = float(budget.spent_usd), float(budget.lands_usd)
            path = [spent + (lands - spent) * part / ahead for part in range(ahead + 1)]
            path = [value for value in path if value <= max(top, limit * 1.6)]
            series.append(charts.Series(paint("muted"), path, first=SLICES))
        return charts.lines_chart(
            series,
            charts.Frame(
                width,
                height,
                history.start,
                step,
                steps,
                paint("faint"),
                "$" if budget.limit_usd is not None else "",
                markers_of(self.app),
            ),
            (charts.Level(limit, paint("alert")), charts.Level(limit * 0.8, paint("line"))),
        )

    @work(exclusive=True)
    async def _fetch(self, budget: Budget, now: datetime) -> None:
        await asyncio.sleep(PAUSE)
        start = instant(budget.window_start).astimezone(now.tzinfo)
        edges = [start + (now - start) * part / SLICES for part in range(SLICES + 1)]
        used = [0.0]
        try:
            for begin, end in zip(edges, edges[1:], strict=False):
                report = await self._desk.client.report(
                    since=begin.isoformat(), until=end.isoformat(), where=budget.match
                )
                used.append(used[-1] + _used(report.total, budget))
        except (ClientError, GatewayGone):
            return
        self._history = _History(budget.name, start, now, tuple(used))
        self.redraw()


def _used(row: ReportRow, budget: Budget) -> float:
    if budget.limit_usd is not None:
        return float(row.cost_usd)
    return float(row.input_tokens + row.cached_input_tokens + row.cache_write_tokens + row.output_tokens)
