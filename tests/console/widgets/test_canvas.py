"""The canvas: paints again the rows that differ, keeps the strips of those that only moved."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip

from console.theme import DEFAULT, load_theme, meanings, shipped
from console.widgets.canvas import Canvas
from console.widgets.ink import Line

pytestmark = pytest.mark.anyio


class Page(Canvas):
    """Rows that a test sets; counts what is painted of them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.painted: list[int] = []
        self.drawn = 0

    def draw(self, width: int, height: int) -> Sequence[Line]:
        self.drawn += 1
        return [[(row, "text")] for row in self.rows]

    def render_line(self, y: int) -> Strip:
        self.painted.append(y)
        return super().render_line(y)


class Shown(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.theme_variables = meanings(load_theme(shipped() / f"{DEFAULT}.toml"))

    def compose(self) -> ComposeResult:
        yield self.page

    async def put(self, pilot: Pilot[None], rows: list[str]) -> None:
        self.page.rows = rows
        self.page.redraw()
        await pilot.pause()

    def seen(self) -> list[str]:
        strips = self.page.render_lines(Region(0, 0, *self.page.size))
        return [strip.text.rstrip() for strip in strips if strip.text.strip()]


async def test_only_rows_that_differ_are_painted_again() -> None:
    app = Shown()
    async with app.run_test(size=(20, 6)) as pilot:
        await app.put(pilot, ["one", "two", "three"])
        assert app.seen() == ["one", "two", "three"]
        app.page.painted.clear()
        await app.put(pilot, ["one", "TWO", "three"])
        assert app.seen() == ["one", "TWO", "three"]
        assert set(app.page.painted) == {1}


async def test_rows_that_say_the_same_cost_no_paint() -> None:
    app = Shown()
    async with app.run_test(size=(20, 6)) as pilot:
        await app.put(pilot, ["one", "two"])
        app.page.painted.clear()
        app.page.redraw()
        await pilot.pause()
        assert app.page.painted == []


async def test_rows_that_come_and_go_leave_nothing_behind() -> None:
    app = Shown()
    async with app.run_test(size=(20, 6)) as pilot:
        for rows in (["a", "b"], ["new", "a", "b"], ["a"], [], ["a", "b", "c"]):
            await app.put(pilot, rows)
            assert app.seen() == rows


async def test_a_row_that_only_moves_keeps_its_strip() -> None:
    app = Shown()
    async with app.run_test(size=(20, 6)) as pilot:
        await app.put(pilot, ["a", "b"])
        before = app.page.render_line(0)
        await app.put(pilot, ["new", "a", "b"])
        assert app.page.render_line(1) is before


async def test_many_redraws_at_once_draw_once() -> None:
    app = Shown()
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.pause()
        app.page.drawn = 0
        for number in range(20):
            app.page.rows = [str(number)]
            app.page.redraw()
        await pilot.pause()
        assert (app.seen(), app.page.drawn) == (["19"], 1)
