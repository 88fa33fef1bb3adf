"""What a person writes in the budget form, read and judged; and what a limit would mean. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from console.present import day, instant, percent, tokens, usd
from console.screens.desk import Draft
from console.shapes import Budget

WINDOWS = ("hour", "day", "week", "month", "total")
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
_WINDOW = re.compile(r"(hour|day|week|month|total|rolling:[1-9]\d*[mhd])\Z")
_KEY = re.compile(r"[A-Za-z0-9_.\-]{1,64}\Z")
_TOKENS = re.compile(r"([\d_,]+(?:\.\d+)?)\s*([kKmM])?\Z")
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000}
MOST_USD = Decimal("9000000000")


class Mistake(ValueError):
    """A field cannot be read: `field` is its id, the message what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def read_name(text: str, taken: Collection[str]) -> str:
    name = text.strip()
    if name in taken:
        raise Mistake("name", f"there is a budget {name!r} already")
    if not name:
        raise Mistake("name", "give it a name")
    if len(name) > 64:
        raise Mistake("name", "64 characters at most")
    return name


def read_match(text: str) -> dict[str, str]:
    """'project=web, user=ann' as pairs; nothing is everything."""
    match: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[,\s]+", text))):
        key, sign, value = part.partition("=")
        if not (_KEY.match(key) and sign and value):
            raise Mistake("match", f"{part!r}: write key=value, as project=web")
        match[key] = value
    return match


def read_dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text.strip().lstrip("$").replace(",", "").replace("_", ""))
    except InvalidOperation:
        raise Mistake("limit", "an amount in dollars, as 25 or 7.50") from None
    if not amount.is_finite() or amount <= 0 or amount > MOST_USD:
        raise Mistake("limit", "more than $0, and a sum that somebody has")
    return amount


def read_tokens(text: str) -> int:
    found = _TOKENS.match(text.strip())
    if not found:
        raise Mistake("limit", "a number of tokens, as 500k or 2M")
    count = Decimal(found[1].replace(",", "").replace("_", "")) * _SCALE[(found[2] or "").lower()]
    if not 0 < count < 2**53:
        raise Mistake("limit", "more than 0 tokens")
    return int(count)


def read_window(text: str) -> str:
    if not _WINDOW.match(text):
        raise Mistake("window", "hour, day, week, month, total or rolling:6h")
    return text


def read_alerts(text: str) -> tuple[int, ...]:
    try:
        marks = sorted({int(part.strip(" %")) for part in text.split(",") if part.strip()})
    except ValueError:
        raise Mistake("alerts", "percents, as 50, 80, 100") from None
    if any(not 1 <= mark <= 1_000 for mark in marks):
        raise Mistake("alerts", "percents from 1 on")
    return tuple(marks)


def consequence(draft: Draft, before: Budget | None, now: datetime) -> str:
    """What the limit would mean, from what is spent already: '83% → 66% · lasts to 30 Nov at this pace'."""
    if before is None:
        return "counted from the start of its window; known once it is saved"
    if (draft.match, draft.window) != (dict(before.match), before.window):
        return "another match or window: counted anew once it is saved"
    spent, limit = _position(draft, before)
    if not limit:
        return "another kind of limit: counted once it is saved"
    if spent >= limit:
        return f"would already be over: {_spent_of(draft, before)}; {AT_ONCE[draft.at_limit]} at once"
    share = percent(float(spent / limit))
    change = (
        f"{percent(before.share)} → {share}" if limit != _position(Draft.of(before), before)[1] else share
    )
    return " · ".join(filter(None, (change, _lasts(draft, before, spent, limit, now))))


def nudged(budget: Budget, by_percent: int) -> Draft:
    """The budget with its limit moved by so many percent, to whole cents or tokens, never to nothing."""
    draft = Draft.of(budget)
    factor = Decimal(100 + by_percent) / 100
    if draft.limit_usd is not None:
        moved = (draft.limit_usd * factor).quantize(Decimal("0.01"))
        return replace(draft, limit_usd=max(moved, Decimal("0.01")))
    return replace(draft, limit_tokens=max(1, int((draft.limit_tokens or 1) * factor)))


def _position(draft: Draft, before: Budget) -> tuple[Decimal, Decimal]:
    if draft.limit_usd is not None:
        return before.spent_usd, draft.limit_usd
    return Decimal(before.spent_tokens), Decimal(draft.limit_tokens or 0)


def _spent_of(draft: Draft, before: Budget) -> str:
    """'42.10 of 30.00 spent'."""
    if draft.limit_usd is not None:
        return f"{before.spent_usd:,.2f} of {draft.limit_usd:,.2f} spent"
    return f"{tokens(before.spent_tokens)} of {tokens(draft.limit_tokens or 0)} tokens used"


def _lasts(draft: Draft, before: Budget, spent: Decimal, limit: Decimal, now: datetime) -> str:
    if draft.limit_usd is None or before.lands_usd is None or before.resets_at is None:
        return ""
    resets = instant(before.resets_at).astimezone(now.tzinfo)
    if before.lands_usd <= limit:
        return f"lasts to its reset {_moment(resets, now)}"
    pace = (before.lands_usd - spent) / Decimal(max(1.0, (resets - now).total_seconds()))
    breaks = now + timedelta(seconds=float((limit - spent) / pace))
    return f"reached {_moment(breaks, now)} at this pace"


def _moment(when: datetime, now: datetime) -> str:
    return f"{when:%H:%M}" if when.date() == now.date() else f"{day(when)} {when:%H:%M}"


def window_words(window: str) -> str:
    """'this month', 'today', 'since it began', 'the last 6h'."""
    if window.startswith("rolling:"):
        return f"the last {window.removeprefix('rolling:')}"
    return {"day": "today", "total": "since it began"}.get(window, f"this {window}")


def limit_moment(budget: Budget, now: datetime) -> str:
    """When the limit is reached at this pace: 'at this pace: reached 29 Nov 05:00', or that it lasts."""
    if budget.share >= 1:
        return "the limit is used up"
    if budget.breaks_at is not None:
        return f"at this pace: reached {_moment(instant(budget.breaks_at).astimezone(now.tzinfo), now)}"
    if budget.lands_usd is not None and budget.limit_usd:
        share = percent(float(budget.lands_usd / budget.limit_usd))
        return f"at this pace: lands at {usd(budget.lands_usd)}, {share}"
    return ""
