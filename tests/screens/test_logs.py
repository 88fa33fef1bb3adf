"""The page of the log: thousands of lines cost what is seen of them, and another run begins anew."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

import pytest

from console.screens.logs import LogsPage, fitting
from console.shapes.logs import LogLine, Logs
from tests.screens.capture import rows_of, text_of
from tests.screens.stage import on_stage, press, sees
from tests.screens.story import Story
from tests.screens.story_watching import LOG

MANY = 5_000
pytestmark = pytest.mark.anyio


def line(n: int, text: str = "", level: str = "info") -> LogLine:
    return LogLine(
        n=n, at="2026-11-23T13:00:00Z", level=level, name="gateway_core.server", text=text or f"no {n}"
    )


class Talkative(Story):
    """Has said many lines; `fresh` are told with the next question."""

    def __init__(self) -> None:
        super().__init__()
        self.told = [line(n) for n in range(1, MANY + 1)]
        self.run = "2026-11-23T08:00:00Z"

    async def logs(self, *, after: int = 0, **_: Any) -> Logs:
        found = tuple(one for one in self.told if one.n > after)
        return Logs(**{**LOG, "last": self.told[-1].n, "run": self.run}, lines=found)


async def test_only_what_is_seen_of_thousands_of_lines_is_drawn() -> None:
    story = Talkative()
    async with on_stage(story, (120, 36)) as (app, pilot):
        await press(pilot, "l")
        page = app.screen
        assert isinstance(page, LogsPage)
        await sees(app, pilot, "5,000 of 5,000 lines")
        painted: list[str] = []
        paint = page.list._paint

        def counted(n: str, width: int) -> Any:
            painted.append(n)
            return paint(n, width)

        page.list._paint = counted
        story.told.append(line(MANY + 1, "the newest"))
        await sees(app, pilot, "the newest")
        assert 0 < len(painted) <= 3 * 36
        # As many as before: the oldest has gone.
        assert len(page._shown) == MANY
        await press(pilot, "j", "j")
        under = page.list.current
        story.told.append(line(MANY + 2, "newer still"))
        await sees(app, pilot, "+1 new, g follows")
        assert page.list.current == under
        await press(pilot, "g")
        await sees(app, pilot, "newer still")


async def test_another_run_of_the_gateway_begins_anew() -> None:
    story = Talkative()
    async with on_stage(story, (120, 36)) as (app, pilot):
        await press(pilot, "l")
        await sees(app, pilot, "5,000 of 5,000 lines")
        story.told, story.run = [line(n, f"again {n}") for n in range(1, 4)], "2026-11-23T13:00:00Z"
        await sees(app, pilot, "3 of 3 lines")
        assert not any("no 4999" in row for row in text_of(rows_of(app)))


def test_words_and_levels_narrow() -> None:
    lines = deque((line(1, "a call ended"), line(2, "a Call broke", "error"), line(3, "idle", "warning")))
    assert [one.n for one in fitting(lines, "debug", "call")] == [2, 1]
    assert [one.n for one in fitting(lines, "warning", "")] == [3, 2]
    assert [one.n for one in fitting(lines, "debug", "call -broke")] == [1]
    assert fitting(lines, "error", "server call") == [replace(lines[1])]
