"""Routing: what was asked, what was served, why, and what that saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import ClassVar

from console.panels.base import Panel, message
from console.panels.words import BLOCKED, short_model, why_refused
from console.present import NOTHING, clock, is_hit, usd_call
from console.shapes import Call
from console.snapshot import Snapshot
from console.widgets.ink import Line, fit

_Model = tuple[tuple[Call, ...], tzinfo | None]
_SAVED = 10
_MOST_ROWS = 100
"""More than any screen has."""


class RoutingPanel(Panel):
    NAME: ClassVar[str] = "routing"
    PAGE: ClassVar[bool] = True

    def view(self, snap: Snapshot) -> _Model | None:
        if snap.summary is None and not snap.calls:
            return None
        latest = sorted(snap.calls[:_MOST_ROWS], key=lambda call: call.started_at, reverse=True)
        return tuple(latest), snap.now.tzinfo

    def subtitle(self, model: _Model) -> str:
        return "asked → served · why · saved"

    def paint(self, model: _Model, width: int, height: int) -> Sequence[Line]:
        shown, zone = model[0][:height], model[1]
        if not shown:
            return message(width, height, [("no calls yet", "muted")])
        asked = min(max(len(short_model(one.asked_model)) for one in shown), max(8, width // 4))
        served = min(max(len(_served(one)[1]) for one in shown), max(8, width // 4))
        return [_row(one, zone, asked, served, width) for one in shown]


def _row(one: Call, zone: tzinfo | None, asked: int, served: int, width: int) -> Line:
    glyph, text, ink = _served(one)
    saved = f"+{usd_call(one.saved_usd)}" if one.saved_usd > 0 else NOTHING
    reason = width - 9 - asked - 3 - served - 2 - _SAVED
    return [
        (clock(one.started_at, zone) + " ", "faint"),
        (fit(short_model(one.asked_model), asked), "text"),
        (f" {glyph} ", ink),
        (fit(text, served) + "  ", ink),
        (fit(_why(one), reason), "muted"),
        (fit(saved, _SAVED, ">"), "saved" if one.saved_usd > 0 else "faint"),
    ]


def _why(one: Call) -> str:
    """What refused a call, or answered it from memory, is not what chose its model."""
    if one.outcome == "refused":
        return why_refused(one.error or one.route_reason or "")
    if is_hit(one.cache):
        return "one alike was answered before" if one.cache == "semantic" else "the same was answered before"
    return one.route_reason or ""


def _served(one: Call) -> tuple[str, str, str]:
    """The glyph, the words and the ink of what answered."""
    if one.outcome == "refused":
        return BLOCKED, "refused", "blocked"
    if is_hit(one.cache):
        return "→", "cache semantic" if one.cache == "semantic" else "cache exact", "saved"
    if one.model != one.asked_model and one.route:
        return "→", short_model(one.model), "routed"
    if one.model != one.asked_model:
        return "=", short_model(one.model), "text"
    return "=", "as asked", "muted"
