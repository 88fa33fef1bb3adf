"""The line in which the filter over the calls is typed: it offers what fits, and marks a wrong word."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual.color import Color
from textual.suggester import Suggester

from console import keymap
from console.filter import FilterError, parse
from console.filter.offering import offered
from console.shapes import Call
from console.widgets.field import Field

Calls = Callable[[], Sequence[Call]]


class FilterBar(Field):
    """calls: those whose values are offered."""

    BINDINGS = keymap.bindings("filter", "filtering")

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="filter", placeholder="ana  model:opus*  cost>0.05  is:live  since:15m")
        self.suggester = Offers(calls)
        self.highlighter = WrongWord(lambda: self.app.theme_variables["alert"])


class Offers(Suggester):
    def __init__(self, calls: Calls) -> None:
        # What the calls have changes with every call.
        super().__init__(use_cache=False, case_sensitive=True)
        self._calls = calls

    async def get_suggestion(self, value: str) -> str | None:
        return offered(value, self._calls())


class WrongWord(Highlighter):
    """Underlines it besides, for themes and eyes without the colour. colour: that of the present theme."""

    def __init__(self, colour: Callable[[], str]) -> None:
        self._colour = colour

    def highlight(self, text: Text) -> None:
        try:
            parse(text.plain)
        except FilterError as error:
            colour = Color.parse(self._colour()).rich_color
            text.stylize(Style(color=colour, bold=True, underline=True), error.start, error.end)
