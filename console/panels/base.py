"""What every panel is: a titled canvas that redraws only when what it shows has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from textual.content import Content
from textual.geometry import Region

from console.snapshot import Snapshot
from console.widgets.canvas import Canvas
from console.widgets.ink import Line, centred


class Panel(Canvas, can_focus=True):
    """Subclasses say what they show of a snapshot (`view`), draw it (`paint`), and give it titles."""

    NAME: ClassVar[str]
    PAGE: ClassVar[bool] = False
    """On a small screen it shares one place with the other pages."""
    PACE: ClassVar[timedelta] = timedelta(0)
    """The least time between two redraws."""

    _titling = False
    """Whether it is another title that asks for a refresh."""

    def __init__(self) -> None:
        super().__init__(id=self.NAME, classes="page" if self.PAGE else "")
        self._model: Any = None
        self._drawn_at: datetime | None = None
        self._looked_at = ("", "")
        self._hidden: tuple[str, ...] = ()
        self._said = ("", "")

    @property
    def big(self) -> bool:
        """Whether the panel has the whole screen."""
        return self.has_class("-big")

    def view(self, snap: Snapshot) -> Any:
        """The part of the snapshot that the panel shows; None while it is not known."""
        return snap

    def paint(self, model: Any, width: int, height: int) -> Sequence[Line]:
        """The rows of a known model."""
        return ()

    def took(self) -> None:
        """Another model has come; its titles and rows are asked for next."""

    def title(self, model: Any) -> str:
        return self.NAME

    def subtitle(self, model: Any) -> str | Content:
        return ""

    def on_mount(self) -> None:
        # It may have been painted before this, when no new title was heard of.
        self.call_later(self.refresh)

    def show(self, snap: Snapshot) -> None:
        """Takes a tick's snapshot."""
        if not self.display or self._waits(snap):
            return
        self._looked_at = snap.range, snap.by
        model = self.view(snap)
        if model != self._model or self._drawn_at is None:
            self._model, self._drawn_at = model, snap.now
            self.took()
            self.retitle()
            self.redraw()

    def show_now(self, snap: Snapshot) -> None:
        """The same without waiting for the pace, as after another range was chosen."""
        self._drawn_at = None
        self.show(snap)

    def _waits(self, snap: Snapshot) -> bool:
        """It was drawn a moment ago, and nobody has asked for anything else since."""
        if self._drawn_at is None or self._looked_at != (snap.range, snap.by):
            return False
        return abs(snap.now - self._drawn_at) < self.PACE

    def name_hidden(self, names: tuple[str, ...]) -> None:
        """Which panels share this place and are not seen now; the subtitle says how to get there."""
        if names != self._hidden:
            self._hidden = names
            self.retitle()

    def retitle(self) -> None:
        known = self._model is not None
        title = Content(self.title(self._model) if known else self.NAME)
        subtitle = self.subtitle(self._model) if known else ""
        if self._hidden:
            subtitle = f"tab: {' · '.join(self._hidden)}"
        if isinstance(subtitle, str):
            subtitle = Content(subtitle)
        said = title.markup, subtitle.markup
        if said != self._said:
            self._said, self._titling = said, True
            self.border_title, self.border_subtitle = title, subtitle
            self._titling = False

    def refresh(self, *regions: Region, **how: bool) -> Self:
        """Another title paints the two borders again, and nothing between them."""
        return super().refresh(*(self._borders() if self._titling else regions), **how)

    def _borders(self) -> tuple[Region, Region]:
        (x, y), (width, height) = self.content_offset, self.outer_size
        return Region(-x, -y, width, 1), Region(-x, height - 1 - y, width, 1)

    def draw(self, width: int, height: int) -> Sequence[Line]:
        if self._model is None:
            return message(width, height, [("asking the gateway …", "faint")])
        return self.paint(self._model, width, height)


def message(width: int, height: int, *lines: Line) -> list[Line]:
    """A few lines in the middle of an empty panel."""
    above = max(0, (height - len(lines)) // 2)
    return [*([()] * above), *(centred(line, width) for line in lines)]
