"""What is left in the scrollback: the day, its dearest call, and budgets that need somebody."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from console.closing import closing_line
from console.snapshot import Snapshot
from tests.screens.story import Story
from tests.screens.story_clock import clock

pytestmark = pytest.mark.anyio


async def evening() -> Snapshot:
    story = Story()
    return Snapshot(
        now=clock(),
        summary=await story.summary(),
        calls=(await story.calls()).calls,
        budgets=await story.budgets(),
    )


async def test_the_day_its_dearest_call_and_who_needs_somebody() -> None:
    snap = await evening()
    dearest = replace(
        snap.calls[0], id="req_dear", cost_usd=Decimal("9.5"), certainty="estimated", model="gpt-5.5"
    )
    day, call, budgets = closing_line(replace(snap, calls=(*snap.calls[1:], dearest))).splitlines()
    assert day.startswith("today $12.79 · saved $") and day.endswith("1,204 calls")
    assert call == f"dearest of the last {len(snap.calls)} calls: ~$9.5000 · gpt-5.5 · req_dear"
    assert budgets.startswith("needs you: user ana 102%, ")


async def test_many_budgets_are_counted_from_the_fourth_on() -> None:
    snap = await evening()
    over = next(each for each in snap.budgets or () if each.name == "user ana")
    many = tuple(replace(over, name=f"b{n}", share=2 - n / 10) for n in range(5))
    assert closing_line(replace(snap, calls=(), budgets=many)).splitlines()[1:] == [
        "needs you: b0 200%, b1 190%, b2 180%, 2 more"
    ]


async def test_a_quiet_day_is_one_line_and_an_unknown_one_none() -> None:
    summary = await Story(empty=True).summary()
    assert closing_line(Snapshot(now=clock(), summary=summary)) == "today $0.00 · saved $0.00 (0%) · 0 calls"
    assert closing_line(Snapshot(now=clock())) == ""
