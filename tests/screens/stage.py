"""A console on the seeded story, in a terminal of any size that nobody sees."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from console.app import Console
from console.feed import Feed
from console.gateway import GatewayHandle
from console.screens.desk import Desk
from console.theme import shipped
from tests.screens.capture import rows_of, text_of
from tests.screens.story import Story
from tests.screens.story_clock import clock

SETTLE = 0.1
ROUNDS = 60


@asynccontextmanager
async def on_stage(
    story: Story,
    size: tuple[int, int] = (120, 36),
    *,
    theme: str = "ember",
    demo: bool = False,
    themes: tuple[Path, ...] = (),
    now: Callable[[], datetime] = clock,
) -> AsyncIterator[tuple[Console, Pilot[Any]]]:
    """The console once it shows the story's numbers. theme: '' leaves the choice to the console."""
    source: Any = story
    desk = Desk(GatewayHandle("http://127.0.0.1:4141", "secret"), source, Feed(source, now), demo)
    app = Console(desk, themes=themes or (shipped(),))
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True) as pilot:
        if theme:
            app.theme = theme
        await settled(app, pilot)
        yield app, pilot


async def settled(app: Console, pilot: Pilot[Any]) -> None:
    """Waits until every question was answered and drawn."""
    for _ in range(ROUNDS):
        await pilot.pause(SETTLE)
        snap = app.desk.feed.tick()
        if None not in (snap.status, snap.summary, snap.spend, snap.budgets, snap.cache):
            break
    await pilot.pause(0.35)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Presses keys as a person does: each after the screen has answered the one before."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause(SETTLE)
    await pilot.pause(0.35)


async def sees(app: Console, pilot: Pilot[Any], words: str) -> None:
    """Waits until these words are on the screen, and what came with them has its place."""
    for _ in range(ROUNDS):
        if words in "\n".join(text_of(rows_of(app))):
            await pilot.pause(SETTLE if words else 0)
            return
        await pilot.pause(SETTLE)
    raise AssertionError(f"{words!r} did not come on the screen")
