"""Throttles: limits on pace, edited like budgets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.messages import Chosen
from console.present import NOTHING, matched, tokens, usd_limit
from console.screens.confirm import Confirm, those
from console.screens.page import Page
from console.screens.rows import MarkedRows
from console.screens.throttle_form import ThrottleForm
from console.shapes import Throttle
from console.widgets.grid import Column, Layout, needed
from console.widgets.ink import Line, Span

EMPTY_WORDS: tuple[Line, ...] = (
    [("   no throttles yet", "muted")],
    (),
    [("   n", "bold key"), (" makes one: so many tokens a minute for this user, say", "faint")],
)


def _count(count: int | None) -> Span:
    return (NOTHING, "faint") if count is None else (f"{count:,}", "spend")


def _per_hour(one: Throttle) -> Span:
    return (NOTHING, "faint") if one.usd_per_hour is None else (usd_limit(one.usd_per_hour), "spend")


def _last_minute(one: Throttle) -> Span:
    """Tokens; they are counted only where they are limited."""
    if one.tokens_per_minute is None:
        return NOTHING, "faint"
    return tokens(one.used_tokens_last_minute, narrow=True), "muted"


THROTTLE_COLUMNS: tuple[Column[Throttle], ...] = (
    Column("throttle", 14, 1, lambda one: (one.name, "text"), gap=0, most=30),
    Column("matches", 12, 3, lambda one: (matched(one.match), "muted"), most=40),
    Column("calls/min", 9, 2, lambda one: _count(one.requests_per_minute), ">"),
    Column("tokens/min", 11, 2, lambda one: _count(one.tokens_per_minute), ">"),
    Column("$/hour", 8, 2, _per_hour, ">"),
    Column("at once", 7, 2, lambda one: _count(one.concurrent), ">"),
    Column("last min", 8, 4, _last_minute, ">"),
)


class Throttles(Page):
    """The list; what it counts right now is asked for every two seconds."""

    PLACES: ClassVar[tuple[str, ...]] = ("throttles", "marks", "list")
    AGAIN = 2.0
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave", "app.budgets")
    BINDINGS = keymap.bindings("throttles")
    AUTO_FOCUS = "#throttle-list"

    def body(self) -> Iterator[Widget]:
        self._throttles: dict[str, Throttle] = {}
        self._needs: tuple[int, ...] = ()
        self.list = MarkedRows(self._row, heading=self._heading, empty=EMPTY_WORDS, id="throttle-list")
        self.list.border_title = Content("throttles · limits on pace")
        yield Vertical(self.list, id="throttles-page")

    @property
    def current(self) -> Throttle | None:
        return self._throttles.get(self.list.current or "")

    async def action_edit(self) -> None:
        if self.current is not None:
            self.app.push_screen(ThrottleForm(self.desk, self.current, self._throttles), self._saved)

    def action_new(self) -> None:
        self.app.push_screen(ThrottleForm(self.desk, None, self._throttles), self._saved)

    @work
    async def action_delete(self) -> None:
        throttles = [self._throttles[name] for name in self.list.chosen]
        if not throttles:
            return
        question = f"Delete {those(self.list.chosen, 'throttle')}?"
        if await self.app.push_screen_wait(Confirm(question)) == "yes":
            for throttle in throttles:
                await self.ask(self.desk.delete_throttle(throttle))
            self._fetch()

    @on(Chosen)
    async def _chosen(self) -> None:
        await self.action_edit()

    def _saved(self, saved: Throttle | None) -> None:
        if saved is not None:
            self.notify(f"{saved.name} saved · {keymap.glyph('app.undo')} takes it back", markup=False)
            self._fetch(select=saved.name)

    @work(exclusive=True, group="throttles")
    async def _fetch(self, select: str | None = None) -> None:
        found = await self.ask(self.desk.client.throttles())
        if found is None:
            return
        self._throttles = {one.name: one for one in found}
        self._needs = needed(THROTTLE_COLUMNS, found)
        self.list.put(tuple(self._throttles))
        if select is not None:
            self.list.select(select)

    def _row(self, name: str, width: int) -> Line:
        return Layout.of(THROTTLE_COLUMNS, width, self._needs).line(self._throttles[name])

    def _heading(self, width: int) -> Line:
        return [(" ", "text"), *Layout.of(THROTTLE_COLUMNS, width - 1, self._needs).heading()]
