"""Choosing a theme: the whole screen shows the one under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from console import keymap
from console.messages import Chosen, Moved
from console.present import plain
from console.screens.page import Form
from console.screens.rows import Rows
from console.theme import Look
from console.widgets.hints import Hints
from console.widgets.ink import Line, fit

FRAME = 6
"""Rows that border, padding and the keys' line take."""


class ThemePicker(Form[str]):
    """Answers the chosen theme; leaving puts the one before back. wear: shows a theme by name."""

    BINDINGS = keymap.bindings("themes")
    PLACES: ClassVar[tuple[str, ...]] = ("themes",)

    def __init__(self, themes: Sequence[Look], now: str, wear: Callable[[str], None]) -> None:
        super().__init__()
        self._themes = {theme.name: theme for theme in sorted(themes, key=lambda theme: theme.name)}
        self._before = now
        self._wear = wear

    def compose(self) -> ComposeResult:
        with Vertical(classes="form themes") as box:
            box.border_title = Content("theme")
            box.styles.height = len(self._themes) + FRAME
            self.list = Rows(self._row)
            yield self.list
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.list.put(tuple(self._themes))
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

    def _row(self, name: str, width: int) -> Line:
        theme = self._themes[name]
        told = f"{'dark' if theme.dark else 'light'}{theme.about and f', {plain(theme.about)}'}"
        widest = max(map(cell_len, self._themes)) + 2
        return [(fit(name, widest), "text"), (fit(told, width - widest), "muted")]
