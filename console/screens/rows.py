"""The list of a page: its rows, the keys of every list, and marks for keys that work on many rows."""

from __future__ import annotations

from collections.abc import Sequence

from console import keymap
from console.widgets.ink import Span
from console.widgets.listing import Listing

MARK = "+"


class Rows(Listing):
    """Moved through by keys."""

    BINDINGS = keymap.bindings("list")

    @property
    def chosen(self) -> tuple[str, ...]:
        """The rows that a key works on: the one under the cursor."""
        return (self.current,) if self.current is not None else ()

    def unmark(self) -> bool:
        """Takes all marks off; whether there was one."""
        return False


class MarkedRows(Rows):
    """Rows that can be marked. A mark goes with its row, and with what was done to it."""

    BINDINGS = keymap.bindings("marks")
    _marks: frozenset[str] = frozenset()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The marked rows from the top; where none is, the one under the cursor."""
        return tuple(row_id for row_id in self._ids if row_id in self._marks) or super().chosen

    def put(self, ids: Sequence[str]) -> None:
        self._marks &= frozenset(ids)
        super().put(ids)

    def unmark(self) -> bool:
        had, self._marks = bool(self._marks), frozenset[str]()
        self.redraw()
        return had

    def action_mark(self) -> None:
        if self.current is not None:
            self._marks ^= {self.current}
            self.action_move(1)

    def edge(self, row_id: str) -> Span:
        return (MARK, "bold key") if row_id in self._marks else super().edge(row_id)
