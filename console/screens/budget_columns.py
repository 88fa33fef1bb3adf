"""The columns of the list of budgets, each with how important it is when the screen is narrow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.limit_words import breaks, per
from console.panels.words import budget_ink, budget_mark, plain_dollars
from console.present import NOTHING, matched, percent, tokens, until, usd
from console.shapes import Budget
from console.widgets.grid import Column
from console.widgets.ink import Span


@dataclass(frozen=True, slots=True)
class Standing:
    """A budget and the moment at which it is looked at."""

    budget: Budget
    now: datetime


def limit(one: Budget) -> str:
    """'$60', '2.0M tok'; the one in force, '↑$80' while it is raised."""
    up = "↑" if one.raised else ""
    if one.in_force_usd is not None:
        return f"{up}${plain_dollars(one.in_force_usd)}"
    return f"{up}{tokens(one.in_force_tokens or 0, narrow=True)} tok"


def _spent(row: Standing) -> Span:
    one = row.budget
    if one.limit_usd is not None:
        return usd(one.spent_usd), "text"
    return tokens(one.spent_tokens, narrow=True), "text"


def _held(row: Standing) -> Span:
    one = row.budget
    if not (one.held_usd if one.limit_usd is not None else one.held_tokens):
        return NOTHING, "faint"
    return (usd(one.held_usd) if one.limit_usd is not None else tokens(one.held_tokens, narrow=True)), "held"


def _lands(row: Standing) -> Span:
    one = row.budget
    if one.lands_usd is None or one.in_force_usd is None:
        return NOTHING, "faint"
    return usd(one.lands_usd), "alert" if one.lands_usd > one.in_force_usd else "muted"


def _share(row: Standing) -> Span:
    return percent(row.budget.share), f"bold {budget_ink(row.budget)}"


def _mark(row: Standing) -> Span:
    return budget_mark(row.budget), f"bold {budget_ink(row.budget)}"


def _breaks(row: Standing) -> Span:
    when = breaks(row.budget, row.now)
    return (NOTHING, "faint") if when is None else (when, "alert")


def _at_limit(row: Standing) -> Span:
    one = row.budget
    words = one.at_limit.replace("_", " ")
    return f"{words} → {one.downgrade_to}" if one.downgrade_to else words, "muted"


BUDGET_COLUMNS: tuple[Column[Standing], ...] = (
    Column("budget", 16, 1, lambda row: (row.budget.name, "text"), gap=0, most=30),
    Column("matches", 12, 8, lambda row: (matched(row.budget.match), "muted"), most=40),
    Column("per", 8, 4, lambda row: (per(row.budget.window), "muted"), most=8),
    Column("limit", 9, 2, lambda row: (limit(row.budget), "spend"), ">"),
    Column("spent", 9, 2, _spent, ">"),
    Column("held", 7, 7, _held, ">"),
    Column("lands", 8, 6, _lands, ">"),
    Column("%", 5, 3, _share, ">"),
    Column("", 1, 3, _mark, gap=0),
    Column("at limit", 15, 9, _at_limit, most=34),
    Column("breaks", 12, 10, _breaks),
    Column("resets", 7, 5, lambda row: (until(row.budget.resets_at, row.now), "muted"), ">"),
)
