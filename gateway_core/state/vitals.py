"""How providers and their models do just now: latency, pace, errors, load; measured call by call, fading."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from gateway_core.model.call import Target
from gateway_core.state.circuits import Circuits
from gateway_core.state.retrying import RetryBudget

MOST_TARGETS = 1000
SAMPLE = 31
"""Latest first bytes whose median is the latency."""
WEIGHT = 0.1
"""Of one call in a running mean."""
LATELY = 600.0
"""Seconds after which a latency is no longer known."""
ERRORS_HALVE = 60.0
"""Seconds without a call in which the error rate halves: a target that failed is worth another try."""


@dataclass(slots=True)
class Signs:
    """What is known of one target since the start. Times are monotonic seconds."""

    calls: int = 0
    errors: int = 0
    running: int = 0
    last: float = 0.0
    latencies: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLE))
    mean_ms: float | None = None
    """Of the first byte."""
    duration_ms: float | None = None
    tokens_per_second: float | None = None
    error_rate: float = 0.0


class Vitals:
    """Signs by target, at most a thousand; circuits and the retry budget beside them.

    now: monotonic seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._signs: dict[Target, Signs] = {}
        self.circuits = Circuits()
        self.retrying = RetryBudget()

    def latency_ms(self, target: Target) -> float | None:
        """Median of the latest first bytes; None where the target was not served lately."""
        signs = self._signs.get(target)
        if signs is None or not signs.latencies or self._now() - signs.last > LATELY:
            return None
        return median(signs.latencies)

    def error_rate(self, target: Target) -> float:
        """The share of late calls that failed by the provider's fault, 0.0 to 1.0."""
        signs = self._signs.get(target)
        if signs is None or not signs.error_rate:
            return 0.0
        fade: float = 0.5 ** ((self._now() - signs.last) / ERRORS_HALVE)
        return signs.error_rate * fade

    def running(self, target: Target) -> int:
        """Attempts at the target that have not ended."""
        signs = self._signs.get(target)
        return signs.running if signs else 0

    def open_seconds(self, provider_id: str, key_id: str, model: str | None = None) -> float | None:
        """None: its circuit is closed; else seconds until a call may see whether it is back."""
        return self.circuits.open_seconds((provider_id, key_id), self._now(), model)

    def all(self) -> dict[Target, Signs]:
        """What is known of every target."""
        return dict(self._signs)

    def began(self, target: Target) -> None:
        """An attempt is sent."""
        signs = self._signs.get(target)
        if signs is None:
            self._make_room()
            signs = self._signs[target] = Signs()
        signs.running += 1
        signs.last = self._now()

    def ended(
        self,
        target: Target,
        *,
        failed: bool | None,
        first_byte_ms: float | None = None,
        duration_ms: float = 0.0,
        output_tokens: int = 0,
    ) -> None:
        """An attempt has ended. failed: by the provider's fault; None: its client left, or we ended it."""
        signs = self._signs.get(target)
        if signs is None:
            return
        signs.running = max(0, signs.running - 1)
        signs.last = self._now()
        if failed is None:
            return
        signs.calls += 1
        signs.errors += failed
        signs.error_rate += WEIGHT * (failed - signs.error_rate)
        if failed or first_byte_ms is None:
            return
        signs.latencies.append(first_byte_ms)
        signs.mean_ms = _mean(signs.mean_ms, first_byte_ms)
        signs.duration_ms = _mean(signs.duration_ms, duration_ms)
        if output_tokens and duration_ms > 0:
            signs.tokens_per_second = _mean(signs.tokens_per_second, output_tokens * 1000 / duration_ms)

    def _make_room(self) -> None:
        """Lets the one go that was not called for the longest time."""
        if len(self._signs) >= MOST_TARGETS:
            idle = [each for each, signs in self._signs.items() if not signs.running] or list(self._signs)
            del self._signs[min(idle, key=lambda each: self._signs[each].last)]


def _mean(before: float | None, new: float) -> float:
    return new if before is None else before + WEIGHT * (new - before)
