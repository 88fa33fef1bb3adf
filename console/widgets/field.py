"""A line of text in a form: one row high, its cursor still."""

from __future__ import annotations

from textual.widgets import Input


class Field(Input):
    """An Input that looks and behaves like the rest of the console's forms."""

    def __init__(self, value: str = "", *, id: str, placeholder: str = "", password: bool = False) -> None:
        super().__init__(value, placeholder=placeholder, password=password, id=id, compact=True)
        # A blinking cursor would wake an idle console twice a second.
        self.cursor_blink = False
