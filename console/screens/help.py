"""Help: every key that is valid on the page it was called from, out of the one keymap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from console import keymap
from console.screens.page import Form
from console.widgets.hints import Hints
from console.widgets.ink import Line, Span, cut, fit
from console.widgets.listing import Listing

_KEYS = 14


class HelpList(Listing):
    BINDINGS = keymap.bindings("list")


class Help(Form[None]):
    """places: those of the page in the keymap."""

    BINDINGS = keymap.bindings("help")
    PLACES: ClassVar[tuple[str, ...]] = ("help",)

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__()
        self._where = places[0] if places else "here"
        self.rows: dict[str, Line] = {}
        for place in places:
            self.rows[f"place {place}"] = [(place, "bold brand")]
            for key in keymap.at(place):
                self.rows[key.id] = _row(key)

    def compose(self) -> ComposeResult:
        with Vertical(classes="form help") as box:
            box.border_title = Content(f"keys · {self._where}")
            self.list = HelpList(lambda row_id, width: self.rows[row_id])
            yield self.list
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.list.put(tuple(self.rows))
        self.list.focus()

    def action_close(self) -> None:
        self.dismiss(None)


def _row(key: keymap.Key) -> list[Span]:
    return [(fit(cut(key.glyphs, _KEYS), _KEYS, ">"), "bold key"), ("   ", "text"), (key.help, "text")]
