"""What all pages promise: a way back in the footer, all rows within reach, the sum of a receipt in sight."""

from __future__ import annotations

from dataclasses import replace

import anyio
import pytest

from console.screens.dashboard import Dashboard
from console.screens.help import Help
from console.screens.keys import KeysPage
from console.shapes import Status
from tests.screens.capture import rows_of, text_of
from tests.screens.stage import on_stage, press
from tests.screens.story import Story
from tests.screens.story_clock import NOW, stamp

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("keys", [("b",), ("K",), ("j", "j", "j", "enter")], ids=str)
async def test_a_page_says_how_to_leave_it_and_not_how_to_reach_it(keys: tuple[str, ...]) -> None:
    async with on_stage(Story(), (80, 24)) as (app, pilot):
        footer = text_of(rows_of(app))[-1]
        assert "q quit" in footer and "esc back" not in footer
        await press(pilot, *keys)
        footer = text_of(rows_of(app))[-1]
        assert "esc back" in footer and "q quit" not in footer
        assert f"{keys[0]} budgets" not in footer and f"{keys[0]} keys" not in footer


async def test_a_page_stands_on_the_way_back_only_once() -> None:
    async with on_stage(Story(), (80, 24)) as (app, pilot):
        await press(pilot, "K", "b", "K")
        assert [type(screen) for screen in app.screen_stack] == [Dashboard, KeysPage]
        await press(pilot, "escape")
        assert isinstance(app.screen, Dashboard)


async def test_a_page_that_is_open_already_is_not_covered_by_the_first_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever is quicker than the gateway's first answer."""
    answers = anyio.Event()

    class Slow(Story):
        async def status(self) -> Status:
            await answers.wait()
            return await super().status()

    monkeypatch.setattr("tests.screens.stage.ROUNDS", 3)
    async with on_stage(Slow(empty=True, any_key=False), (80, 24)) as (app, pilot):
        await press(pilot, "K")
        answers.set()
        await press(pilot)
        assert app.desk.feed.tick().status is not None
        assert isinstance(app.screen, KeysPage)


async def test_the_list_of_keys_is_asked_for_again_on_the_way_back() -> None:
    story = Story(empty=True, any_key=False)
    async with on_stage(story, (120, 36)) as (app, pilot):
        await press(pilot, "K", "question_mark")
        story.any_key = True
        await press(pilot, "escape")
        assert "in the OS keyring" in "\n".join(text_of(rows_of(app)))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
async def test_a_form_for_a_key_says_in_full_where_the_key_goes(size: tuple[int, int]) -> None:
    async with on_stage(Story(empty=True, any_key=False), size) as (app, pilot):
        await press(pilot, "K", "j", "enter")
        place = app.screen.query_one(".warning").region
        drawn = text_of(rows_of(app))[place.y : place.bottom]
        told = " ".join(line[place.x : place.right].strip() for line in drawn)
        assert told == (
            "‼ No usable OS keyring here: the key is kept for this session only. To keep it for longer, "
            "install gnome-keyring, or set the provider's own variable."
        )


async def test_an_enlarged_panel_says_how_to_make_it_small() -> None:
    async with on_stage(Story(), (80, 24)) as (app, pilot):
        await press(pilot, "tab", "plus")
        assert "esc back" in text_of(rows_of(app))[-1]


async def test_every_budget_is_seen_on_the_smallest_screen() -> None:
    async with on_stage(Story(), (80, 24)) as (app, pilot):
        await press(pilot, "b")
        lines = "\n".join(text_of(rows_of(app)))
        for budget in app.desk.feed.tick().budgets or ():
            assert budget.name in lines


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (200, 50)], ids=str)
async def test_the_sum_of_a_receipt_is_always_in_sight(size: tuple[int, int]) -> None:
    async with on_stage(Story(), size) as (app, pilot):
        await press(pilot, "j", "j", "j", "enter")
        assert any("cost" in line and "$0.0161" in line for line in text_of(rows_of(app)))


async def test_a_receipt_can_be_read_to_its_end_on_the_smallest_screen() -> None:
    async with on_stage(Story(), (80, 24)) as (app, pilot):
        await press(pilot, "j", "j", "j", "enter")
        assert "why this model" not in "\n".join(text_of(rows_of(app)))
        await press(pilot, *["down"] * 10)
        assert "small talk goes cheap" in "\n".join(text_of(rows_of(app)))


async def test_help_shows_where_in_its_list_one_is_and_finds_keys_by_word() -> None:
    async with on_stage(Story(), (80, 24)) as (app, pilot):
        await press(pilot, "question_mark")
        assert "┃" in "\n".join(text_of(rows_of(app)))
        await press(pilot, "slash", *"limit")
        lines = "\n".join(text_of(rows_of(app)))
        assert "limits: see them, edit them" in lines
        assert "next panel" not in lines and "┃" not in lines
        await press(pilot, "escape")
        assert "next panel" in "\n".join(text_of(rows_of(app)))
        assert isinstance(app.screen, Help)
        await press(pilot, "escape")
        assert not isinstance(app.screen, Help)


async def test_a_refused_call_is_explained_by_what_refused_it() -> None:
    story = Story()
    refused = next(call for call in story._calls if call.outcome == "refused")
    story._calls = (replace(refused, id="newest", started_at=stamp(NOW), finished_at=stamp(NOW)),)
    async with on_stage(story, (200, 50)) as (app, _):
        routed = [line for line in text_of(rows_of(app)) if "✗ refused" in line]
    assert len(routed) == 1 and "budget user ana is used up" in routed[0]
