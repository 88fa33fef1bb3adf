"""A few lines with a title, as high as they are many; and a frame for sheets that may be longer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size

from console.widgets.canvas import Canvas
from console.widgets.ink import EMPTY, Line, clip, wrapped


class Sheet(Canvas):
    """Shows the lines that it is given."""

    def __init__(self, title: str, *, id: str | None = None) -> None:
        super().__init__(classes="sheet", id=id)
        self.border_title = Content(title)
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
        self._made: Callable[[int], Sequence[Line]] | None = None
        self._rows_of: tuple[int, list[Line]] | None = None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._broken(width))

    def draw(self, width: int, height: int) -> Sequence[Line]:
        return [clip([(" ", "text"), *line], width) for line in self._broken(width)]

    def put(self, lines: Sequence[Line] | Callable[[int], Sequence[Line]]) -> None:
        """A function is asked for the lines that suit a width in cells."""
        self._made = lines if callable(lines) else None
        self._lines = () if callable(lines) else lines
        self._rows_of = None
        self.redraw()
        self.refresh(layout=True)

    def _broken(self, width: int) -> list[Line]:
        if self._rows_of is None or self._rows_of[0] != width:
            room = max(8, width - 2)
            lines = self._made(room) if self._made is not None else self._lines
            self._rows_of = width, [row for line in lines for row in wrapped(line, room, self._hang)]
        return self._rows_of[1]


class Framed(VerticalScroll):
    """A frame with a title around sheets that scroll in it."""

    def __init__(self, title: str, *sheets: Sheet, id: str | None = None) -> None:
        super().__init__(*sheets, id=id, can_focus=False)
        self.border_title = Content(title)
