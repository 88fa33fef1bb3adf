"""Tables for the terminal: aligned words, no colour, no lines that a screen reader would spell out."""

from __future__ import annotations

from console.aligned import aligned
from console.reports.forgone import sentence
from console.reports.sheet import MEASURES, Sheet


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
