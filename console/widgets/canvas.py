"""A widget that draws inked lines: each row is exactly as wide as the widget, and nothing ever wraps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from console.widgets.ink import Line, Span
from console.widgets.palette import Palette


class Canvas(Widget):
    """Subclasses answer `draw`; `redraw` says that what it would answer has changed.

    Then only the rows that did are painted again, and a row that has only moved keeps its strip.
    """

    ALLOW_SELECT = False

    _strips: list[Strip] | None = None
    _strips_size = (0, 0)
    _known: Mapping[tuple[Span, ...], Strip] = {}
    """The strips of the last drawing, by what they say."""
    _stale = False
    _inks: Palette | None = None
    _variables: Mapping[str, str] | None = None

    def draw(self, width: int, height: int) -> Sequence[Line]:
        """The rows from the top, at most `height` of them; none here."""
        return ()

    def redraw(self) -> None:
        self._stale = True
        self.check_idle()

    def on_idle(self) -> None:
        """Draws what `redraw` was called for, once, however often that was."""
        if not self._stale:
            return
        self._stale = False
        before, size = self._strips, self._strips_size
        self._strips = None
        if before is None or size != self.content_size or not self.display:
            self.refresh()
        elif changed := list(_changed(before, self._rows(), size[0])):
            self.refresh(*changed)

    @property
    def inks(self) -> Palette:
        """The palette of the present theme."""
        variables = self.app.theme_variables
        if self._inks is None or self._variables is not variables:
            self._variables = variables
            self._inks = Palette(variables)
            self._known = {}
        return self._inks

    def notify_style_update(self) -> None:
        super().notify_style_update()
        # Also where no rule is another one: an ink may mean another colour, a chart have other markers.
        self._strips = None
        self.redraw()

    def render_line(self, y: int) -> Strip:
        strips = self._rows()
        return strips[y] if y < len(strips) else self._strip((), self.content_size.width)

    def _rows(self) -> list[Strip]:
        width, height = self.content_size
        if self._strips is None or self._strips_size != (width, height):
            self._strips_size = (width, height)
            lines = self.draw(width, height) if width and height else ()
            drawn = [tuple(line) for line in lines[:height]]
            self._strips = [self._strip(line, width) for line in drawn]
            self._known = dict(zip(drawn, self._strips, strict=True))
        return self._strips

    def _strip(self, line: tuple[Span, ...], width: int) -> Strip:
        style = self.inks.style
        known = self._known.get(line)
        if known is not None and known.cell_length == width:
            return known
        strip = Strip([Segment(text, style(ink)) for text, ink in line if text])
        return strip.adjust_cell_length(width, style(""))


def _changed(before: Sequence[Strip], after: Sequence[Strip], width: int) -> Iterator[Region]:
    """Where the rows differ, those below one another as one region."""
    first = None
    for y, (old, new) in enumerate(zip_longest(before, after)):
        if old is new:
            if first is not None:
                yield Region(0, first, width, y - first)
            first = None
        elif first is None:
            first = y
    if first is not None:
        yield Region(0, first, width, max(len(before), len(after)) - first)
