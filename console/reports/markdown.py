"""A report as Markdown, to paste into a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from console import present
from console.reports import forgone
from console.reports.drawing import budget_bars, peak
from console.reports.requests import HEADER, NUMBERS, Requests
from console.reports.sheet import MEASURES, Sheet
from console.reports.whole import FORGONE, Whole
from console.shapes.forgone import Forgone


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


def whole(sheet: Sheet, told: Whole) -> str:
    """The same, and after it the parts that are included."""
    parts = [text(sheet)]
    if "savings" in told.include:
        parts.append(_savings(told))
    if FORGONE in told.include and (would := told.overview.forgone) and not would.total.nothing:
        parts.append(_forgone(would, told.overview.by))
    if "budgets" in told.include and told.budgets:
        parts.append(_budgets(told))
    if "hours" in told.include and (dearest := peak(told.overview)):
        parts.append(f"Dearest hour of the week: {dearest}\n")
    if told.requests is not None:
        parts.append(_requests(told.requests))
    return "\n".join(parts)


def _requests(told: Requests) -> str:
    rules = ["--:" if name in NUMBERS else ":--" for name in HEADER]
    lines = [_row(HEADER), _row(rules), *(_row([_cell(cell) for cell in row]) for row in told.rows)]
    return "\n".join([*lines, *(["", told.more] if told.more else [])]) + "\n"


def _savings(told: Whole) -> str:
    saved = told.overview.savings
    own, others, routing = map(
        present.usd, (saved.own_cache_usd, saved.provider_cache_usd, saved.routing_usd)
    )
    together = present.usd(saved.own_cache_usd + saved.provider_cache_usd + saved.routing_usd)
    return (
        f"Saved **{together}**: {own} by this gateway's cache, {others} by the providers' caches, "
        f"{routing} by routing.\n"
    )


def _forgone(told: Forgone, by: Sequence[str]) -> str:
    lines = [f"## {forgone.TITLE}", "", forgone.LEAD]
    for table in forgone.tables(told, by):
        names = len(table.header) - table.numbers
        lines += ["", _row(table.header), _row([":--"] * names + ["--:"] * table.numbers)]
        lines += [_row([_cell(cell) for cell in row]) for row in table.rows]
        lines += [_row([f"**{cell}**" if cell else "" for cell in table.footer])] if table.footer else []
    for note in forgone.notes(told):
        lines += ["", note]
    return "\n".join(lines) + "\n"


def _budgets(told: Whole) -> str:
    header = _row(("budget", "matches", "window", "used", "share", "lands at"))
    lines = [header, _row((":--", ":--", ":--", "--:", "--:", "--:"))]
    for bar in budget_bars(told.budgets):
        budget = bar.budget
        names = (present.plain(budget.name), present.plain(present.matched(budget.match)), budget.window)
        lines.append(_row((*map(_cell, names), bar.amount, bar.share, bar.lands)))
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(word: str) -> str:
    """The word with what Markdown would take as markup made harmless."""
    for mark in "\\|*_`<[":
        word = word.replace(mark, f"\\{mark}")
    return word
