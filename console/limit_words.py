"""Limits in words: windows, when they break, what raises, edits and alerts say. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from console.present import day, instant, percent, tokens, usd, usd_limit

if TYPE_CHECKING:
    from console.shapes import Budget, Edit, Event


def moment(when: datetime, now: datetime) -> str:
    """'15:00' of today, 'Thu 15:00' within a week, else '9 Dec 15:00'."""
    if when.date() == now.date():
        return f"{when:%H:%M}"
    soon = timedelta(0) < when - now < timedelta(days=6)
    return f"{when:%a %H:%M}" if soon else f"{day(when)} {when:%H:%M}"


def moment_of(at: str, now: datetime) -> str:
    """The same of an instant as an answer tells it."""
    return moment(instant(at).astimezone(now.tzinfo), now)


def breaks(budget: Budget, now: datetime) -> str | None:
    """The moment at which a limit that still holds is reached; None where there is none, or it has come."""
    if budget.breaks_at is None or budget.share >= 1:
        return None
    return moment_of(budget.breaks_at, now)


def window_words(window: str) -> str:
    """'this month', 'today', 'since it began', 'the last 6h', 'this week from Sunday'."""
    kind, _, first = window.partition(":")
    if kind == "rolling":
        return f"the last {first}"
    words = {"day": "today", "total": "since it began"}.get(kind, f"this {kind}")
    if not first:
        return words
    return f"{words} from {first.capitalize()}" if kind == "week" else f"{words} from day {first}"


def per(window: str) -> str:
    """A window as a column of a list says it: 'month', 'week Sun', 'month 15', 'last 6h'."""
    kind, _, first = window.partition(":")
    if kind == "rolling":
        return f"last {first}"
    return f"{kind} {first[:3].capitalize()}" if first else kind


def raise_words(budget: Budget, now: datetime) -> str:
    """'raised to $40 until 18:00'; nothing where the limit is its own."""
    if not budget.raised or budget.raised_until is None:
        return ""
    until = moment_of(budget.raised_until, now)
    if budget.in_force_usd is not None:
        return f"raised to {usd_limit(budget.in_force_usd)} until {until}"
    return f"raised to {tokens(budget.in_force_tokens or 0)} tokens until {until}"


def limit_moment(budget: Budget, now: datetime) -> str:
    """When the limit is reached: 'breaks Thu 15:00 at this pace', or where it lands."""
    if budget.share >= 1:
        return "the limit is used up"
    if (when := breaks(budget, now)) is not None:
        return f"breaks {when} at this pace"
    if not budget.spent_usd and not budget.spent_tokens:
        return "nothing is spent yet"
    if budget.lands_usd is not None and budget.in_force_usd:
        share = percent(float(budget.lands_usd / budget.in_force_usd))
        return f"lands at {usd(budget.lands_usd)} at this pace, {share}"
    return ""


def change_words(edit: Edit) -> str:
    """What an edit changed, in one line: 'web: limit_usd 60.00 → 75.00', 'new: web', '+3 −2 lines'."""
    told = _changed_lines(edit)
    if len(edit.names) == 1 and edit.names[0] not in told:
        return f"{edit.names[0]}: {told}"
    return told


def _changed_lines(edit: Edit) -> str:
    gone = [pair for line in edit.lines if line.startswith("-") and (pair := _pair(line))]
    came = [pair for line in edit.lines if line.startswith("+") and (pair := _pair(line))]
    before, after = dict(gone), dict(came)
    if len(before) < len(gone) or len(after) < len(came):
        names = [value for key, value in (came if len(came) > len(gone) else gone) if key == "name"]
        return ", ".join(names) or f"+{len(came)} −{len(gone)} lines"
    if before.keys() == after.keys() and before:
        return ", ".join(f"{key} {before[key]} → {after[key]}" for key in before)
    if "name" in after and "name" not in before:
        return f"new: {after['name']}"
    if "name" in before and "name" not in after:
        return f"gone: {before['name']}"
    if not before and after:
        return ", ".join(f"{key} {value}" for key, value in after.items())
    if before and not after:
        return ", ".join(f"no {key} ({value})" for key, value in before.items())
    return f"+{len(came)} −{len(gone)} lines"


def _pair(line: str) -> tuple[str, str] | None:
    key, sign, value = line[1:].partition("=")
    return (key.strip(), value.strip().strip('"')) if sign else None


def alert_words(event: Event, now: datetime) -> str:
    """An alert in a few words: 'web at 80%', 'web breaks Thu 15:00'; of other kinds its own sentence."""
    data = event.data
    if "budget" in data and "mark" in data:
        return f"{data['budget']} at {data['mark']}%"
    if event.kind == "budget.landing" and data.get("breaks_at"):
        return f"{data['budget']} breaks {moment_of(data['breaks_at'], now)}"
    return str(data["text"])
