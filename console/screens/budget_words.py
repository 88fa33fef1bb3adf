"""What a limit means in words: at its window, at its end, and what an edit of it would do. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from console.limit_words import moment
from console.present import instant, percent, tokens
from console.screens.draft import Draft
from console.shapes import Budget

WINDOWS = ("hour", "day", "week", "month", "total", "rolling")
AT_LIMIT = ("alert", "slow", "downgrade", "block_expensive", "block", "ask")
AT_LIMIT_HELP = {
    "alert": "tell me, and let calls through",
    "slow": "space calls out so that it lasts",
    "downgrade": "send calls to a cheaper model",
    "block_expensive": "refuse calls to the dear models",
    "block": "refuse calls",
    "ask": "hold calls and ask me here",
}
AT_ONCE = {
    "alert": "calls go through, and it says so",
    "slow": "calls are spaced out",
    "downgrade": "calls go to a cheaper model",
    "block_expensive": "calls to the dear models are refused",
    "block": "calls are refused",
    "ask": "calls wait for your answer",
}


def comparable(draft: Draft, standing: Budget | None) -> bool:
    """Whether what is known of the budget says what the draft would mean: it counts the same calls, over the
    same time, in the same unit."""
    if standing is None:
        return False
    same = (draft.match, draft.window) == (dict(standing.match), standing.window)
    return same and (draft.limit_usd is None) == (standing.limit_usd is None)


def consequence(draft: Draft, standing: Budget, now: datetime, before: Budget | None = None) -> str:
    """What a draft would mean at once: '83% → 66% · lasts to its reset 1 Dec', 'would already be over: …'.

    standing: what its window has already seen, see `comparable`; before: the budget that it replaces.
    """
    spent, limit = _position(draft, standing, now)
    if spent >= limit:
        return f"would already be over: {_spent_of(spent, limit, draft)}; {AT_ONCE[draft.at_limit]} at once"
    share = percent(float(spent / limit))
    if before is None:
        share = f"{_spent_of(spent, limit, draft)} so far, {share}"
    elif percent(before.share) != share:
        share = f"{percent(before.share)} → {share}"
    return " · ".join(filter(None, (share, _lasts(draft, standing, spent, limit, now))))


def nudged(budget: Budget, by_percent: int) -> Draft:
    """The budget with its limit moved by so many percent, to whole cents or tokens, never to nothing."""
    draft = Draft.of(budget)
    factor = Decimal(100 + by_percent) / 100
    if draft.limit_usd is not None:
        moved = (draft.limit_usd * factor).quantize(Decimal("0.01"))
        return replace(draft, limit_usd=max(moved, Decimal("0.01")))
    return replace(draft, limit_tokens=max(1, int((draft.limit_tokens or 1) * factor)))


def _position(draft: Draft, standing: Budget, now: datetime) -> tuple[Decimal, Decimal]:
    """What is used, and the limit that would be in force, a temporary one included."""
    raised = draft.raised_until is not None and instant(draft.raised_until) > now
    if draft.limit_usd is not None:
        limit = draft.raised_to_usd if raised and draft.raised_to_usd is not None else draft.limit_usd
        return standing.spent_usd, limit
    most = draft.raised_to_tokens if raised and draft.raised_to_tokens is not None else draft.limit_tokens
    return Decimal(standing.spent_tokens), Decimal(most or 0)


def _spent_of(spent: Decimal, limit: Decimal, draft: Draft) -> str:
    """'42.10 of 30.00 spent'."""
    if draft.limit_usd is not None:
        return f"{spent:,.2f} of {limit:,.2f} spent"
    return f"{tokens(int(spent))} of {tokens(int(limit))} tokens used"


def _lasts(draft: Draft, before: Budget, spent: Decimal, limit: Decimal, now: datetime) -> str:
    if draft.limit_usd is None or before.lands_usd is None or before.resets_at is None:
        return ""
    resets = instant(before.resets_at).astimezone(now.tzinfo)
    if before.lands_usd <= limit:
        return f"lasts to its reset {moment(resets, now)}"
    pace = (before.lands_usd - spent) / Decimal(max(1.0, (resets - now).total_seconds()))
    breaks = now + timedelta(seconds=float((limit - spent) / pace))
    return f"breaks {moment(breaks, now)} at this pace"
