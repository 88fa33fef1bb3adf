"""Routing: what was asked, what was served, why, and what that saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import ClassVar

from console.panels.base import Panel, message
from console.panels.words import BLOCKED, short_model, why_refused
from console.present import NOTHING, clock, is_hit, usd_call
from console.shapes import Decision
from console.snapshot import Snapshot
from console.widgets.ink import Line, fit

_Model = tuple[tuple[Decision, ...], tzinfo | None]
_SAVED = 10
SEEN = 500


class RoutingPanel(Panel):
    NAME: ClassVar[str] = "routing"
    PAGE: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._seen: tuple[object, object] = (None, None)

    def view(self, snap: Snapshot) -> _Model | None:
        if snap.decisions is None:
            return None
        known: _Model | None = self._model
        if known is not None and self._seen[0] is snap.decisions and self._seen[1] is snap.calls:
            return known
        self._seen = snap.decisions, snap.calls
        # What refused a call is not what chose its model.
        refusals = {call.id: call.error for call in snap.calls[:SEEN] if call.outcome == "refused"}
        told = (
            replace(one, reason=why_refused(refusals.get(one.id) or one.reason)) for one in snap.decisions
        )
        return tuple(told), snap.now.tzinfo

    def subtitle(self, model: _Model) -> str:
        return "asked → served · why · saved"

    def paint(self, model: _Model, width: int, height: int) -> Sequence[Line]:
        decisions, zone = model
        if not decisions:
            return message(width, height, [("no calls yet", "muted")])
        shown = decisions[:height]
        asked = min(max(len(short_model(one.asked)) for one in shown), max(8, width // 4))
        served = min(max(len(_served(one)[1]) for one in shown), max(8, width // 4))
        return [_row(one, zone, asked, served, width) for one in shown]


def _row(one: Decision, zone: tzinfo | None, asked: int, served: int, width: int) -> Line:
    glyph, text, ink = _served(one)
    saved = f"+{usd_call(one.saved_usd)}" if one.saved_usd > 0 else NOTHING
    reason = width - 9 - asked - 3 - served - 2 - _SAVED
    return [
        (clock(one.at, zone) + " ", "faint"),
        (fit(short_model(one.asked), asked), "text"),
        (f" {glyph} ", ink),
        (fit(text, served) + "  ", ink),
        (fit(one.reason, reason), "muted"),
        (fit(saved, _SAVED, ">"), "saved" if one.saved_usd > 0 else "faint"),
    ]


def _served(one: Decision) -> tuple[str, str, str]:
    """The glyph, the words and the ink of what answered."""
    if one.outcome == "refused":
        return BLOCKED, "refused", "blocked"
    if is_hit(one.cache):
        return "→", "cache semantic" if one.cache == "semantic" else "cache exact", "saved"
    if one.model != one.asked and one.route:
        return "→", short_model(one.model), "routed"
    if one.model != one.asked:
        return "=", short_model(one.model), "text"
    return "=", "as asked", "muted"
