"""The brake: what it stops, for whom, thrown with one more key; and how it is lifted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label

from console import keymap
from console.panels.words import panic_words
from console.present import matched
from console.screens.desk import Desk
from console.screens.limit_form import LimitForm, field
from console.shapes import Call, Panic
from console.widgets.choice import Choice
from console.widgets.hints import Hints

STOP, CHEAP = "stop all that costs", "only the cheapest models"
TOLD = {
    STOP: "Nothing that costs is sent until you lift it. What is cached or local answers; clients are told.",
    CHEAP: "Every call goes to the cheapest model that can take it, until you lift it.",
}
EVERYTHING = "everything"
_OFFERED = ("project", "user", "mode", "team", "app")


class PanicForm(LimitForm[tuple[Panic, ...]]):
    """Answers the switches that are thrown then, None where it was left. call: whose tags are offered."""

    BINDINGS = keymap.bindings("panic", "field")
    PLACES: ClassVar[tuple[str, ...]] = ("panic", "field")

    def __init__(self, desk: Desk, call: Call | None) -> None:
        super().__init__()
        self.desk = desk
        tags = call.tags if call is not None else {}
        self._scopes: dict[str, Mapping[str, str]] = {EVERYTHING: {}}
        for key in _OFFERED:
            if key in tags:
                self._scopes[matched({key: tags[key]})] = {key: tags[key]}

    def compose(self) -> ComposeResult:
        with Vertical(classes="form panic") as box:
            box.border_title = Content("PANIC")
            yield field("do", Choice((STOP, CHEAP), STOP, id="do"))
            yield field("for", Choice(tuple(self._scopes), EVERYTHING, id="for"))
            yield Label(TOLD[STOP], id="told", classes="asked")
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one("#do", Choice).focus()

    @on(Choice.Changed, "#do")
    def _tell(self) -> None:
        self.query_one("#told", Label).update(TOLD[self.choice("do")])

    async def action_save(self) -> None:
        restraint = "stop" if self.choice("do") == STOP else "cheap"
        thrown = await self.ask(self.desk.panic(restraint, self._scopes[self.choice("for")]))
        if thrown is not None:
            self.dismiss(thrown)


def thrown_words(panics: tuple[Panic, ...]) -> str:
    """What a person is told once a switch is thrown."""
    return "; ".join(panic_words(each) for each in panics) + f"; {keymap.glyph('app.panic')} lifts it"
