"""Tables for the terminal: aligned words, no colour, no lines that a screen reader would spell out."""

from __future__ import annotations

from collections.abc import Sequence

from console.reports.forgone import sentence
from console.reports.sheet import MEASURES, Sheet

GAP = "  "


def text(sheet: Sheet) -> str:
    """The report as a table with its total below."""
    rows = [*sheet.rows(), sheet.footer]
    lines = [
        sheet.title,
        "",
        *aligned(sheet.header, rows, right=len(MEASURES)),
        *filter(None, (sheet.saved,)),
        *sheet.notes,
        *filter(None, (sentence(sheet.forgone) if sheet.forgone else "",)),
    ]
    return "\n".join(lines) + "\n"


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: int = 0) -> list[str]:
    """Lines of columns as wide as their widest word; the last `right` columns are flush right."""
    table = [header, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    first_right = len(header) - right
    return [
        GAP.join(
            cell.rjust(width) if column >= first_right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
