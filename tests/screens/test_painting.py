"""Only what has changed is painted again: whatever happened, the screen is as if painted anew."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import anyio
import msgspec
import pytest
from textual.pilot import Pilot

from console import shapes
from console.app import Console
from console.events import BACK, LOST
from console.markers import MARKERS
from console.screens.dashboard import Dashboard
from console.screens.page import Page
from tests.screens.painted import Painted, anew, differing, painted
from tests.screens.stage import on_stage, press
from tests.screens.story import Story
from tests.screens.story_calls import call_of, flying_of
from tests.screens.story_clock import NOW
from tests.screens.story_limits import THROWN

STEPS = 90
SIZES = ((80, 24), (120, 36), (200, 50), (120, 24), (100, 30), (59, 20), (72, 16))
THEMES = ("ember", "paper", "mono", "terminal")
MOVES = "j j k down up pagedown pageup end home right left tab shift+tab".split()
ON_BOARD = "plus 1 2 3 4 v space s P A left_square_bracket G g x X".split()
PAGES = "b r p L K e comma C l question_mark ctrl+o o slash t enter".split()
HAPPENINGS = "opened grown settled edited alert gone back mode brake".split()
FILTERS = ("ana", "cost>0.1", "is:live", "user:bo", "is:x", "since:5m")

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]


class Lively(Story):
    """A story that goes on as a test tells it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[shapes.Event] = []

    async def events(self, last_id: int | None = None) -> AsyncIterator[shapes.Event]:
        while True:
            while self.told:
                yield self.told.pop(0)
            await anyio.sleep(0.02)

    def tell(self, kind: str, **data: Any) -> None:
        self.told.append(shapes.Event(1, kind, data))


class Hands:
    """Somebody who does anything, in an order that the dice say; the same again for the same dice."""

    def __init__(self, app: Console, pilot: Pilot[Any], story: Lively, dice: random.Random) -> None:
        self.app, self.pilot, self.story, self.dice = app, pilot, story, dice
        self.running = 0
        self.done: list[str] = []

    async def step(self) -> None:
        ways: tuple[tuple[int, Callable[[], Any]], ...] = (
            (8, self.move),
            (5, self.on_board),
            (3, self.page),
            (3, self.back),
            (2, self.resize),
            (2, self.dress),
            (1, self.mark),
            (2, self.filter),
            (8, self.happen),
            (2, self.point),
        )
        for _ in range(self.dice.randrange(1, 4)):
            (way,) = self.dice.choices([way for _, way in ways], [weight for weight, _ in ways])
            await way()

    async def press(self, *keys: str) -> None:
        self.done.append(" ".join(keys))
        await self.pilot.press(*keys)

    async def move(self) -> None:
        if isinstance(self.app.screen, Page):
            await self.press(self.dice.choice(MOVES))

    async def on_board(self) -> None:
        if isinstance(self.app.screen, Dashboard):
            await self.press(self.dice.choice(ON_BOARD))

    async def page(self) -> None:
        if isinstance(self.app.screen, Page):
            key = self.dice.choice(PAGES)
            if key != "enter" or isinstance(self.app.screen, Dashboard):
                await self.press(key)

    async def back(self) -> None:
        await self.press("escape")

    async def resize(self) -> None:
        size = self.dice.choice(SIZES)
        self.done.append(f"size {size}")
        await self.pilot.resize_terminal(*size)

    async def dress(self) -> None:
        self.app.theme = self.dice.choice(THEMES)
        self.done.append(self.app.theme)

    async def mark(self) -> None:
        self.app.draw_with(self.dice.choice(MARKERS))

    async def filter(self) -> None:
        if isinstance(self.app.screen, Dashboard):
            self.app.action_narrow(self.dice.choice((*FILTERS, "")))
            self.done.append("filter")

    async def point(self) -> None:
        wide, high = self.app.size
        await self.pilot.hover(offset=(self.dice.randrange(wide), self.dice.randrange(high)))

    async def happen(self) -> None:
        what = self.dice.choice(
            ("opened", "grown", "settled", "edited", "alert", "gone", "back", "mode", "brake")
        )
        self.done.append(what)
        self.tell(what)

    def tell(self, what: str) -> None:
        story, dice, feed = self.story, self.dice, self.app.desk.feed
        match what:
            case "opened":
                self.running += 1
                call = replace(flying_of(dice.randrange(3)), id=f"new{self.running}")
                story.tell("call.opened", **msgspec.to_builtins(call))
            case "grown":
                told = {"output_tokens": dice.randrange(9_000), "cost_usd": f"0.{dice.randrange(9_999):04}"}
                story.tell("call.progress", id=f"new{self.running}", **told)
            case "settled":
                ended = replace(call_of(dice, dice.randrange(50)), id=f"new{self.running}")
                story.tell("call.settled", **msgspec.to_builtins(ended))
            case "edited":
                name = dice.choice(list(story._budgets))
                story._budgets[name] = replace(story._budgets[name], spent_usd=Decimal(dice.randrange(90)))
                feed.refresh()
            case "alert":
                story.tell("budget.alert", budget=f"web{dice.randrange(3)}", mark=80, text="web is at 80 %")
            case "mode":
                story.mode_name = dice.choice(("vibing", "building"))
                story.tell("policy.changed")
            case "brake":
                story.thrown = dice.choice(((), (THROWN,)))
                story.tell("policy.changed")
            case _:
                story.tell(LOST if what == "gone" else BACK)


