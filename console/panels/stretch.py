"""A stretch of the spend chart that the mouse is drawn over, and the calls of that time as a filter. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from console.panels.spend_series import Shown, steps_of
from console.present import instant
from console.widgets.ink import Line, fit

BY_THE_CLOCK = ("1h", "24h")
"""Ranges in which a time of day means one moment."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one column of the chart to another, in either direction."""

    begin: int
    end: int

    def _columns(self, room: int) -> tuple[int, int]:
        """Its first and its last column, within the chart."""
        first, last = sorted(max(0, min(x, room - 1)) for x in (self.begin, self.end))
        return first, last

    def times(self, shown: Shown, room: int) -> tuple[str, str]:
        """The first and the last minute of it, as '14:05'. room: columns of the whole chart."""
        steps, step = steps_of(shown.spend), shown.spend.step_seconds
        start = instant(shown.spend.start).astimezone(shown.zone)
        first, last = self._columns(room)
        begins = start + timedelta(seconds=first * steps // room * step)
        behind = max(last * steps // room + 1, (last + 1) * steps // room)
        ends = start + timedelta(seconds=behind * step - 1)
        return f"{begins:%H:%M}", f"{ends:%H:%M}"

    def filter(self, shown: Shown, room: int) -> str:
        """The calls that ended in it."""
        return "at:{}..{}".format(*self.times(shown, room))

    def axis(self, shown: Shown, room: int) -> Line:
        """What stands below the chart while it is drawn: a line as wide, and its times."""
        first, last = self._columns(room)
        words = "{}–{}".format(*self.times(shown, room))
        mark = "━" * (last - first + 1)
        if last + 2 + len(words) <= room:
            return [(" " * first, ""), (mark, "key"), (fit(f" {words}", room - last - 1), "text")]
        return [(fit(f"{words} ", first, ">"), "text"), (mark, "key"), (" " * (room - last - 1), "")]
