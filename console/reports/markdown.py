"""A report as Markdown, to paste into a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from console.reports.sheet import MEASURES, Sheet


def text(sheet: Sheet) -> str:
    """Headline, table and notes."""
    rules = [":--"] * len(sheet.by) + ["--:"] * len(MEASURES)
    footer = [f"**{cell}**" if cell else "" for cell in sheet.footer]
    lines = [f"# {sheet.title}", "", _row(sheet.header), _row(rules)]
    lines += [_row([_cell(cell) for cell in row]) for row in sheet.rows()]
    lines += [_row(footer)]
    for note in sheet.notes:
        lines += ["", note]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(word: str) -> str:
    """The word with what Markdown would take as markup made harmless."""
    for mark in "\\|*_`<[":
        word = word.replace(mark, f"\\{mark}")
    return word
