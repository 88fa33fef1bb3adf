"""What stands beside a call's own row: its earlier tries, and later words on its cost and mode. Pure."""

from __future__ import annotations

from datetime import tzinfo

from console.panels.words import mode_ink, why_refused
from console.present import clock, day, instant, usd_call
from console.shapes import Attempt, Call, Correction, Relabel
from console.widgets.ink import Line, fit


def afterwards(call: Call, zone: tzinfo | None) -> list[Line]:
    """Tries in their order, then words on cost and on mode in theirs; nothing where there are none."""
    tries = [_try(each, zone) for each in call.earlier]
    if tries:
        tries.append(_last(call, zone))
    words = (
        *(_word(each, zone) for each in call.corrections),
        *(_mode(each, zone) for each in call.relabels),
    )
    return [*tries, *words]


def _try(one: Attempt, zone: tzinfo | None) -> Line:
    status = f" {one.http_status}" if one.http_status else ""
    cost = [(f"  {usd_call(one.cost_usd)} {one.certainty}", "spend")] if one.cost_usd else []
    return [
        (fit(f"try {one.number}", 7), "muted"),
        (f"{clock(one.started_at, zone)} ", "faint"),
        (f"{one.provider}/{one.model}", "text"),
        *cost,
        (f"  ✗{status} {why_refused(one.error)}", "blocked"),
    ]


def _last(call: Call, zone: tzinfo | None) -> Line:
    ended = f"  {call.outcome or 'under way'}"
    return [
        (fit(f"try {len(call.earlier) + 1}", 7), "muted"),
        (f"{clock(call.finished_at, zone) if call.finished_at else '…':<8} ", "faint"),
        (f"{call.provider}/{call.model}", "text"),
        (ended, "saved" if call.outcome == "ok" else "muted"),
    ]


def _mode(one: Relabel, zone: tzinfo | None) -> Line:
    at = f"{day(instant(one.at).astimezone(zone))} {clock(one.at, zone)}"
    return [
        ("labelled  ", "muted"),
        (f"{at} ", "faint"),
        (one.mode or "as it was written", f"bold {mode_ink(one.mode)}"),
        (f"  by {one.who}", "text"),
    ]


def _word(one: Correction, zone: tzinfo | None) -> Line:
    at = f"{day(instant(one.at).astimezone(zone))} {clock(one.at, zone)}"
    return [
        ("corrected ", "muted"),
        (f"{at} ", "faint"),
        (f"{usd_call(one.before_usd)} → {usd_call(one.cost_usd)}", "bold spend"),
        (f"  by {one.who}: {one.why}", "text"),
    ]
