"""The window on a long list: which row the cursor is on, which rows are seen. Pure; knows rows by id."""

from __future__ import annotations

from collections.abc import Sequence


class Viewport:
    """The cursor stays on its row by id while others come and go around it, and the row stays where it is on
    the screen. At the top it follows: the newest row is always under it."""

    def __init__(self, *, follows: bool) -> None:
        self._ids: Sequence[str] = ()
        self._follows = follows
        self.following = follows
        self.cursor = 0
        self.top = 0
        self.height = 0
        self.came = 0
        """How many rows came above since following stopped."""

    @property
    def current(self) -> str | None:
        """The id of the row under the cursor; None in an empty list."""
        return self._ids[self.cursor] if self._ids else None

    def show(self, ids: Sequence[str]) -> None:
        """Another state of the list."""
        before, self._ids = self.current, ids
        if self.following or before is None:
            self.cursor = self.top = 0
        else:
            moved = self._find(before) - self.cursor
            self.cursor += moved
            self.top += moved
            self.came += max(0, moved)
        self._settle()

    def resize(self, height: int) -> None:
        self.height = height
        self._settle()

    def move(self, by: int) -> None:
        """Any move away from the top stops following; arriving there by moving up does not start it again."""
        self._go(self.cursor + by)

    def go_top(self) -> None:
        self._go(0)
        self.following, self.came = self._follows, 0

    def go_bottom(self) -> None:
        self._go(len(self._ids) - 1)

    def scroll(self, by: int) -> None:
        """The window moves, and takes the cursor along only where it would leave it behind."""
        self.top = max(0, min(self.top + by, len(self._ids) - self.height))
        self.cursor = max(self.top, min(self.cursor, self.top + max(1, self.height) - 1))
        self._leave_top()

    def at_line(self, line: int) -> str | None:
        """Moves the cursor to the row seen on a line; answers its id, None where no row is."""
        if not 0 <= self.top + line < len(self._ids):
            return None
        self._go(self.top + line)
        return self.current

    def _go(self, to: int) -> None:
        self.cursor = max(0, min(to, len(self._ids) - 1))
        self._leave_top()
        self._settle()

    def _leave_top(self) -> None:
        if self.cursor > 0 or self.top > 0:
            self.following = False

    def _find(self, row_id: str) -> int:
        try:
            return self._ids.index(row_id)
        except ValueError:
            return min(self.cursor, max(0, len(self._ids) - 1))

    def _settle(self) -> None:
        last = max(0, len(self._ids) - 1)
        self.cursor = max(0, min(self.cursor, last))
        lowest = max(0, self.cursor - self.height + 1) if self.height else 0
        self.top = max(lowest, min(self.top, self.cursor, max(0, len(self._ids) - max(1, self.height))))
