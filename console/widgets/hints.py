"""The footer: the next keys, as many as fit whole, each of which can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.widgets.canvas import Canvas
from console.widgets.ink import Line, fitting


@dataclass(frozen=True, slots=True)
class Hint:
    """A key as people write it, its word, and the action that a click runs."""

    glyph: str
    label: str
    action: str


class Hints(Canvas):
    """One row of hints, the most important first; what does not fit is left out, never cut."""

    def __init__(self, hints: Sequence[Hint]) -> None:
        super().__init__()
        self._hints = tuple(hints)

    def put(self, hints: Sequence[Hint]) -> None:
        if self._hints != tuple(hints):
            self._hints = tuple(hints)
            self.redraw()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        parts: list[Line] = [
            [(hint.glyph, f"bold key on raised click={hint.action}"), (f" {hint.label}", _label(hint))]
            for hint in self._hints
        ]
        row = fitting(parts, width - 2, ("  ", "text on raised"))
        return [[(" ", "text on raised"), *row, (" " * width, "text on raised")]]


def _label(hint: Hint) -> str:
    return f"muted on raised click={hint.action}"
