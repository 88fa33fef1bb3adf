"""The dashboard under the keyboard and the mouse: panels, pages, ranges, freezing, filtering, receipts."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from decimal import Decimal
from time import process_time
from typing import Any

import anyio
import pytest
from rich.traceback import Traceback
from textual.geometry import Region
from textual.pilot import Pilot

from console.app import Console
from console.panels.calls import CallsPanel
from console.screens.dashboard import Dashboard
from console.screens.filter_bar import FilterBar
from console.screens.inspector import Inspector
from tests.screens.capture import rows_of, text_of
from tests.screens.stage import ROUNDS, SETTLE, on_stage, press
from tests.screens.story import Story

pytestmark = pytest.mark.anyio


def text(app: Console) -> str:
    return "\n".join(text_of(rows_of(app)))


def focused(app: Console) -> str | None:
    return app.focused.id if app.focused else None


def board(app: Console) -> Dashboard:
    screen = app.screen_stack[0]
    assert isinstance(screen, Dashboard)
    return screen


async def test_tab_goes_round_the_panels_and_back() -> None:
    async with on_stage(Story()) as (app, pilot):
        names = [panel.id for panel in board(app).panels]
        assert focused(app) == "calls"
        seen = []
        for _ in names:
            await press(pilot, "tab")
            seen.append(focused(app))
        assert seen == names
        await press(pilot, "shift+tab")
        assert focused(app) == names[-2]


async def test_on_a_small_screen_tab_turns_the_pages() -> None:
    async with on_stage(Story(), (80, 24)) as (app, pilot):
        assert "budgets · 3 need you" in text(app)
        assert "tab: cache · routing" in text(app)
        await press(pilot, "tab", "tab", "tab")
        assert focused(app) == "cache"
        assert "prompt" in text(app)
        assert "budgets · 3" not in text(app)
        await press(pilot, "tab")
        assert "tab: budgets · cache" in text(app)
        await press(pilot, "tab")
        assert (focused(app), "tab: budgets · cache" in text(app)) == ("calls", True)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
async def test_every_panel_can_have_the_whole_screen(size: tuple[int, int]) -> None:
    async with on_stage(Story(), size) as (app, pilot):
        await press(pilot, "tab", "plus")
        for panel in board(app).panels:
            assert [one.id for one in board(app).panels if one.display] == [panel.id]
            assert panel.size.height >= size[1] - 7
            await press(pilot, "tab")
        await press(pilot, "escape")
        assert not board(app).has_class("-enlarged")
        await press(pilot, "plus", "q")
        assert app.is_running
        assert not board(app).has_class("-enlarged")


async def test_digits_choose_the_range_everywhere() -> None:
    async with on_stage(Story()) as (app, pilot):
        for key, words in (
            ("2", "spend $/h · last 24 h"),
            ("3", "last 7 days"),
            ("4", "spend $/day · this month"),
        ):
            await press(pilot, key)
            await pilot.pause(0.6)
            assert words in text(app)
        assert text(app).count("this month") >= 2


async def test_v_splits_the_spend_another_way() -> None:
    async with on_stage(Story()) as (app, pilot):
        for by in ("mode", "project", "user", "provider", "model"):
            await press(pilot, "v")
            await pilot.pause(0.6)
            assert f"by {by}" in text(app)


async def test_a_frozen_screen_says_so_and_goes_on_with_space() -> None:
    async with on_stage(Story()) as (app, pilot):
        await press(pilot, "space")
        assert "FROZEN 14:02:15" in text(app)
        axis = next(line for line in text(app).splitlines() if "-60m" in line)
        assert "14:02" in axis and "now" not in axis
        await press(pilot, "j", "j")
        assert board(app).query_one(CallsPanel).window.cursor == 2
        await press(pilot, "space")
        assert "FROZEN" not in text(app)


async def test_filtering_as_one_types() -> None:
    async with on_stage(Story()) as (app, pilot):
        calls = board(app).query_one(CallsPanel)
        everything = len(calls.shown)
        await press(pilot, "slash", *"user:ana")
        some = [call.tags["user"] for call in calls.shown]
        assert set(some) == {"ana"}
        assert 0 < len(some) < everything
        assert f"{len(some)} calls · $" in text(app)
        await press(pilot, "space", *"cost>")
        assert "write cost>0.05" in text(app)
        assert {call.tags["user"] for call in calls.shown} <= {"ana"}
        await press(pilot, *"0.05")
        assert calls.shown
        assert all(call.cost_usd > Decimal("0.05") for call in calls.shown)
        await press(pilot, "escape")
        assert len(calls.shown) == everything
        assert focused(app) == "calls"


async def test_no_match_says_so() -> None:
    async with on_stage(Story()) as (app, pilot):
        await press(pilot, "slash", *"nobody", "enter")
        assert "no call matches nobody" in text(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, Dashboard)


async def test_the_receipt_and_its_neighbours() -> None:
    async with on_stage(Story()) as (app, pilot):
        await press(pilot, "j", "j", "j", "enter")
        assert isinstance(app.screen, Inspector)
        (first, second) = Story()._calls[:2]
        assert f"call {first.id}" in text(app)
        assert f"{first.cost_usd:.4f}" in text(app)
        await press(pilot, "right")
        assert f"call {second.id}" in text(app)
        await press(pilot, "left", "left")
        assert "under way" in text(app)
        await press(pilot, "c", "q")
        assert "sent to the clipboard" in text(app)
        assert isinstance(app.screen, Dashboard)


async def test_letters_go_along_with_their_panels_to_another_size() -> None:
    async with on_stage(Story(), (80, 24)) as (app, pilot):
        await press(pilot, "ctrl+o")
        await pilot.resize_terminal(120, 36)
        letters, panels = {}, {"": Region()}
        for _ in range(ROUNDS):
            panels = {f"jump-{panel.id}": panel.region for panel in board(app).panels}
            letters = {name: app.screen.query_one(f"#{name}").region.offset for name in panels}
            if letters == {name: region.offset + (2, 1) for name, region in panels.items()}:
                return
            await pilot.pause(SETTLE)
    raise AssertionError(f"{letters} on {panels}")


async def test_the_mouse_finds_rows_and_footer_keys() -> None:
    async with on_stage(Story()) as (app, pilot):
        calls = board(app).query_one(CallsPanel)
        await pilot.click("#calls", offset=(20, 6))
        await pilot.pause(0.3)
        assert calls.window.cursor == 4
        await pilot.click("#budgets", offset=(5, 3))
        await pilot.pause(0.2)
        assert focused(app) == "budgets"
        await pilot.click("#calls", offset=(20, 4), times=2)
        await pilot.pause(0.5)
        assert isinstance(app.screen, Inspector)
        await press(pilot, "escape")
        footer = text_of(rows_of(app))[-1]
        await pilot.click(offset=(footer.index("budgets"), 35))
        await pilot.pause(0.5)
        assert "at limit" in text(app)


async def test_the_mouse_drawn_over_the_chart_chooses_the_calls_of_that_time() -> None:
    async with on_stage(Story()) as (app, pilot):
        calls = board(app).query_one(CallsPanel)
        everything = len(calls.shown)
        await pilot.mouse_down("#spend", offset=(46, 3))
        await pilot.hover("#spend", offset=(60, 3))
        await pilot.pause(0.1)
        assert "━" * 15 in text(app)
        await pilot.mouse_up("#spend", offset=(60, 3))
        await pilot.pause(0.3)
        found = re.fullmatch(r"at:(\d\d:\d\d)\.\.(\d\d:\d\d)", app.screen.query_one(FilterBar).value)
        assert found is not None and found[1] < found[2]
        assert 0 < len(calls.shown) < everything
        await pilot.mouse_down("#spend", offset=(46, 3))
        await pilot.mouse_up("#spend", offset=(46, 3))
        assert "━" * 2 not in text(app)
        await press(pilot, "3")
        await pilot.mouse_down("#spend", offset=(46, 3))
        await pilot.hover("#spend", offset=(60, 3))
        assert "━" * 15 not in text(app)


async def test_growing_and_shrinking_keeps_everything_whole() -> None:
    async with on_stage(Story()) as (app, pilot):
        for size in ((80, 24), (59, 20), (200, 50), (100, 16), (120, 36)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.4)
            lines = text_of(rows_of(app))
            assert len(lines) == size[1]
            assert "$12.79" in "\n".join(lines)


async def test_ten_thousand_calls_cost_no_more_than_what_is_seen() -> None:
    story = Story()
    template = story._calls
    story._calls = tuple(replace(template[n % 400], id=f"k{n}") for n in range(10_000))
    async with on_stage(story) as (app, pilot):
        app.desk.feed._ended.extend(story._calls)
        app.desk.feed._moved = True
        await pilot.pause(0.6)
        calls = board(app).query_one(CallsPanel)
        assert len(calls.shown) >= 10_000
        begin = process_time()
        for _ in range(20):
            app.desk.feed._moved = True
            calls.show(app.desk.feed.tick())
            calls.draw(118, 12)
        assert (process_time() - begin) / 20 < 0.05
        await press(pilot, "G")
        assert "of 10,0" in text(app)


async def test_a_fault_of_its_own_tells_no_local_values(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        key = "sk-a-key-that-is-being-typed"
        raise RuntimeError(f"no {len(key)}")

    with caplog.at_level(logging.ERROR), pytest.raises(RuntimeError):
        async with on_stage(Story()) as (app, pilot):
            app.desk.feed.tick = fail  # type: ignore[assignment]
            await _ended(app, pilot)
    told = ""
    with anyio.move_on_after(10):
        # It is said once the screen is gone, which may be after its exception was heard here.
        while "fault of its own" not in told:
            told += "".join(reversed(capsys.readouterr()))
            await anyio.sleep(0.05)
    assert "fault of its own" in told
    assert "being-typed" not in told + caplog.text


async def test_frames_that_textual_would_tell_are_a_sentence(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        async with on_stage(Story()) as (app, _):
            try:
                key = "sk-a-key-that-is-being-typed"
                raise OSError(f"no {len(key)}")
            except OSError:
                app.panic(Traceback(show_locals=True))
            await anyio.sleep(0.3)
    told = capsys.readouterr()
    assert app.return_code == 1
    assert "OSError: no 28" in caplog.text
    assert "fault of its own" in told.err
    assert "Traceback" not in told.err
    assert "being-typed" not in told.err + told.out + caplog.text


async def _ended(app: Console, pilot: Pilot[Any]) -> None:
    for _ in range(40):
        if app._exception is not None:
            return
        await pilot.pause(0.05)
