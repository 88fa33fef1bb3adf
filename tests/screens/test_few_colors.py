"""Terminals with sixteen colours, with none, or with a font of ASCII alone: the same things are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from rich.color import Color
from textual.pilot import Pilot

from console.app import Console
from console.choices import remember
from console.wardrobe import FEW_COLORS, NO_COLORS
from tests.screens.capture import Rows, rows_of, text_of
from tests.screens.look import compare
from tests.screens.stage import on_stage, press
from tests.screens.story import Story
from tests.screens.test_looks import SIZES, redrawn

PAGES = {"dashboard": ("j",), "inspector": (*"jjjj", "enter"), "budgets": ("b", "j")}
CURSOR = {"dashboard": "14:02:06  bo", "budgets": "project search"}
"""What the row under the cursor says."""

pytestmark = pytest.mark.anyio
on_pages = pytest.mark.parametrize("page", PAGES)


@pytest.fixture
def sixteen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLORTERM", "")


async def all_sizes(app: Console, pilot: Pilot[Any]) -> AsyncIterator[tuple[str, Rows]]:
    """What is on the screen at each size, from the one that it has."""
    for wide, high in SIZES:
        if app.size != (wide, high):
            await pilot.resize_terminal(wide, high)
            await redrawn(app, pilot)
        yield f"{wide}x{high}", rows_of(app)


def colors(rows: Rows) -> Iterator[Color]:
    for style in (part.style for row in rows for part in row):
        if style is not None:
            yield from filter(None, (style.color, style.bgcolor))


def grounds(rows: Rows, words: str) -> set[str]:
    """The colours behind the row that says these words."""
    row = next(row for row, text in zip(rows, text_of(rows), strict=True) if words in text)
    return {part.style.bgcolor.name for part in row[1:-1] if part.style and part.style.bgcolor}


@pytest.mark.usefixtures("sixteen")
@on_pages
async def test_sixteen_colors_are_the_terminals_own(page: str) -> None:
    remember("theme", "ember")
    async with on_stage(Story(), SIZES[0], theme="") as (app, pilot):
        assert app.theme == FEW_COLORS
        await press(pilot, *PAGES[page])
        async for size, rows in all_sizes(app, pilot):
            assert all(color.is_default or (color.number or 0) < 16 for color in colors(rows))
            assert not [color for color in colors(rows) if color.triplet]
            if page in CURSOR:
                assert "color(8)" in grounds(rows, CURSOR[page])
            compare({FEW_COLORS: rows}, f"sixteen-{page}-{size}")


@pytest.mark.usefixtures("sixteen")
@on_pages
async def test_a_theme_that_is_asked_for_is_worn_all_the_same(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL_THEME", "ember")
    async with on_stage(Story(), SIZES[0], theme="") as (app, pilot):
        await press(pilot, *PAGES[page])
        assert app.theme == "ember"


@on_pages
async def test_without_colors_marks_and_weight_tell_the_same(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    remember("theme", "ember")
    async with on_stage(Story(), SIZES[0], theme="") as (app, pilot):
        assert app.theme == NO_COLORS
        await press(pilot, *PAGES[page])
        async for size, rows in all_sizes(app, pilot):
            shades = [color.triplet for color in colors(rows) if color.triplet]
            assert all(shade.red == shade.green == shade.blue for shade in shades)
            text = "\n".join(text_of(rows))
            assert "⚠ user ana is at 102%" in text
            if page != "inspector":
                assert {"102%‼", "83%!"} <= set(text.split())
            compare({NO_COLORS: rows}, f"colorless-{page}-{size}")


@on_pages
async def test_the_ascii_set_draws_nothing_but_ascii(page: str) -> None:
    async with on_stage(Story(), SIZES[0]) as (app, pilot):
        app.draw_with("ascii")
        await press(pilot, *PAGES[page])
        async for size, rows in all_sizes(app, pilot):
            assert all(line.isascii() for line in text_of(rows))
            compare({"ember": rows}, f"ascii-{page}-{size}")


async def test_a_wrong_word_is_marked_in_the_terminals_own_colours(sixteen: None) -> None:
    async with on_stage(Story(), SIZES[0], theme="") as (app, pilot):
        assert app.theme == FEW_COLORS
        await press(pilot, "slash", *"is", "colon", "x")
        assert any("is:x" in line for line in text_of(rows_of(app)))
