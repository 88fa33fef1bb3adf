"""A widget that draws inked lines: each row is exactly as wide as the widget, and nothing ever wraps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from console.widgets.ink import EMPTY, Line
from console.widgets.palette import Palette


class Canvas(Widget):
    """Subclasses answer `draw`; `redraw` says that what it would answer has changed."""

    ALLOW_SELECT = False

    _strips: list[Strip] | None = None
    _strips_size = (0, 0)
    _inks: Palette | None = None
    _variables: Mapping[str, str] | None = None

    def draw(self, width: int, height: int) -> Sequence[Line]:
        """The rows from the top, at most `height` of them; none here."""
        return ()

    def redraw(self) -> None:
        self._strips = None
        self.refresh()

    @property
    def inks(self) -> Palette:
        """The palette of the present theme."""
        variables = self.app.theme_variables
        if self._inks is None or self._variables is not variables:
            self._variables = variables
            self._inks = Palette(variables)
        return self._inks

    def notify_style_update(self) -> None:
        self._strips = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        strips = self._rows()
        return strips[y] if y < len(strips) else self._strip(EMPTY, self.content_size.width)

    def _rows(self) -> list[Strip]:
        width, height = self.content_size
        if self._strips is None or self._strips_size != (width, height):
            self._strips_size = (width, height)
            lines = self.draw(width, height) if width and height else ()
            self._strips = [self._strip(line, width) for line in lines[:height]]
        return self._strips

    def _strip(self, line: Line, width: int) -> Strip:
        style = self.inks.style
        strip = Strip([Segment(text, style(ink)) for text, ink in line if text])
        return strip.adjust_cell_length(width, style(""))
