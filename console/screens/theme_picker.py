"""Choosing a theme: the whole screen shows the one under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from console import keymap
from console.messages import Chosen, Moved
from console.screens.page import Form
from console.screens.rows import Rows
from console.widgets.hints import Hints


class ThemePicker(Form[str]):
    """Answers the chosen theme; leaving puts the one before back. wear: shows a theme by name."""

    BINDINGS = keymap.bindings("themes", "form")
    PLACES: ClassVar[tuple[str, ...]] = ("themes",)

    def __init__(self, names: Sequence[str], now: str, wear: Callable[[str], None]) -> None:
        super().__init__()
        self._names = tuple(names)
        self._before = now
        self._wear = wear

    def compose(self) -> ComposeResult:
        with Vertical(classes="form themes") as box:
            box.border_title = Content("theme")
            self.list = Rows(lambda name, width: [(name, "text")])
            yield self.list
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.list.put(self._names)
        self.list.select(self._before)
        self.list.focus()

    @on(Moved)
    def _moved(self, event: Moved) -> None:
        if event.row_id is not None and self.is_mounted:
            self._wear(event.row_id)

    @on(Chosen)
    def action_use(self) -> None:
        self.dismiss(self.list.current)

    def action_cancel(self) -> None:
        self._wear(self._before)
        self.dismiss(None)

    def action_save(self) -> None:
        self.action_use()
