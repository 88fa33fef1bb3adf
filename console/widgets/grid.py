"""Columns of a table that drops what does not fit, by priority, and never wraps. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

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
    """Up to what width it takes of what is left; 0 keeps its least width."""
    gap: int = GAP
    """Blank cells before it."""


@dataclass(frozen=True, slots=True)
class Layout(Generic[Row]):
    """The columns that fit a width, with the widths they get."""

    columns: tuple[tuple[Column[Row], int], ...]

    @classmethod
    def of(cls, columns: Sequence[Column[Row]], width: int) -> Layout[Row]:
        kept: set[int] = set()
        used = 0
        for at, column in sorted(enumerate(columns), key=lambda item: item[1].priority):
            need = column.width + column.gap
            if used + need > width:
                break
            kept.add(at)
            used += need
        rest = width - used
        widths: list[tuple[Column[Row], int]] = []
        for at, column in enumerate(columns):
            if at in kept:
                more = max(0, min(rest, column.most - column.width))
                rest -= more
                widths.append((column, column.width + more))
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
