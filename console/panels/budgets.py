"""Budgets: how much of each limit is spent and held, where it lands, and who needs you."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events

from console.filter.words import quoted
from console.keymap import glyph
from console.messages import Narrowed
from console.panels.base import Panel, message
from console.panels.words import (
    budget_fill,
    budget_ink,
    budget_mark,
    held_share,
    landing_share,
    need,
    needs_you,
    plain_dollars,
)
from console.present import percent, tokens, until, usd
from console.shapes import Budget
from console.snapshot import Snapshot
from console.widgets.bars import Mark, bar
from console.widgets.ink import EMPTY, Line, Span, fit, fitting, spread

WARN_AT = 0.8
_Model = tuple[tuple[Budget, ...], tuple[str, ...]]


class BudgetsPanel(Panel):
    NAME: ClassVar[str] = "budgets"
    PAGE: ClassVar[bool] = True

    _shown: Sequence[Budget] = ()

    def on_click(self, event: events.Click) -> None:
        """A click on a budget's row leaves the calls that it is over."""
        place = event.get_content_offset(self)
        if place is not None and 0 <= place.y < len(self._shown):
            self.post_message(Narrowed(filter_of(self._shown[place.y])))

    def view(self, snap: Snapshot) -> _Model | None:
        if snap.budgets is None:
            return None
        ordered = tuple(sorted(snap.budgets, key=need))
        return ordered, tuple(until(budget.resets_at, snap.at) for budget in ordered)

    def title(self, model: _Model) -> str:
        worried = sum(map(needs_you, model[0]))
        return f"budgets · {worried} need{'s' if worried == 1 else ''} you" if worried else "budgets"

    def subtitle(self, model: _Model) -> str:
        return f"{glyph('app.budgets')} {'edit' if model[0] else 'new'}"

    def paint(self, model: _Model, width: int, height: int) -> Sequence[Line]:
        budgets, resets = model
        if not budgets:
            return message(
                width,
                height,
                [("no limits yet", "muted")],
                [(glyph("app.budgets"), "bold key"), (" sets the first one", "faint")],
            )
        legend = height > 4
        room = height - legend
        shown = budgets if len(budgets) <= room else budgets[: room - 1 if legend else room]
        self._shown = shown
        columns = Columns.of(shown, width)
        lines = [columns.line(one, left) for one, left in zip(shown, resets, strict=False)]
        if legend:
            blank = max(0, height - len(lines) - 1)
            lines += [EMPTY] * blank
            lines.append(_legend(len(budgets) - len(shown), width))
        return lines


def filter_of(budget: Budget) -> str:
    """The filter whose calls a budget counts; '' for one that counts all."""
    return " ".join(f"{key}:{quoted(value)}" for key, value in sorted(budget.match.items()))


class Columns:
    """How wide each part of a budget's row is."""

    def __init__(self, name: int, bar: int, amounts: int, window: bool) -> None:
        self.name = name
        self.bar = bar
        self.amounts = amounts
        self.window = window

    @classmethod
    def of(cls, budgets: Sequence[Budget], width: int) -> Columns:
        amounts = max((len(amount_text(one)) for one in budgets), default=0)
        window = width >= 66
        room = width - amounts - 11 - 16 * window
        name = min(max((len(one.name) for one in budgets), default=0), max(10, room - 9))
        return cls(name, max(6, width - name - amounts - 11 - 16 * window), amounts, window)

    def line(self, one: Budget, resets: str) -> Line:
        spent, limit = amount_parts(one)
        room = self.amounts - len(spent) - len(limit)
        tail: list[Span] = []
        if self.window:
            tail = [(f"  {fit(one.window, 7)}", "faint"), (fit(resets, 7, ">"), "muted")]
        return [
            (fit(one.name, self.name) + " ", "text"),
            *budget_bar(one, self.bar),
            (fit(percent(one.share), 6, ">"), budget_ink(one)),
            (budget_mark(one) + " ", f"bold {budget_ink(one)}"),
            (" " * (room + 1) + spent, "text"),
            (limit, "muted"),
            *tail,
        ]


def budget_bar(one: Budget, width: int) -> list[Span]:
    """Spent, then held in another colour, the 80 % mark and the landing."""
    lands = landing_share(one)
    marks = [Mark(WARN_AT, "┊", "muted")]
    if lands is not None and one.share < 1 and lands > one.share:
        marks.append(Mark(min(lands, 1.0), "▸" if lands <= 1 else "▶", "text" if lands <= 1 else "alert"))
    return bar(width, [(min(one.share, 1.0), budget_fill(one)), (held_share(one), "held")], tuple(marks))


def amount_parts(one: Budget) -> tuple[str, str]:
    """('$42.10', '/100'), or tokens where the limit is in tokens; '/150↑' while it is raised."""
    up = "↑" if one.raised else ""
    if one.in_force_usd is not None:
        return usd(one.spent_usd), f"/{plain_dollars(one.in_force_usd)}{up}"
    limit = tokens(one.in_force_tokens or 0, narrow=True)
    return tokens(one.spent_tokens, narrow=True), f"/{limit}{up} tok"


def amount_text(one: Budget) -> str:
    return "".join(amount_parts(one))


def _legend(hidden: int, width: int) -> Line:
    left: Line = [(f"+{hidden} more", "muted")] if hidden > 0 else EMPTY
    parts: list[Line] = [
        [("▸", "text"), (" where it lands", "faint")],
        [("▆", "held"), (" held", "faint")],
        [("┊", "muted"), (" 80%", "faint")],
    ]
    return spread(left, fitting(parts, width - 12, ("  ", "")), width)
