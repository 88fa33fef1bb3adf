"""Filters with a name: kept from the filter's line, worn again from the command line and the palette."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label

from console import keymap
from console.keepsakes import LONGEST_NAME, Keepsakes
from console.screens.limit_form import field
from console.screens.page import Form
from console.widgets.field import Field
from console.widgets.hints import Hints

WEAR, FORGET = "filter ", "forget filter "
"""How the command line's words for a kept filter begin."""


class FilterName(Form[str]):
    """Asks under which name a filter is kept; answers the name once it is. text: the filter."""

    BINDINGS = keymap.bindings("form")
    PLACES: ClassVar[tuple[str, ...]] = ("form",)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="form") as box:
            box.border_title = Content("keep this filter")
            yield Label(self._text, classes="asked", markup=False)
            yield Label("")
            yield field("name", Field(id="name", placeholder="dear ones"))
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def action_save(self) -> None:
        name = " ".join(self.query_one(Input).value.split())
        mistake = "give it a name" if not name else f"{LONGEST_NAME} letters at most"
        if name and len(name) <= LONGEST_NAME and not (mistake := kept(name, self._text)):
            self.dismiss(name)
        else:
            self.query_one("#mistake", Label).update(f"‼ {mistake}")

    def action_cancel(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_save()


def kept(name: str, text: str | None) -> str:
    """Keeps a filter, or forgets it; '' or why not."""
    try:
        Keepsakes().keep_filter(name, text)
    except (OSError, ValueError) as error:
        return f"console.toml cannot be changed: {error}"
    return ""


def words() -> tuple[str, ...]:
    """What the command line offers of them."""
    names = tuple(Keepsakes().filters())
    return (*(f"{WEAR}{name}" for name in names), *(f"{FORGET}{name}" for name in names))


def named(said: str) -> str | None:
    """The text of the kept filter that a command asks for; None where it asks for none."""
    return Keepsakes().filters().get(said.removeprefix(WEAR)) if said.startswith(WEAR) else None


def forgotten(said: str) -> str | None:
    """What became of a command to forget a filter; None where it is no such command."""
    name = said.removeprefix(FORGET)
    if not said.startswith(FORGET) or name not in Keepsakes().filters():
        return None
    return kept(name, None) or f"the filter {name} is forgotten"
