"""Columns of a table that drops what does not fit, by priority, and never wraps. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.cells import cell_len

from console.widgets.ink import Line, Span, fit

Row = TypeVar("Row")
GAP = 2


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its heading, its least width, how important it is (1 first), and what it says of a row."""

    title: str
    width: int
    priority: int
    cell: Callable[[Row], Span]
    align: str = "<"
    most: int = 0
    """Up to what width it takes of what is left; 0 keeps its width, whatever the rows say."""
    gap: int = GAP
    """Blank cells before it."""


@dataclass(frozen=True, slots=True)
class Layout(Generic[Row]):
    """The columns that fit a width, with the widths they get."""

    columns: tuple[tuple[Column[Row], int], ...]

    @classmethod
    def of(cls, columns: Sequence[Column[Row]], width: int, needs: Sequence[int] = ()) -> Layout[Row]:
        """needs: what `needed` says of the rows. An important column then shows them whole before a lesser
        one comes in, and one that says little gives way."""
        got: dict[int, int] = {}
        rest = width
        for at, column in sorted(enumerate(columns), key=lambda item: item[1].priority):
            wish = _wish(column, needs[at]) if needs else column.width
            room = rest - column.gap
            if room < min(wish, column.width):
                break
            got[at] = min(wish, room)
            rest -= got[at] + column.gap
        widths: list[tuple[Column[Row], int]] = []
        for at in sorted(got):
            more = max(0, min(rest, columns[at].most - got[at]))
            rest -= more
            widths.append((columns[at], got[at] + more))
        return cls(tuple(widths))

    def heading(self, ink: str = "bold brand", *, marked: str | None = None, arrow: str = "") -> Line:
        """marked: the title of the column that the cursor is on; arrow: how the rows are sorted by it."""
        spans: list[Span] = []
        for column, width in self.columns:
            mine = column.title == marked
            title = f"{column.title}{arrow}" if mine and len(column.title) < width else column.title
            spans.append((" " * column.gap, ink))
            spans.append((fit(title, width, column.align), "bold ground on key" if mine else ink))
        return spans

    def at(self, x: int) -> int | None:
        """Which of the columns stands at a cell of the row, counted from 0; None beside them."""
        edge = 0
        for place, (column, width) in enumerate(self.columns):
            edge += column.gap + width
            if x < edge:
                return place
        return None

    def line(self, row: Row) -> Line:
        spans: list[Span] = []
        for column, width in self.columns:
            text, ink = column.cell(row)
            spans.append((" " * column.gap, "text"))
            spans.append((fit(text, width, column.align), ink))
        return spans


def needed(columns: Sequence[Column[Row]], rows: Collection[Row]) -> tuple[int, ...]:
    """How many cells the longest of the rows takes in each column; 0 where there is none."""
    return tuple(max((cell_len(column.cell(row)[0]) for row in rows), default=0) for column in columns)


def _wish(column: Column[Row], need: int) -> int:
    """What a column takes so that the rows are shown whole, up to the most that it may."""
    return min(column.most, max(need, len(column.title))) if need and column.most else column.width
