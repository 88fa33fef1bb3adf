"""The line in which a list's filter is typed."""

from __future__ import annotations

from console import keymap
from console.widgets.field import Field


class Narrowing(Field):
    """Its page has action_filter_done and action_filter_clear, and hides it when it loses the focus."""

    BINDINGS = keymap.bindings("filter")

    def __init__(self, placeholder: str, *, id: str) -> None:
        super().__init__(id=id, placeholder=placeholder)
        self.add_class("narrowing")
