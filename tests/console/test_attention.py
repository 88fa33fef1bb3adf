"""What is told to somebody who was away, and what the terminal's title says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from console.attention import left, missed, title_of
from console.snapshot import Snapshot
from tests.screens.story import Story
from tests.screens.story_clock import clock
from tests.screens.story_limits import THROWN

pytestmark = pytest.mark.anyio


async def before() -> Snapshot:
    return Snapshot(now=clock(), summary=await Story().summary(), in_flight=Story()._flying)


async def later(minutes: float, *, usd: str = "1.20", calls: int = 34) -> Snapshot:
    was = await before()
    assert was.summary is not None
    summary = replace(
        was.summary,
        today_usd=was.summary.today_usd + Decimal(usd),
        calls_today=was.summary.calls_today + calls,
    )
    return replace(was, now=was.now + timedelta(minutes=minutes), summary=summary)


async def test_what_happened_meanwhile() -> None:
    gone = left(await before())
    assert missed(gone, await later(12), 1) == "12m: $1.20, 34 calls, 1 alert"
    assert missed(gone, await later(12, calls=1), 0) == "12m: $1.20, 1 call"
    assert missed(gone, await later(12, usd="0", calls=0), 2) == "12m: $0.00, 0 calls, 2 alerts"


async def test_nothing_is_told_of_a_short_look_away_or_a_quiet_time_or_another_day() -> None:
    gone = left(await before())
    assert missed(gone, await later(0.5), 0) is None
    assert missed(gone, await later(12, usd="0", calls=0), 0) is None
    assert missed(gone, await later(60 * 30), 0) is None
    assert missed(None, await later(12), 0) is None


async def test_the_title() -> None:
    assert title_of(await before()) == "llmconsole · $12.79 today · 3 live"
    assert title_of(replace(await before(), panics=(THROWN,))).startswith("PANIC · ")
    assert title_of(Snapshot(now=clock())) == "llmconsole"
