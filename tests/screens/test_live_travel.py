"""Back through the day on a real gateway: the money, limits and calls of an earlier moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import anyio
import pytest

from console.panels.budgets import BudgetsPanel
from console.past import as_of
from console.present import until
from tests.screens.live import ask, live
from tests.screens.stage import on_stage
from tests.screens.story import Story
from tests.screens.story_clock import clock
from tests.support.gateway import Gateways

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"
[[budgets]]
name = "web"
match = { project = "web" }
limit_usd = "0.10"
window = "month"
at_limit = "alert"
"""
pytestmark = pytest.mark.anyio


async def test_an_earlier_moment_has_its_own_numbers(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=300]]", tags="project=web")
        await console.sees("0.0300", "today $0.03")
        between = console.app.desk.feed.live.now + timedelta(seconds=0.5)
        await anyio.sleep(1.2)
        await ask(gateway, "[[sim output=600]]", tags="project=web")
        await console.sees("0.0600", "today $0.09", "90%")
        past = await as_of(console.app.desk.client, console.app.desk.feed.live, between)
        assert past.summary is not None
        assert past.budgets is not None
        assert (len(past.calls), past.summary.calls_today) == (1, 1)
        assert str(past.summary.today_usd.normalize()) == "0.03"
        assert (past.budgets[0].share, past.budgets[0].state) == (0.3, "ok")
        assert past.spend is not None
        assert past.spend.total_usd >= past.summary.today_usd


async def test_keys_lead_back_and_to_the_present_again(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=300]]", tags="project=web")
        await console.sees("today $0.03")
        await console.press("left_curly_bracket")
        await console.sees("FROZEN", "today $0.00", "no calls yet")
        await console.press("right_square_bracket")
        await console.sees("FROZEN", "1 new call", "today $0.00")
        await console.press("space")
        await console.until(lambda: "FROZEN" not in console.text, "the present")
        await console.sees("today $0.03")


async def test_of_an_earlier_moment_it_is_told_how_long_the_windows_then_had_left() -> None:
    async with on_stage(Story(), (120, 36)) as (app, _):
        snap = replace(app.desk.feed.tick(), frozen_at=clock() - timedelta(days=2))
        assert snap.budgets is not None
        panel = app.screen.query_one(BudgetsPanel)
        model = panel.view(snap)
        assert model is not None
        ordered, resets = model
        assert resets == tuple(until(one.resets_at, clock() - timedelta(days=2)) for one in ordered)
        assert resets != tuple(until(one.resets_at, clock()) for one in ordered)
