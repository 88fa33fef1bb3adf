"""Pages whose list is narrowed by what is typed in a line below it."""

from __future__ import annotations

from console import keymap
from console.screens.page import Page
from console.screens.rows import Rows
from console.widgets.field import Field


class Narrowing(Field):
    """The line; it is there only while it is typed in."""

    BINDINGS = keymap.bindings("filter")

    def __init__(self, placeholder: str, *, id: str) -> None:
        super().__init__(id=id, placeholder=placeholder)
        self.add_class("narrowing")


class NarrowedPage(Page):
    """Its body has a Narrowing, and a `list` that has the focus otherwise."""

    list: Rows

    @property
    def narrowing(self) -> Narrowing:
        return self.query_one(Narrowing)

    def places(self) -> tuple[str, ...]:
        return ("filter",) if isinstance(self.focused, Narrowing) else super().places()

    def action_filter(self) -> None:
        self.narrowing.display = True
        self.narrowing.focus()

    def action_filter_done(self) -> None:
        self.list.focus()

    def action_filter_clear(self) -> None:
        self.narrowing.value = ""
        self.list.focus()

    def on_descendant_focus(self) -> None:
        self.narrowing.display = self.narrowing.has_focus
