"""Where conversations are pinned: kept for a while after their last call, the longest unused let go first."""

from __future__ import annotations

from collections import OrderedDict

from gateway_core.rules.routing.staying import Pin

MOST = 20_000
"""Conversations that are remembered."""


class Pins:
    """Pins by conversation. Times are monotonic seconds."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[str, tuple[float, Pin]] = OrderedDict()

    def find(self, conversation: str, now: float, seconds: float) -> Pin | None:
        """The pin of a conversation whose last call is no longer ago than `seconds`."""
        found = self._kept.get(conversation)
        if found is None:
            return None
        at, pin = found
        if now - at > seconds:
            del self._kept[conversation]
            return None
        return pin

    def keep(self, conversation: str, pin: Pin, now: float) -> None:
        """A call of the conversation was served."""
        self._kept[conversation] = (now, pin)
        self._kept.move_to_end(conversation)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
