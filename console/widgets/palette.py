"""Inks as styles of the present theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.style import Style
from textual.color import Color

from console.widgets.ink import Ink

_CLICK: Final = "click="
_MODIFIERS: Final = frozenset({"bold", "underline", "reverse"})

Paint = tuple[int, int, int] | int | str
"""Red, green and blue, 0 to 255; or the number of one of the terminal's own colours; or 'default'."""


class Palette:
    """Looks inks up in a theme's variables; an unknown name is a KeyError."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._ground = Color.parse(variables["ground"])
        self._known: dict[str, Style] = {}

    def style(self, ink: Ink) -> Style:
        if isinstance(ink, Style):
            return self._base() + ink
        known = self._known.get(ink)
        if known is None:
            known = self._known[ink] = self._parse(ink)
        return known

    def paint(self, name: str) -> Paint:
        """A meaning as charts are painted."""
        color = self._color(name)
        if color.ansi is None:
            return color.rgb
        return "default" if color.ansi < 0 else color.ansi

    def _base(self) -> Style:
        return Style(bgcolor=self._ground.rich_color)

    def _parse(self, ink: str) -> Style:
        front, ground = "text", "ground"
        modifiers: dict[str, bool] = {}
        meta: dict[str, str] = {}
        words = iter(ink.split())
        for word in words:
            if word == "on":
                ground = next(words)
            elif word.startswith(_CLICK):
                meta["@click"] = word.removeprefix(_CLICK)
            elif word in _MODIFIERS:
                modifiers[word] = True
            else:
                front = word
        if ground == "cursor" and self._color(ground).ansi is not None:
            # Of a terminal's own colours nobody knows which can be read on that one, but for its text.
            front, modifiers["bold"] = "text", True
        return Style(
            color=self._color(front).rich_color,
            bgcolor=self._color(ground).rich_color,
            bold=modifiers.get("bold"),
            underline=modifiers.get("underline"),
            reverse=modifiers.get("reverse"),
            meta=meta or None,
        )

    def _color(self, name: str) -> Color:
        color = Color.parse(self._variables[name])
        return color if color.a == 1 else self._ground.blend(color, color.a, 1)
