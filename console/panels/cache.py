"""The caches: what our own exact one and the providers' prompt caches answer, and what that saves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from console.panels.base import Panel, message
from console.present import percent, tokens, usd
from console.shapes import CacheUse
from console.snapshot import RANGES, Snapshot
from console.widgets.bars import bar
from console.widgets.ink import Line, clip, fit

_Model = tuple[CacheUse, str]
_NAME = 10
_SAVED = 10


class CachePanel(Panel):
    NAME: ClassVar[str] = "cache"
    PAGE: ClassVar[bool] = True

    def view(self, snap: Snapshot) -> _Model | None:
        return None if snap.cache is None else (snap.cache, snap.range)

    def subtitle(self, model: _Model) -> str:
        return RANGES[model[1]]

    def paint(self, model: _Model, width: int, height: int) -> Sequence[Line]:
        use = model[0]
        looked_up = use.exact.hits + use.exact.misses
        if not looked_up and not use.provider.input_tokens:
            return message(width, height, [("nothing asked yet", "muted")], [(RANGES[model[1]], "faint")])
        rows = [
            _row("exact", use.exact.rate, usd(use.exact.saved_usd), looked_up > 0, width),
            _row(
                "prompt",
                use.provider.share,
                usd(use.provider.saved_usd),
                use.provider.input_tokens > 0,
                width,
            ),
        ]
        details: list[Line] = [
            [
                (
                    f"exact     {use.exact.hits:,} of {looked_up:,} calls · {use.exact.bypass:,} not asked",
                    "faint",
                )
            ],
            [(f"prompt    {_share_of(use)} input tokens", "faint")],
        ]
        total: Line = [
            ("saved ", "muted"),
            (usd(use.saved_total_usd), "bold saved"),
            (f" with routing {usd(use.routing_saved_usd)}", "muted"),
        ]
        rule: Line = [("─" * width, "line")]
        if height >= 6:
            rows += [clip(line, width) for line in details]
        elif height == 5:
            both = f"{use.exact.hits:,} of {looked_up:,} calls · {_share_of(use)} tokens"
            rows.append(clip([(both, "faint")], width))
        return [*rows, *([rule] if height >= 4 else []), clip(total, width)][:height]


def _row(name: str, share: float, saved: str, any_use: bool, width: int) -> Line:
    room = max(4, width - _NAME - _SAVED - 6)
    return [
        (fit(name, _NAME), "text"),
        *bar(room, [(share, "chart-1")]),
        (fit(percent(share) if any_use else "–", 6, ">"), "text"),
        (fit(saved, _SAVED, ">"), "saved"),
    ]


def _share_of(use: CacheUse) -> str:
    cached = tokens(use.provider.cached_tokens, narrow=True)
    return f"{cached} of {tokens(use.provider.input_tokens, narrow=True)}"
