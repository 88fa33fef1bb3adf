"""One of a few words, chosen with the arrow keys: a field of a form in one line."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual import events
from textual.message import Message

from console.widgets.canvas import Canvas
from console.widgets.ink import Line, Span


class Choice(Canvas, can_focus=True):
    """◂ month ▸ — `value` is the chosen word; posts Changed."""

    class Changed(Message):
        """Another word was chosen."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> Choice:
            return self.choice

    def __init__(self, options: Sequence[str], value: str, *, id: str, barred: Collection[str] = ()) -> None:
        """barred: options that cannot be had now; they stand in brackets, and whoever reads says why."""
        super().__init__(id=id)
        self._barred = frozenset(barred)
        self._options = list(options) if value in options else [*options, value]
        self._at = self._options.index(value)

    @property
    def value(self) -> str:
        return self._options[self._at]

    def action_step(self, by: int) -> None:
        self._at = (self._at + by) % len(self._options)
        self.redraw()
        self.post_message(self.Changed(self))

    def draw(self, width: int, height: int) -> Sequence[Line]:
        """All options where they fit, the chosen one marked; else the chosen one between arrows."""
        words = [f"({option})" if option in self._barred else option for option in self._options]
        if sum(len(word) + 2 for word in words) <= width:
            return [[self._option(at, word) for at, word in enumerate(words)]]
        ends = "bold key" if self.has_focus else "faint"
        return [[("◂ ", ends), (words[self._at], "bold text"), (" ▸", ends)]]

    def on_click(self, event: events.Click) -> None:
        self.action_step(1)

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def _option(self, at: int, word: str) -> Span:
        if at != self._at:
            return f" {word} ", "faint" if self._options[at] in self._barred else "muted"
        return f" {word} ", "bold ground on key" if self.has_focus else "bold text on bar"
