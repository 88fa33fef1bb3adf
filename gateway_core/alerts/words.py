"""What an alert says: one sentence for a person, from the facts of its event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from gateway_core.model.events import EventKind

Facts = Mapping[str, Any]


def sentence(kind: EventKind, facts: Facts, now: datetime, tz: tzinfo) -> str:
    """The sentence of an event. Events that bring a `text` of their own have it already."""
    if "text" in facts:
        return str(facts["text"])
    words = _SENTENCES.get(kind)
    return words(facts, now, tz) if words else str(kind)


def _mark(facts: Facts, now: datetime, tz: tzinfo) -> str:
    budget, mark = facts["budget"], facts["mark"]
    spent = f"{amount(facts, 'spent')} of {amount(facts, 'limit')} spent"
    resets = facts.get("resets_at")
    until = f", resets {moment(resets, now, tz)}" if resets else ""
    passed = "is used up" if mark == 100 else f"has reached {mark} %"
    return f"budget {budget} {passed}: {spent}{until}"


def _landing(facts: Facts, now: datetime, tz: tzinfo) -> str:
    when = moment(facts["breaks_at"], now, tz)
    spent = f"{amount(facts, 'spent')} of {amount(facts, 'limit')} spent"
    return f"budget {facts['budget']} crosses 100 % on {when} at this pace: {spent} by now"


def _excess(facts: Facts, now: datetime, tz: tzinfo) -> str:
    of = f" under {', '.join(map(str, facts['budgets']))}" if facts.get("budgets") else ""
    return f"call {facts['id']} cost ${dollars(facts['excess_usd'])} more than was held for it{of}"


_SENTENCES: Mapping[EventKind, Callable[[Facts, datetime, tzinfo], str]] = {
    EventKind.BUDGET_ALERT: _mark,
    EventKind.BUDGET_LANDING: _landing,
    EventKind.BUDGET_EXCESS: _excess,
}


def amount(facts: Facts, what: str) -> str:
    """`spent` or `limit` of a budget in its unit."""
    if facts.get("unit") == "tokens":
        return f"{int(facts[f'{what}_tokens']):,} tokens"
    return f"${dollars(facts[f'{what}_usd'])}"


def dollars(text: str) -> str:
    """An exact amount for people: cents, and two digits of what is less than a cent."""
    value = Decimal(text)
    if value and abs(value) < Decimal("0.01"):
        return f"{value:.2g}" if value >= Decimal("0.0001") else f"{value:f}"
    return f"{value:,.2f}"


def moment(at: str, now: datetime, tz: tzinfo) -> str:
    """An instant of the next days in local words: 'Thursday 15:00', with its date beyond the coming week."""
    local = datetime.fromisoformat(at).astimezone(tz)
    days = (local.date() - now.astimezone(tz).date()).days
    date = f" {local.day} {local:%B}" if not 0 <= days < 7 else ""
    year = f" {local.year}" if local.year != now.astimezone(tz).year else ""
    return f"{local:%A}{date}{year} {local:%H:%M}"
