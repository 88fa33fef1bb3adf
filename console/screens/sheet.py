"""A few lines with a title, as high as they are many."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size

from console.widgets.canvas import Canvas
from console.widgets.ink import EMPTY, Line, clip, wrapped


class Sheet(Canvas):
    """Shows the lines that it is given."""

    def __init__(self, title: str, *, id: str | None = None) -> None:
        super().__init__(classes="sheet", id=id)
        self.border_title = Content(f"{title}")
        self._lines: Sequence[Line] = (EMPTY,)

    def put(self, lines: Sequence[Line]) -> None:
        taller = len(lines) != len(self._lines)
        self._lines = lines
        self.redraw()
        if taller:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines)

    def draw(self, width: int, height: int) -> Sequence[Line]:
        return [clip([(" ", "text"), *line], width) for line in self._lines]


class Prose(Sheet):
    """Lines that are broken where they are longer than the sheet is wide, never cut. hang: how far in their
    further rows stand."""

    def __init__(self, title: str, *, id: str | None = None, hang: int | None = None) -> None:
        super().__init__(title, id=id)
        self._hang = hang

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._broken(width))

    def draw(self, width: int, height: int) -> Sequence[Line]:
        return [clip([(" ", "text"), *line], width) for line in self._broken(width)]

    def put(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self.redraw()
        self.refresh(layout=True)

    def _broken(self, width: int) -> list[Line]:
        return [row for line in self._lines for row in wrapped(line, max(8, width - 2), self._hang)]
