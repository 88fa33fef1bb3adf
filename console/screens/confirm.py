"""Questions before what cannot be taken back: deleting, and leaving while calls are under way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label

from console import keymap
from console.present import counted
from console.screens.page import Form
from console.widgets.hints import Hints


class Confirm(Form[str]):
    """Answers 'yes' or 'no'."""

    BINDINGS = keymap.bindings("confirm")
    PLACES: ClassVar[tuple[str, ...]] = ("confirm",)
    TITLE_TEXT = "sure?"

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def compose(self) -> ComposeResult:
        with Vertical(classes="form question") as box:
            box.border_title = Content(f"{self.TITLE_TEXT}")
            yield Label(Content(self.question), classes="asked")
            yield Hints(self.hints())

    def action_choose(self, answer: str) -> None:
        self.dismiss(answer)


def those(names: Sequence[str], one: str) -> str:
    """What a question is about: 'the budget web', '3 budgets (web, docs, ann)'."""
    if len(names) == 1:
        return f"the {one} {names[0]}"
    return f"{counted(len(names), one)} ({', '.join(names)})"


class Quitting(Confirm):
    """Answers 'quit' (the calls end, then the gateway), 'keep' (the gateway goes on) or 'stay'."""

    BINDINGS = keymap.bindings("quitting")
    PLACES: ClassVar[tuple[str, ...]] = ("quitting",)
    TITLE_TEXT = "quit?"

    def __init__(self, in_flight: int) -> None:
        calls = counted(in_flight, "call is", "calls are")
        super().__init__(
            f"{calls} under way. The gateway lets them end, refuses new ones, and stops with the console."
        )
