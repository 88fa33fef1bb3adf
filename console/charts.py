"""Charts with axes, drawn by plotext: the only place that knows it.

plotext 5 keeps one figure for the whole process behind its public functions and grows when that is redrawn
for days; so each chart here is a figure of its own, made and dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from rich.style import Style
from rich.text import Text

from console.present import tokens
from console.widgets.columns import resampled, round_top
from console.widgets.palette import Paint

Row = list[tuple[str, Style]]
DOTS = "braille"
FULL = "█"
_MARKERS = {DOTS: DOTS, "block": "hd"}
_STEPS = tuple(
    timedelta(minutes=count) for count in (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720)
) + tuple(timedelta(days=count) for count in (1, 2, 5, 7, 14, 30))
_TICK_WIDTH = 14
"""Cells between two marks of the time axis, at least."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line or layer of a chart: its colour, and a value for each step of the frame from `first` on."""

    color: Paint
    values: Sequence[float]
    first: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line at an amount, as a limit."""

    value: float
    color: Paint
    marker: str = "┈"


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a chart in cells, its time axis, its unit ('$' or ''), and the colour of its axes."""

    width: int
    height: int
    start: datetime
    step_seconds: float
    steps: int
    ink: Paint
    unit: str = "$"
    marker: str = DOTS
    """How lines are drawn: braille, or block where a font has no braille."""

    @property
    def last(self) -> int:
        return max(1, self.steps - 1)


def lines_chart(series: Sequence[Series], frame: Frame, levels: Sequence[Level] = ()) -> list[Row]:
    """Values over time as lines over axes; `frame.height` rows of `frame.width` cells."""
    peak = max((max(one.values, default=0.0) for one in series), default=0.0)
    figure = _figure(frame, round_top(max([peak, *(level.value for level in levels)])))
    for level in levels:
        figure.plot([0, frame.last], [level.value] * 2, marker=level.marker, color=level.color)
    for one in series:
        points = _thinned(one.values, frame.width * 2)
        places = [one.first + at for at, _ in points]
        marker = _MARKERS.get(frame.marker, "*")
        figure.plot(places, [value for _, value in points], marker=marker, color=one.color)
    return _rows(figure.build(), frame)


def stacked_chart(layers: Sequence[Series], frame: Frame) -> list[Row]:
    """Values over time, each layer on top of the one before, as filled areas over axes."""
    columns = frame.width * 2
    sampled = [resampled(layer.values, columns) for layer in layers]
    sums = list(accumulate(sampled, lambda low, high: [a + b for a, b in zip(low, high, strict=True)]))
    top = round_top(max(sums[-1], default=0.0))
    figure = _figure(frame, top)
    # Each layer is painted from the ground up, so the highest comes first. plotext gives 0 a row of its own;
    # an amount of n rows has to end one row lower, and less than half a row on none.
    rows = max(2, frame.height - 2)
    for layer, heights in zip(reversed(layers), reversed(sums), strict=True):
        seen = [at for at in range(columns) if heights[at] / top * rows >= 0.5]
        if seen:
            ends = [max(0.0, (heights[at] / top * rows - 1) / (rows - 1) * top) for at in seen]
            places = [at / (columns - 1) * frame.last for at in seen]
            figure.scatter(places, ends, marker=FULL, color=layer.color, fillx=True)
    return _rows(figure.build(), frame)


def _figure(frame: Frame, top: float) -> Any:
    # Importing plotext costs 30 ms that only those charts should pay.
    from plotext._figure import _figure_class

    figure = _figure_class()
    figure._limit_size(False, False)
    figure.plot_size(frame.width, frame.height)
    figure.canvas_color("default")
    figure.axes_color("default")
    figure.ticks_color(frame.ink)
    figure.xaxes(True, False)
    figure.yaxes(True, False)
    figure.xlim(0, frame.last)
    figure.ylim(0, top)
    amounts = [top * part / 4 for part in range(5)]
    figure.yticks(amounts, [_amount(amount, top, frame.unit) for amount in amounts])
    places = _ticks(frame)
    figure.xticks(places, [_when(frame, place) for place in places])
    return figure


def _thinned(values: Sequence[float], most: int) -> list[tuple[float, float]]:
    """At most `most` points: the greatest of each bucket, so that no peak is lost."""
    size = max(1, -(-len(values) // most))
    return [
        (at + (min(size, len(values) - at) - 1) / 2, max(values[at : at + size]))
        for at in range(0, len(values), size)
    ]


def _rows(drawn: str, frame: Frame) -> list[Row]:
    return [_spans(Text.from_ansi(line)) for line in drawn.splitlines()[: frame.height]]


def _spans(text: Text) -> Row:
    """The runs of a drawn line. A full block becomes a blank on its colour: no hairlines between cells."""
    spans: Row = []
    at = 0
    for span in text.spans:
        style = span.style if isinstance(span.style, Style) else Style.parse(span.style)
        run = text.plain[span.start : span.end]
        spans.append((text.plain[at : span.start], Style()))
        if run.strip(FULL):
            spans.append((run, style))
        else:
            spans.append((" " * len(run), Style(bgcolor=style.color)))
        at = span.end
    return [*spans, (text.plain[at:], Style())]


def _amount(amount: float, top: float, unit: str) -> str:
    if not unit:
        return tokens(round(amount), narrow=True)
    places = 0 if top >= 40 else 2 if top >= 0.08 else 4 if top >= 0.0008 else 6
    return f"${amount:,.{places}f}"


def _ticks(frame: Frame) -> list[float]:
    """Places on whole minutes, hours or days, so many that their names do not touch."""
    span = timedelta(seconds=frame.last * frame.step_seconds)
    most = max(1, frame.width // _TICK_WIDTH)
    step = next((step for step in _STEPS if span / step <= most), _STEPS[-1])
    midnight = frame.start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + step * -(-(frame.start - midnight) // step)
    count = max(1, (frame.start + span - first) // step + 1)
    return [(first + step * at - frame.start).total_seconds() / frame.step_seconds for at in range(count)]


def _when(frame: Frame, step: float) -> str:
    moment = frame.start + timedelta(seconds=round(step * frame.step_seconds))
    if frame.last * frame.step_seconds > 3 * 86_400:
        return f"{moment.day} {moment:%b}"
    return f"{moment:%a}" if (moment.hour, moment.minute) == (0, 0) else f"{moment:%H:%M}"
