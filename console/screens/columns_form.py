"""Which columns the list of calls shows, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label

from console import keymap
from console.keepsakes import Keepsakes
from console.messages import Chosen
from console.panels.call_columns import ALL, COLUMNS
from console.screens.page import Form
from console.screens.rows import Rows
from console.widgets.hints import Hints
from console.widgets.ink import Line, fit

MARKS = "(mark)"
"""How the column without a heading is called: how a call stands."""
SAYS = "Where not all fit, the least important give way; turn off what you can spare."


class ColumnsForm(Form[tuple[str, ...]]):
    """shown: the titles of the columns that are shown now. Answers those that shall be, and keeps them; none
    stand for the usual ones."""

    BINDINGS = keymap.bindings("columns")
    PLACES: ClassVar[tuple[str, ...]] = ("columns",)

    def __init__(self, shown: Sequence[str]) -> None:
        super().__init__()
        self._on = set(shown)
        self._order = [*shown, *(title for title in ALL if title not in self._on)]

    def compose(self) -> ComposeResult:
        with Vertical(classes="form columns") as box:
            box.border_title = Content("columns of the calls")
            self.list = Rows(self._row)
            yield self.list
            yield Label(SAYS, classes="hint")
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self._put()
        self.list.focus()

    @on(Chosen)
    def action_turn(self) -> None:
        if (title := self._current) is not None:
            self._on ^= {title}
            self._put()

    def action_shift(self, by: int) -> None:
        title = self._current
        if title is None or not 0 <= self._order.index(title) + by < len(self._order):
            return
        at = self._order.index(title)
        self._order[at], self._order[at + by] = self._order[at + by], title
        self._put()

    def action_usual(self) -> None:
        usual = [column.title for column in COLUMNS]
        self._on, self._order = set(usual), list(ALL)
        self._put()

    def action_save(self) -> None:
        titles = tuple(title for title in self._order if title in self._on)
        if titles == tuple(column.title for column in COLUMNS):
            titles = ()
        try:
            Keepsakes().keep_columns(titles)
        except (OSError, ValueError) as error:
            self.query_one("#mistake", Label).update(f"‼ console.toml cannot be changed: {error}")
        else:
            self.dismiss(titles)

    def action_cancel(self) -> None:
        self.dismiss(None)

    @property
    def _current(self) -> str | None:
        """The title under the cursor."""
        return None if self.list.current is None else self.list.current.removeprefix("=")

    def _put(self) -> None:
        at = self.list.current
        self.list.put(tuple(f"={title}" for title in self._order))
        self.list.select(at or "")

    def _row(self, row: str, width: int) -> Line:
        title = row.removeprefix("=")
        shown = title in self._on
        return [
            ("[x] " if shown else "[ ] ", "key" if shown else "faint"),
            (fit(title or MARKS, 18), "text" if shown else "muted"),
            ("" if title in {column.title for column in COLUMNS} else "not usual", "faint"),
        ]
