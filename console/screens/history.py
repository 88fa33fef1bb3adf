"""The history of the policy: who changed what and when, before and after; the last edit can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.limit_words import change_words
from console.messages import Moved
from console.present import age, clock
from console.screens.page import Page
from console.screens.rows import Rows
from console.screens.sheet import Sheet
from console.shapes import Edit
from console.snapshot import Snapshot
from console.widgets.ink import Line, cut, fit

EMPTY_WORDS: tuple[Line, ...] = ([("   nothing was changed yet", "muted")],)
_WHEN, _WHO, _WHAT = 16, 11, 10
_BEFORE = 6 + _WHEN + _WHO + 1 + _WHAT + 1
"""Cells of a row before what has changed."""


class History(Page):
    """The edits, and below them what the one under the cursor changed."""

    PLACES: ClassVar[tuple[str, ...]] = ("history", "list")
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave",)
    BINDINGS = keymap.bindings("history")
    AUTO_FOCUS = "#edit-list"

    def body(self) -> Iterator[Widget]:
        self._edits: dict[str, Edit] = {}
        self._revision: str | None = None
        self._snap = self.desk.feed.tick()
        self.list = Rows(self._row, heading=_heading, empty=EMPTY_WORDS, id="edit-list")
        self.list.border_title = Content("history of the policy")
        self.change = Sheet("what it changed")
        yield Vertical(self.list, self.change, id="history-page")

    def on_mount(self) -> None:
        self._fetch()

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        self._snap = snap
        self.list.redraw()

    @property
    def current(self) -> Edit | None:
        return self._edits.get(self.list.current or "")

    @work
    async def action_take_back(self) -> None:
        """Takes the last edit back that still stands, whoever made it."""
        what = await self.ask(self.desk.client.undo(over=self._revision))
        if what is not None:
            self.notify(f"the last edit of {what} is taken back", markup=False)
        self.desk.feed.refresh()
        self._fetch()

    @on(Moved)
    def _moved(self) -> None:
        edit = self.current
        self.change.put([_changed(line) for line in edit.lines] if edit else [])

    @work(exclusive=True)
    async def _fetch(self) -> None:
        found = await self.ask(self.desk.client.history())
        if found is not None:
            self._edits, self._revision = {str(edit.n): edit for edit in found.edits}, found.revision
            self.list.put(tuple(self._edits))
            self._moved()

    def _row(self, n: str, width: int) -> Line:
        edit = self._edits[n]
        undone = f"takes back {edit.undoes} · " if edit.undoes is not None else ""
        told = undone + change_words(edit)
        return [
            (fit(n, 4, ">") + "  ", "faint"),
            (
                fit(f"{age(edit.at, self._snap.now)}, {clock(edit.at, self._snap.now.tzinfo)[:5]}", _WHEN),
                "muted",
            ),
            (fit(edit.who, _WHO) + " ", "text"),
            (fit(edit.what, _WHAT) + " ", "text"),
            (cut(told, max(8, width - _BEFORE)), "spend"),
        ]


def _changed(line: str) -> Line:
    ink = {"-": "alert", "+": "saved"}.get(line[:1], "muted")
    return [(line, ink)]


def _heading(width: int) -> Line:
    texts = (
        "    #  " + fit("when", _WHEN) + fit("who", _WHO + 1) + fit("section", _WHAT + 1) + "before → after"
    )
    return [(fit(texts, width), "bold brand")]
