"""Help: every key that is valid on the page it was called from, out of the one keymap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from console import keymap
from console.keymap.mouse import GESTURES
from console.screens.page import Form, hint_of
from console.screens.rows import Rows
from console.widgets.field import Field
from console.widgets.hints import Hints
from console.widgets.ink import Line, Span, cut, fit

_KEYS = 14


class SearchBar(Field):
    """The line in which is typed what the keys shown must say."""

    BINDINGS = keymap.bindings("filter")


class Help(Form[None]):
    """places: those of the page in the keymap."""

    BINDINGS = keymap.bindings("help")
    PLACES: ClassVar[tuple[str, ...]] = ("help",)

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__()
        self._where = places[0] if places else "here"
        self.rows: dict[str, Line] = {}
        self._told: dict[str, str] = {}
        for place in places:
            self.rows[f"place {place}"] = [(place, "bold brand")]
            for key in keymap.at(place):
                self._add(key.id, key.glyphs, key.help, f"{key.label} {place}")
        self.rows["place mouse"] = [("mouse", "bold brand")]
        for gesture, told in GESTURES:
            self._add(f"mouse {gesture}", gesture, told, "mouse")

    def _add(self, row_id: str, glyphs: str, told: str, more: str) -> None:
        """more: further words by which it is found."""
        self.rows[row_id] = _row(glyphs, told)
        self._told[row_id] = f"{glyphs} {told} {more}".lower()

    def compose(self) -> ComposeResult:
        with Vertical(classes="form help") as box:
            box.border_title = Content(f"keys · {self._where}")
            self.list = Rows(lambda row_id, width: self.rows[row_id])
            yield SearchBar(id="search", placeholder="a word: budget, filter, undo")
            yield self.list
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.list.put(tuple(self.rows))
        self.list.focus()

    def action_close(self) -> None:
        self.dismiss(None)

    def on_descendant_focus(self) -> None:
        places = ("filter",) if isinstance(self.focused, SearchBar) else self.PLACES
        self.query_one(Hints).put([hint_of(key) for key in keymap.footer(*places)])

    def action_search(self) -> None:
        self.query_one(SearchBar).display = True
        self.query_one(SearchBar).focus()

    def action_filter_done(self) -> None:
        self.list.focus()

    def action_filter_clear(self) -> None:
        bar = self.query_one(SearchBar)
        bar.value, bar.display = "", False
        self.list.put(tuple(self.rows))
        self.list.action_top()
        self.list.focus()

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        words = event.value.lower().split()
        found = [row for row, told in self._told.items() if all(word in told for word in words)]
        self.list.put(found if words else tuple(self.rows))


def _row(glyphs: str, told: str) -> list[Span]:
    return [(fit(cut(glyphs, _KEYS), _KEYS, ">"), "bold key"), ("   ", "text"), (told, "text")]
