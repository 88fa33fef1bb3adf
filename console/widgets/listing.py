"""A short list with a cursor: rows by id, drawn by whoever owns them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.geometry import Size

from console.messages import Chosen, Moved
from console.widgets.canvas import Canvas
from console.widgets.ink import EMPTY, Line, Span, cropped, grounded
from console.widgets.viewport import Viewport

Painter = Callable[[str, int], Line]
Heading = Callable[[int], Line]


class Listing(Canvas, can_focus=True):
    """paint: the row of an id in a width; heading: the line above the rows; empty: what an empty list says;
    follows: new rows come on top, and the cursor stays on the newest until it is moved away.

    Posts Moved when the cursor comes to another row and Chosen on a double click.
    """

    def __init__(
        self,
        paint: Painter,
        *,
        heading: Heading | None = None,
        empty: Sequence[Line] = (),
        id: str | None = None,
        follows: bool = False,
    ) -> None:
        super().__init__(id=id)
        self._paint = paint
        self._heading = heading
        self._empty = empty
        self._ids: tuple[str, ...] = ()
        self.window = Viewport(follows=follows)

    @property
    def current(self) -> str | None:
        return self.window.current

    def put(self, ids: Sequence[str]) -> None:
        """The rows as they are now, from the top; also says that what they show may have changed."""
        before = self.current
        if len(ids) != len(self._ids):
            self.refresh(layout=True)
        self._ids = tuple(ids)
        self.window.show(self._ids)
        self._tell(before)

    def say_when_empty(self, lines: Sequence[Line]) -> None:
        """What stands there from now on while there is no row."""
        self._empty = lines

    def select(self, row_id: str) -> None:
        """Brings the cursor to a row, if it is there."""
        if row_id in self._ids:
            self.action_move(self._ids.index(row_id) - self.window.cursor)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All its rows, where the style leaves the height to it."""
        return len(self._ids or ((), *self._empty)) + (self._heading is not None)

    def draw(self, width: int, height: int) -> Sequence[Line]:
        lines: list[Line] = [self._heading(width - 1)] if self._heading else []
        if not self._ids:
            return [*lines, EMPTY, *self._empty]
        room = height - len(lines)
        self.window.resize(room)
        for at in range(self.window.top, min(len(self._ids), self.window.top + room)):
            row = [self.edge(self._ids[at]), *self._paint(self._ids[at], width - 2), (" " * width, "text")]
            line = [*cropped(row, width - 1), self._track(at, room)]
            lines.append(grounded(line, "cursor") if at == self.window.cursor else line)
        return lines

    def edge(self, row_id: str) -> Span:
        """The cell in front of a row."""
        return " ", "text"

    def _track(self, at: int, room: int) -> Span:
        """The cell at the right edge, which says that there are more rows than are seen, and where."""
        if len(self._ids) <= room:
            return " ", "text"
        row = at - self.window.top
        first = self.window.top * room // len(self._ids)
        last = (self.window.top + room) * room // len(self._ids)
        return ("┃", "muted") if first <= row < max(last, first + 1) else ("│", "line")

    def action_move(self, by: int) -> None:
        before = self.current
        self.window.move(by)
        self._tell(before)

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, self.window.height - 1))

    def action_top(self) -> None:
        before = self.current
        self.window.go_top()
        self._tell(before)

    def action_bottom(self) -> None:
        self.action_move(len(self._ids))

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        if place is None:
            return
        before = self.current
        row = self.window.at_line(place.y - (self._heading is not None))
        self._tell(before)
        if row is not None and event.chain == 2:
            self.post_message(Chosen(row))

    def on_mouse_scroll_down(self) -> None:
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-1)

    def _tell(self, before: str | None) -> None:
        if self.current != before:
            self.post_message(Moved(self.current))
        self.redraw()
