"""Spend over time: stacked columns on the dashboard, a chart with axes when it has the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from textual import events
from textual.content import Content

from console import charts
from console.messages import Narrowed
from console.panels.base import Panel, message
from console.panels.spend_series import UNITS, Shown, gathered, lived, ordered, pace, running, steps_of, ticks
from console.panels.stretch import BY_THE_CLOCK, Stretch
from console.panels.words import short_model
from console.present import instant, percent, usd
from console.shapes import SpendSeries
from console.snapshot import RANGES, Snapshot
from console.widgets.bars import bar
from console.widgets.columns import columns, resampled, round_top
from console.widgets.ink import Line, Span, fit, fitting, length, spread

OTHER_INK = "chart-8"
LAYERS = 4
"""The most layers that the columns of the small chart are made of."""
_AXIS = 7


class SpendPanel(Panel):
    NAME: ClassVar[str] = "spend"
    PACE: ClassVar[timedelta] = timedelta(seconds=1)

    def __init__(self) -> None:
        super().__init__()
        self._inks_of: dict[str, str] = {}
        self._stretch: Stretch | None = None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Drawing the mouse over the columns chooses the calls of that time."""
        shown: Shown | None = self._model
        if shown is None or self.big or shown.range not in BY_THE_CLOCK or not shown.spend.total_usd:
            return
        place = event.get_content_offset(self)
        if place is not None and place.x >= _AXIS:
            self._stretch = Stretch(place.x - _AXIS, place.x - _AXIS)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._stretch is not None:
            self._stretch = Stretch(self._stretch.begin, event.get_content_offset_capture(self).x - _AXIS)
            self.redraw()

    def on_mouse_up(self) -> None:
        stretch, self._stretch = self._stretch, None
        if stretch is None:
            return
        self.release_mouse()
        self.redraw()
        if stretch.begin != stretch.end:
            self.post_message(Narrowed(stretch.filter(self._model, self.content_size.width - _AXIS)))

    def view(self, snap: Snapshot) -> Shown | None:
        if snap.spend is None:
            return None
        spend = lived(snap.spend) if snap.range == "1h" else snap.spend
        until = f"{snap.frozen_at:%H:%M}" if snap.frozen_at else "now"
        return Shown(spend, snap.range, snap.now.tzinfo, running(spend, snap.now), until)

    def title(self, model: Shown) -> str:
        minutes = steps_of(model.spend) * model.spend.step_seconds // 60
        seen = f"last {minutes} min" if model.range == "1h" and minutes else RANGES[model.range]
        return f"spend $/{UNITS[model.range][1]} · {seen} · by {model.spend.by}"

    def subtitle(self, model: Shown) -> Content:
        names = [
            (f"{n} {name}", "bold $key" if name == model.range else "") for n, name in enumerate(RANGES, 1)
        ]
        return Content("  ").join(Content.assemble(name) for name in names)

    def paint(self, model: Shown, width: int, height: int) -> Sequence[Line]:
        if not model.spend.total_usd:
            return _nothing(model, width, height)
        if self.big:
            return self._analysis(model, width, height)
        return self._live(model, width, height)

    def ink(self, name: str) -> str:
        """The colour of a series, kept for as long as the console runs."""
        if name == "other":
            return OTHER_INK
        return self._inks_of.setdefault(name, f"chart-{len(self._inks_of) % 7 + 1}")

    def _live(self, model: Shown, width: int, height: int) -> list[Line]:
        legend_fits = height > 5
        series = gathered(ordered(model.spend), LAYERS)
        legend = self._legend(series, width) if legend_fits else None
        rows = height - 1 - (legend is not None)
        room = width - _AXIS
        layers = [(self.ink(one.name), pace(one, model)) for one in series]
        top = round_top(max(map(sum, zip(*(resampled(v, room) for _, v in layers), strict=True))))
        chart = columns(layers, room, rows, top)
        lines: list[Line] = [[_label(top, row, rows), *line] for row, line in enumerate(chart)]
        axis = self._stretch.axis(model, room) if self._stretch else _time_axis(model, room)
        lines.append([(" " * _AXIS, ""), *axis])
        if legend is not None:
            lines.append(legend)
        return lines

    def _legend(self, series: Sequence[SpendSeries], width: int) -> Line:
        parts = [
            [("▆ ", self.ink(one.name)), (f"{short_model(one.name)} ", "muted"), (usd(one.total_usd), "text")]
            for one in sorted(series, key=lambda one: -one.total_usd)
        ]
        return [("  ", ""), *fitting(parts, width - 2)]

    def _analysis(self, model: Shown, width: int, height: int) -> list[Line]:
        series = ordered(model.spend)
        table = self._table(series, model.spend.total_usd, width)
        plot = charts.stacked_chart(
            [charts.Series(self.inks.paint(self.ink(one.name)), pace(one, model)) for one in series],
            charts.Frame(
                width=width,
                height=max(8, height - len(table) - 1),
                start=instant(model.spend.start).astimezone(model.zone),
                step_seconds=model.spend.step_seconds,
                steps=steps_of(model.spend),
                ink=self.inks.paint("muted"),
            ),
        )
        return [*plot, (), *table][:height]

    def _table(self, series: Sequence[SpendSeries], total: Decimal, width: int) -> list[Line]:
        name_width = min(28, max(len(one.name) for one in series) + 2)
        rows: list[Line] = []
        for one in sorted(series, key=lambda one: -one.total_usd):
            share = float(one.total_usd / total) if total else 0.0
            rows.append(
                [
                    ("▆ ", self.ink(one.name)),
                    (fit(one.name, name_width), "text"),
                    *bar(max(10, min(40, width - name_width - 24)), [(share, self.ink(one.name))]),
                    (fit(percent(share), 6, ">"), "muted"),
                    (fit(usd(one.total_usd), 12, ">"), "spend"),
                ]
            )
        return rows


def _label(top: float, row: int, rows: int) -> Span:
    """An amount on the row that is nearest to it: the top, and even parts of it below. Amounts so small that
    they would read alike are named once."""
    parts = 4 if rows > 15 else 3 if rows > 5 else 2
    words = [_amount(top * (parts - part) / parts) for part in range(parts)]
    for part, word in enumerate(words):
        if row == round(rows * part / parts) and word not in words[:part]:
            return (fit(word, _AXIS - 1, ">") + " ", "faint")
    return (" " * _AXIS, "")


def _amount(value: float) -> str:
    return f"{value:.4f}" if value < 0.01 else f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def _time_axis(model: Shown, width: int) -> Line:
    marks = "".join(fit(text, width // 3) for text in ticks(model))
    return spread([(marks[: width - 4], "faint")], [(model.until, "faint")], width)


def _nothing(model: Shown, width: int, height: int) -> list[Line]:
    rest: Line = [("calls through the gateway draw themselves here", "faint")]
    line: Line = [(f"nothing spent · {RANGES[model.range]}", "muted")]
    return message(width, height, line, rest if length(rest) <= width else ())
