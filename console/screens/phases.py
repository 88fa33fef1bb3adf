"""Where the time of a call went: in the gateway, waiting for the first byte, in the stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.present import NOTHING, instant, is_hit, milliseconds, rate
from console.screens.sheet import Sheet
from console.shapes import Call
from console.widgets.bars import Mark, bar
from console.widgets.ink import Line, Span, fitting

GATEWAY, WAITING, STREAM = "chart-3", "chart-2", "chart-1"
EDGE = "▏"


@dataclass(frozen=True, slots=True)
class Phases:
    """Milliseconds that add up to the whole so far. None: there was no such phase, or it is not known yet."""

    gateway: float | None
    waiting: float | None
    stream: float | None
    running: bool = False

    @property
    def whole(self) -> float:
        return sum(each or 0.0 for each in (self.gateway, self.waiting, self.stream))


def phases(call: Call, now: datetime) -> Phases:
    """What the gateway took, before and after the provider, counts as one; of a running call it is not known
    and stands under waiting. An answer from our own cache is the gateway's alone."""
    if call.status == "open":
        so_far = max(0.0, (now - instant(call.started_at)).total_seconds() * 1_000)
        first = call.first_byte_ms
        if first is None:
            return Phases(None, so_far, None, running=True)
        return Phases(None, min(first, so_far), max(0.0, so_far - first), running=True)
    whole, gateway = call.duration_ms or 0.0, min(call.overhead_ms or 0.0, call.duration_ms or 0.0)
    if is_hit(call.cache):
        return Phases(whole, None, None)
    if call.first_byte_ms is None or gateway >= whole:
        rest = whole - gateway
        return Phases(gateway, rest if rest > 0 else None, None)
    waiting = max(0.0, min(call.first_byte_ms, whole) - gateway)
    return Phases(gateway, waiting, max(0.0, whole - gateway - waiting))


class Timeline(Sheet):
    """A bar over its whole width, and the numbers below."""

    def __init__(self) -> None:
        super().__init__("time", id="time")
        self._call: Call | None = None
        self._phases = Phases(None, None, None)
        self.put(((), ()))

    def show(self, call: Call, now: datetime) -> None:
        found = phases(call, now)
        if (call, found) != (self._call, self._phases):
            self._call, self._phases = call, found
            self.redraw()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        if self._call is None:
            return ()
        room = width - 2
        numbers = fitting(told(self._phases, self._call), room, ("   ", ""))
        return [[(" ", "text"), *timeline(self._phases, room)], [(" ", "text"), *numbers]]


def timeline(found: Phases, width: int) -> list[Span]:
    """The phases as shares of the whole, an edge between them: colours alone tell nothing."""
    whole = found.whole or 1.0
    parts = ((found.gateway, GATEWAY), (found.waiting, WAITING), (found.stream, STREAM))
    fills = [(amount / whole, ink) for amount, ink in parts if amount]
    ends = [sum(share for share, _ in fills[: at + 1]) for at in range(len(fills) - 1)]
    return bar(width, fills, tuple(Mark(end, EDGE, "ground") for end in ends))


def told(found: Phases, call: Call) -> list[Line]:
    """Each phase with its number, the whole last."""
    going = " …" if found.running else ""
    waits = found.running and found.stream is None
    pace = NOTHING if is_hit(call.cache) else rate(call.output_tokens, call.duration_ms, call.first_byte_ms)
    if found.running and found.stream:
        pace = f"{call.output_tokens / found.stream * 1_000:,.0f}" if call.output_tokens else NOTHING
    speed = f" · {pace} tok/s" if pace != NOTHING else ""
    return [
        _phase("gateway", milliseconds(found.gateway), GATEWAY),
        _phase("to first byte", milliseconds(found.waiting) + (going if waits else ""), WAITING),
        _phase("stream", milliseconds(found.stream) + (going if found.stream else "") + speed, STREAM),
        [("whole ", "muted"), (milliseconds(found.whole) + going, "bold text")],
    ]


def _phase(name: str, text: str, ink: str) -> Line:
    return [("▆ ", ink), (f"{name} ", "muted"), (text, "text")]
