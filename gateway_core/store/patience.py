"""One timer for many waiters: fails those that wait too long, at the cost of one for each."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

LOOK = 0.25
"""Seconds between two looks at who still waits."""


class Patience:
    """Futures that are failed `seconds` after they were watched (LOOK later at the most)."""

    def __init__(self, seconds: float, error: Callable[[], Exception]) -> None:
        self._seconds = seconds
        self._error = error
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._looking_in: asyncio.AbstractEventLoop | None = None

    def watch(self, future: asyncio.Future[None]) -> None:
        """Fails the future in time, unless it is done by then."""
        loop = future.get_loop()
        self._waiting.append((loop.time() + self._seconds, future))
        if self._looking_in is not loop:
            self._looking_in = loop
            loop.call_later(LOOK, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        while self._waiting:
            until, future = self._waiting[0]
            if not future.done() and until > now:
                break
            self._waiting.popleft()
            if not future.done():
                future.set_exception(self._error())
        if self._waiting:
            loop.call_later(LOOK, self._look, loop)
        elif self._looking_in is loop:
            self._looking_in = None
