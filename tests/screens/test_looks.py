"""How the screens look, cell by cell, in all sizes and themes that we promise; and that no number is cut."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import Console
from console.gateway import Place
from tests.screens.capture import Rows, rows_of, text_of
from tests.screens.look import compare
from tests.screens.stage import ROUNDS, on_stage, press, sees
from tests.screens.story import Story
from tests.screens.story_clock import NOW
from tests.screens.story_limits import THROWN, WAITING

SIZES = ((80, 24), (120, 36), (200, 50))
Sizes = tuple[tuple[int, int], ...]
THEMES = ("ember", "paper", "mono")
PAGES = {
    "spend": ("tab", "plus"),
    "budgets": ("b", "j"),
    "marked": ("b", "space", "space"),
    "budget-form": ("b", "j", "enter"),
    "budget-new": ("b", "n"),
    "budget-raise": ("b", "j", "x", "8", "0"),
    "throttles": ("b", "tab"),
    "throttle-form": ("b", "tab", "enter"),
    "history": ("b", "h", "j"),
    "confirm": ("b", "j", "D"),
    "keys": ("K",),
    "key-form": ("K", "j", "j", "j", "j", "enter"),
    "key-replaced": ("K", "enter"),
    "tokens": ("K", "tab", "j"),
    "token-form": ("K", "tab", "n"),
    "token-shown": ("K", "tab", "n", "b", "o", "t", "ctrl+s"),
    "settings": ("comma", "j"),
    "first-found": ("F",),
    "receipt": ("j", "j", "j", "j", "enter"),
    "messages": (*"jjjjjjj", "enter", *["down"] * 14),
    "messages-masked": (*"jjjjjjj", "enter", *["down"] * 14, "P"),
    "what-if": ("j", "j", "j", "j", "enter", "W"),
    "running": ("j", "enter"),
    "providers": ("p",),
    "alerts": ("L", "j"),
    "reports": ("e",),
    "reports-each": ("e", *["down"] * 4, "right", "pagedown", "pagedown"),
    "log": ("l", "j", "j"),
    "log-searched": ("l", "3", "slash", "c", "a", "l", "l"),
    "kept": ("C", "j"),
    "kept-told": ("C", "j", "enter"),
    "kept-savings": ("C", "tab"),
    "kept-filtered": ("C", "slash", *"is:pinned", "x"),
    "routes": ("r", "j"),
    "routes-draft": ("r", "j", "o"),
    "route-form": ("r", "j", "enter"),
    "route-new": ("r", "n"),
    "classes": ("r", "c"),
    "classes-tried": ("r", "c", "down", "end", "backspace", "backspace", "4"),
    "try-a-prompt": ("r", "T", "h", "i"),
    "why": ("slash", *"is:routed", "enter", "enter", *["down"] * 14),
    "command": ("colon", "b", "u"),
    "panic": ("j", "j", "j", "j", "exclamation_mark"),
    "help": ("question_mark",),
    "filtered": ("slash", "a", "n", "a", "enter"),
    "mode-rule": (*"jjjj", "B"),
    "columns": ("o", "j", "j", "space"),
    "jump": ("ctrl+o",),
    "offered": ("slash", "p", "r", "o", "j"),
    "wrong-word": ("slash", "a", "n", "a", "space", "i", "s", "colon", "x"),
    "filter-name": ("slash", *"cost>1", "ctrl+s"),
    "themes": ("t", "j"),
    "typing-a-filter": ("slash", "c", "o", "s", "t", ">"),
}
AWAITED = {
    "budget-form": "last 30 days this rule",
    "routes-draft": "calls would go elsewhere",
    "classes": "were not scored",
    "classes-tried": "calls would go elsewhere",
    "try-a-prompt": "rule #2",
    "why": "rules, in order",
}
"""Words of what is asked for only once one has stopped typing."""

REDRAWN = 0.1
"""Seconds in which something moves as long as a page is still finding its place."""

pytestmark = pytest.mark.anyio


async def redrawn(app: Console, pilot: Pilot[Any]) -> None:
    """Waits until a page has another size or theme, and says what the clock's next tick tells it."""
    await pilot.pause()
    app._tick()
    now: Rows = []
    for _ in range(ROUNDS):
        before, now = now, rows_of(app)
        if before == now:
            break
        await pilot.pause(REDRAWN)


async def in_all_themes(app: Console, pilot: Pilot[Any]) -> dict[str, Rows]:
    """What is on the screen in each theme, put on it one after another."""
    taken: dict[str, Rows] = {}
    for theme in sorted(THEMES, key=lambda theme: theme != app.theme):
        if app.theme != theme:
            app.theme = theme
            await redrawn(app, pilot)
        taken[theme] = rows_of(app)
    return {theme: taken[theme] for theme in THEMES}


