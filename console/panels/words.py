"""Words that several panels share: short model names, marks and inks of calls and budgets. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from console.present import matched, usd_limit
from console.shapes import Budget, Call, Panic

_DATE = re.compile(r"[-@](20\d{6}|20\d\d-\d\d-\d\d)\b")
_FAMILY = re.compile(r"^(?:models/)?(?:claude-)?")
_CODE = re.compile(r"^[a-z_]+: ")
_BAD = {"failed", "refused"}

LIVE = "●"
BLOCKED = "✗"
CANCELLED = "◌"
RECOVERED = "!"


def short_model(name: str) -> str:
    """'claude-opus-4-5-20251101' → 'opus-4-5'; the date and the family that everybody knows left out."""
    return _FAMILY.sub("", _DATE.sub("", name)) or name


def why_refused(error: str) -> str:
    """'budget_spent: budget web is …' → 'budget web is …'; the code is for programs."""
    return _CODE.sub("", error)


def who(call: Call) -> str:
    """The user of a call, else the token it came with."""
    return call.tags.get("user") or call.token or "–"


def mark(call: Call) -> tuple[str, str]:
    """The glyph and the ink that say how a call stands."""
    if call.status == "open":
        return LIVE, "live"
    if call.outcome in _BAD:
        return BLOCKED, "blocked"
    if call.outcome == "cancelled":
        return CANCELLED, "muted"
    if call.outcome == "recovered":
        return RECOVERED, "warn"
    return " ", "text"


def mode_ink(mode: str | None) -> str:
    return mode if mode in ("vibing", "building") else "muted"


def budget_ink(budget: Budget) -> str:
    return {"over": "alert", "warn": "warn"}.get(budget.state, "saved")


def budget_fill(budget: Budget) -> str:
    """The colour of a bar, which need not be read as text."""
    return {"over": "fill-over", "warn": "fill-warn"}.get(budget.state, "fill-ok")


def budget_mark(budget: Budget) -> str:
    """What stands beside the colour: '‼' over, '!' at the mark."""
    return {"over": "‼", "warn": "!"}.get(budget.state, " ")


def landing_share(budget: Budget) -> float | None:
    """Where the budget ends at this pace, as a share of its limit."""
    if budget.lands_usd is None or not budget.in_force_usd:
        return None
    return float(budget.lands_usd / budget.in_force_usd)


def held_share(budget: Budget) -> float:
    if budget.in_force_usd:
        return float(budget.held_usd / budget.in_force_usd)
    return budget.held_tokens / budget.in_force_tokens if budget.in_force_tokens else 0.0


def need(budget: Budget) -> tuple[int, float]:
    """Sorts budgets by who needs you: over, then landing over, then at the mark, then by share."""
    lands = landing_share(budget) or 0.0
    rank = 0 if budget.state == "over" else 1 if lands > 1 else 2 if budget.state == "warn" else 3
    return rank, -budget.share


def needs_you(budget: Budget) -> bool:
    return need(budget)[0] < 3


def panic_words(panic: Panic) -> str:
    """'nothing that costs is sent', 'user=ana: only the cheapest models'."""
    told = "nothing that costs is sent" if panic.restraint == "stop" else "only the cheapest models"
    return f"{matched(panic.match)}: {told}" if panic.match else told


def plain_dollars(amount: Decimal) -> str:
    """The limit beside an amount: '100', '62.50', '0.0002'."""
    return usd_limit(amount).removeprefix("$")
