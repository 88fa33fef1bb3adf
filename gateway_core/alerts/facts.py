"""A budget's account as the facts of an alert."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway_core.clock import instant_text
from gateway_core.model.alerts import Told
from gateway_core.model.money import usd_string
from gateway_core.rules.marks import NEVER_STARTS, counts, is_moving
from gateway_core.state.accounts import Account


def budget_facts(account: Account) -> dict[str, Any]:
    """Name, what is spent of how much in the budget's unit, and its window."""
    position, end = account.position, account.end
    money = account.unit_is_money
    unit = "usd" if money else "tokens"
    return {
        "budget": account.budget.name,
        "unit": unit,
        f"spent_{unit}": usd_string(position.spent) if money else position.spent,
        f"limit_{unit}": usd_string(position.limit) if money else position.limit,
        "window_start": instant_text(account.start),
        "resets_at": None if end is None else instant_text(end),
    }


def told_of(account: Account, what: str) -> Told:
    """The note that somebody is told `what` of a budget in its present window."""
    budget = account.budget
    start = NEVER_STARTS if is_moving(budget) else instant_text(account.start)
    return Told(budget.name, counts(budget), what, start)


def mark_name(mark: int) -> str:
    """What is noted as told when a mark was."""
    return f"mark:{mark}"


def marks_of(told: Iterable[str]) -> set[int]:
    """The marks among what was told."""
    return {int(each.removeprefix("mark:")) for each in told if each.startswith("mark:")}