async def looks(app: Console, pilot: Pilot[Any], page: str, sizes: Sizes = SIZES) -> None:
    """Compares what is on the screen in all sizes and themes. It has the first of the sizes already."""
    for wide, high in sizes:
        if app.size != (wide, high):
            await pilot.resize_terminal(wide, high)
            await redrawn(app, pilot)
        compare(await in_all_themes(app, pilot), f"{page}-{wide}x{high}")


async def test_the_dashboard() -> None:
    async with on_stage(Story(), SIZES[0]) as (app, pilot):
        await looks(app, pilot, "dashboard", (SIZES[0], (100, 30), *SIZES[1:]))


@pytest.mark.parametrize("page", PAGES)
async def test_the_pages(page: str) -> None:
    async with on_stage(Story(), SIZES[0]) as (app, pilot):
        await press(pilot, *PAGES[page])
        await sees(app, pilot, AWAITED.get(page, ""))
        await looks(app, pilot, page)


async def test_an_empty_gateway_says_what_will_be_here() -> None:
    async with on_stage(Story(empty=True), SIZES[0]) as (app, pilot):
        await looks(app, pilot, "empty")


@pytest.mark.parametrize("step", ["run", "limit", "client"])
async def test_the_first_page_without_any_key(step: str) -> None:
    async with on_stage(Story(empty=True, any_key=False), SIZES[0]) as (app, pilot):
        await press(pilot, *["enter"] * ("run", "limit", "client").index(step))
        await looks(app, pilot, f"first-{step}")


@pytest.mark.parametrize("keys", [("K",), ("p",), ("r", "j", "o"), ("C",), ("e",)], ids=str)
async def test_the_ascii_set_is_ascii_on_other_pages_too(keys: tuple[str, ...]) -> None:
    async with on_stage(Story(), SIZES[0]) as (app, pilot):
        app.draw_with("ascii")
        await press(pilot, *keys)
        for wide, high in SIZES:
            await pilot.resize_terminal(wide, high)
            await redrawn(app, pilot)
            assert all(line.isascii() for line in text_of(rows_of(app)))


async def test_a_tokens_own_limit_stands_beside_it() -> None:
    story = Story()
    everything = (await story.budgets())[-1]
    own = replace(everything, name="token ci", match={"token": "ci"}, spent_usd=Decimal("12.10"))
    story._budgets["token ci"] = replace(own, limit_usd=Decimal(50), limit_now_usd=None, state="ok")
    async with on_stage(story, (120, 36)) as (app, pilot):
        await press(pilot, "K", "tab")
        assert any("ci" in line and "$12.10 of $50/month" in line for line in text_of(rows_of(app)))


async def test_the_receipt_of_a_task() -> None:
    async with on_stage(Story(), SIZES[0]) as (app, pilot):
        app.desk.task_began = NOW - timedelta(minutes=20)
        await press(pilot, "m")
        await sees(app, pilot, "41 calls")
        await looks(app, pilot, "task")


async def test_what_a_command_printed(tmp_path: Path) -> None:
    async with on_stage(Story(), SIZES[0]) as (app, pilot):
        app.desk.handle = replace(app.desk.handle, place=Place(tmp_path))
        await press(pilot, "colon", *"budgets list", "space", *"--help", "enter")
        await sees(app, pilot, "exit status 0")
        await looks(app, pilot, "output")


async def test_a_call_that_waits_for_an_answer() -> None:
    story = Story()
    story.waiting = (WAITING,)
    async with on_stage(story, SIZES[0]) as (app, pilot):
        await looks(app, pilot, "question")


async def test_a_thrown_brake_is_unmistakable() -> None:
    story = Story()
    story.thrown = (THROWN,)
    async with on_stage(story, SIZES[0]) as (app, pilot):
        await looks(app, pilot, "braked")


async def test_the_demo_says_that_it_is_one() -> None:
    async with on_stage(Story(simulated=True, empty=True), (80, 24)) as (app, _):
        first, second = text_of(rows_of(app))[:2]
    assert " DEMO " in first and "simulated money" in second


@pytest.mark.parametrize("size", [*SIZES, (100, 30)], ids=str)
async def test_no_amount_is_cut(size: tuple[int, int]) -> None:
    async with on_stage(Story(), size) as (app, _):
        lines = text_of(rows_of(app))
    assert not [line for line in lines if re.search(r"[$~≤][\d.,]+…", line)]
    for amount in ("$12.79", "$241.77", "$512", "102%", "$4.10", "0.0161"):
        assert any(amount in line for line in lines), amount


@pytest.mark.parametrize("size", [(59, 24), (120, 14), (30, 5)], ids=str)
async def test_a_terminal_that_is_too_small_still_says_the_one_number(size: tuple[int, int]) -> None:
    async with on_stage(Story(), size) as (app, _):
        lines = [line for line in text_of(rows_of(app)) if line.strip()]
    assert len(lines) == 1
    assert "$12.79" in lines[0]
    assert size[0] < 40 or "60×15" in lines[0]
