"""What stays in the scrollback when the screen is gone: the day, its dearest call, budgets in need. Pure."""

from __future__ import annotations

from console.panels.words import need, needs_you, short_model
from console.present import counted, percent, plain, usd, usd_call
from console.shapes import Call
from console.snapshot import Snapshot

MOST = 3
"""Budgets that are named."""


def closing_line(snap: Snapshot) -> str:
    """At most three lines; '' where nothing is known yet."""
    summary = snap.summary
    if summary is None:
        return ""
    saved = f"saved {usd(summary.saved_today_usd)} ({percent(summary.saved_share)})"
    day = f"today {usd(summary.today_usd)} · {saved} · {counted(summary.calls_today, 'call')}"
    return "\n".join(filter(None, (day, _dearest(snap.calls), _budgets(snap))))


def _dearest(calls: tuple[Call, ...]) -> str:
    call = max(calls, key=lambda each: each.cost_usd, default=None)
    if call is None or not call.cost_usd:
        return ""
    cost = usd_call(call.cost_usd, estimated=call.certainty == "estimated")
    told = f"{cost} · {short_model(plain(call.model))} · {call.id}"
    return f"dearest of the last {counted(len(calls), 'call')}: {told}"


def _budgets(snap: Snapshot) -> str:
    found = sorted(filter(needs_you, snap.budgets or ()), key=need)
    named = [f"{plain(each.name)} {percent(each.share)}" for each in found[:MOST]]
    more = [f"{len(found) - MOST} more"] * (len(found) > MOST)
    return "needs you: " + ", ".join([*named, *more]) if named else ""
