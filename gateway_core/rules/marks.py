"""Which marks of a budget were told, and which may be told again. Whole-number arithmetic, no rounding."""

from __future__ import annotations

from collections.abc import Iterable

from gateway_core.model.policy import Budget
from gateway_core.rules.budgets import Position
from gateway_core.rules.windows import rolling_length

NEVER_STARTS = "1970-01-01T00:00:00.000000Z"
"""Stands for the start of a window whose start moves."""


def fallen(position: Position, told: Iterable[int]) -> set[int]:
    """Told marks that the share has fallen below by a tenth of the mark: where a window moves on, the next
    crossing is news. Without that distance each call at the mark would tell it again."""
    return {mark for mark in told if position.spent * 1000 < position.limit * mark * 9}


def unreached(position: Position, told: Iterable[int]) -> set[int]:
    """Told marks that are no longer reached at all, since the limit is another one."""
    return {mark for mark in told if position.spent * 100 < position.limit * mark}


def counts(budget: Budget) -> str:
    """What a budget counts, as text: where it changes, marks that were told say nothing any more."""
    unit = "usd" if budget.limit_nano is not None else "tokens"
    return f"{sorted(budget.match.items())} {budget.window} {unit}"


def is_moving(budget: Budget) -> bool:
    """Whether the start of its window moves with time."""
    return rolling_length(budget.window) is not None
