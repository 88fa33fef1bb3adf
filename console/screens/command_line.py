"""The command line: pages by name and the verbs of the shell, with what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input

from console import keymap
from console.screens.page import Form
from console.widgets.field import Field
from console.widgets.hints import Hints


class CommandLine(Form[str]):
    """Answers what was typed; '' where nothing was. words: what is offered; said: earlier commands."""

    BINDINGS = keymap.bindings("command")
    PLACES: ClassVar[tuple[str, ...]] = ("command",)

    def __init__(self, words: Sequence[str], said: Sequence[str]) -> None:
        super().__init__()
        self._words = list(dict.fromkeys((*reversed(said), *words)))
        self._said = said
        self._back = 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="form") as box:
            box.border_title = Content(":")
            field = Field(id="command", placeholder="budgets · report --by project · routes list · doctor …")
            field.suggester = SuggestFromList(self._words, case_sensitive=False)
            yield field
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def action_submit(self) -> None:
        self.dismiss(" ".join(self.query_one(Input).value.split()))

    def action_complete(self) -> None:
        self.query_one(Input).action_cursor_right()

    def action_earlier(self, by: int) -> None:
        self._back = max(0, min(self._back + by, len(self._said)))
        field = self.query_one(Input)
        field.value = self._said[-self._back] if self._back else ""
        field.cursor_position = len(field.value)

    def action_cancel(self) -> None:
        self.dismiss("")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_submit()
