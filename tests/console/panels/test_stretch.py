"""A stretch of the spend chart as times, a filter and a line below the chart."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal

import pytest

from console.panels.spend_series import Shown
from console.panels.stretch import Stretch
from console.shapes import Spend, SpendSeries
from console.widgets.ink import length

ROOM = 60


def an_hour(steps: int) -> Shown:
    """One that begins at 14:00, of so many steps."""
    series = SpendSeries(name="m", cost_usd=(Decimal(1),) * steps, total_usd=Decimal(steps))
    spend = Spend(
        by="model",
        start="2026-11-26T14:00:00Z",
        step_seconds=3600 // steps,
        series=(series,),
        total_usd=series.total_usd,
    )
    return Shown(spend, "1h", UTC, 60.0)


@pytest.mark.parametrize(
    ("steps", "begin", "end", "times"),
    [
        (60, 10, 19, ("14:10", "14:19")),
        (60, 19, 10, ("14:10", "14:19")),
        (60, -5, 200, ("14:00", "14:59")),
        (30, 10, 11, ("14:10", "14:11")),
        (30, 11, 12, ("14:10", "14:13")),
        (120, 10, 11, ("14:10", "14:11")),
    ],
)
def test_its_times_are_those_of_the_columns(steps: int, begin: int, end: int, times: tuple[str, str]) -> None:
    assert Stretch(begin, end).times(an_hour(steps), ROOM) == times
    assert Stretch(begin, end).filter(an_hour(steps), ROOM) == f"at:{times[0]}..{times[1]}"


@pytest.mark.parametrize(("begin", "end"), [(0, 3), (20, 40), (55, 59), (0, 59)])
def test_its_line_is_as_wide_as_the_chart_and_stands_below_its_columns(begin: int, end: int) -> None:
    line = Stretch(begin, end).axis(an_hour(60), ROOM)
    text = "".join(words for words, _ in line)
    assert length(line) == ROOM
    assert (text.index("━"), text.rindex("━")) == (begin, end)
    if end - begin < 50:
        assert f"14:{begin:02}–14:{end:02}" in text
