"""Reasoning efforts by name and thinking budgets in tokens, the one in the words of the other."""

from __future__ import annotations

from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Thinking

BUDGETS = {"minimal": 1_024, "low": 2_048, "medium": 8_192, "high": 24_576, "xhigh": 32_768, "max": 65_536}
"""Tokens that an effort stands for where a provider wants a number."""
EFFORTS = ("none", *BUDGETS)


def effort_of(thinking: Thinking) -> str | None:
    """The effort that was asked for: by name, the least that covers the budget, or 'none' for off."""
    if thinking.on is False or thinking.budget == 0:
        return "none"
    if thinking.effort is not None:
        return thinking.effort
    if thinking.budget is None or thinking.budget < 0:
        return None
    return next((name for name, tokens in BUDGETS.items() if tokens >= thinking.budget), "max")


def budget_of(thinking: Thinking) -> int | None:
    """The budget that was asked for: in tokens, or what the effort stands for; None where neither was."""
    if thinking.on is False or thinking.effort == "none":
        return 0
    if thinking.budget is not None:
        return thinking.budget
    return BUDGETS.get(thinking.effort or "")


def nearest(thinking: Thinking, effort: str, known: tuple[str, ...], notes: Notes) -> str:
    """The effort itself where it is known, else the next stronger one, else the strongest. What the client
    asked for by name, or turned off, is named then."""
    if effort in known:
        return effort
    at = EFFORTS.index(effort) if effort in EFFORTS else EFFORTS.index("medium")
    found = next((name for name in EFFORTS[at:] if name in known), known[-1])
    if effort == "none":
        notes.drop("thinking off (this model always thinks)")
    elif thinking.effort is not None:
        notes.drop(f"effort {effort[:20]} ({found} instead)")
    return found