async def settled(app: Console, pilot: Pilot[Any], terminal: Painted) -> str:
    """What is other on the screen than it should be, once nothing moves any more."""
    told = ""
    for pause in (0, 0, 0.05, 0.1, 0.3, 0.5, 1.0):
        await pilot.pause(pause or None)
        told = differing(terminal.rows(*app.size), anew(app))
        if not told:
            break
    return told


@pytest.mark.parametrize("seed", range(4))
async def test_the_screen_is_what_it_would_be_if_painted_anew(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice, story, moment = random.Random(seed), Lively(), [NOW]

    def now() -> datetime:
        return moment[0]

    with painted(monkeypatch) as terminal:
        async with on_stage(story, dice.choice(SIZES), now=now) as (app, pilot):
            hands = Hands(app, pilot, story, dice)
            for at in range(STEPS):
                before = len(hands.done)
                await hands.step()
                moment[0] += timedelta(seconds=dice.choice((0, 0.3, 1.2)))
                told = await settled(app, pilot, terminal)
                doings = ", ".join([*hands.done[max(0, before - 4) : before], "THEN", *hands.done[before:]])
                assert not told, f"seed {seed}, step {at}: {doings}\n{told}"


@pytest.mark.parametrize("keys", ["K", "L", "bh", "C"])
async def test_what_was_a_while_ago_is_longer_ago_with_time(
    keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [NOW]
    with painted(monkeypatch) as terminal:
        async with on_stage(Story(), (120, 36), now=lambda: moment[0]) as (app, pilot):
            await press(pilot, *keys)
            before = terminal.text(*app.size)
            moment[0] += timedelta(hours=30)
            await pilot.pause(1.3)
            told = re.findall(r"\d+[a-z]+(?: \d+[a-z]+)?(?: ago)?", terminal.text(*app.size))
            assert told != re.findall(r"\d+[a-z]+(?: \d+[a-z]+)?(?: ago)?", before)
            assert not differing(terminal.rows(*app.size), anew(app))


@pytest.mark.parametrize("under", ["", "question_mark"])
async def test_a_mask_is_on_the_whole_screen_at_once(under: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also under a form, where it comes with a name that nobody knew before."""
    with painted(monkeypatch) as terminal:
        async with on_stage(Story(), (120, 36)) as (app, pilot):
            assert "user ana" in terminal.text(*app.size)
            if under:
                await pilot.press(under)
            app.action_mask()
            await pilot.pause()
            assert "user ana" not in terminal.text(*app.size)
            app.action_mask()
            await pilot.press("escape")
            await pilot.pause()
            assert "user ana" in terminal.text(*app.size)
