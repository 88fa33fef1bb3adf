"""Events to whoever watches: bounded, resumable, and never able to hurt the one who publishes."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any

from gateway_core.clock import Clock, instant_text
from gateway_core.model.events import Event, EventKind

KEPT = 4096
log = logging.getLogger(__name__)

Data = Mapping[str, Any]


class Bus:
    """Keeps the last events in order. Watchers read at their own pace; one that falls behind by more
    than what is kept misses the oldest, and sees that by the gap in the ids."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: deque[tuple[int, datetime, EventKind, Data | Callable[[], Data]]] = deque(maxlen=KEPT)
        self._last_id = 0
        self._closed = False
        self._waiting: set[asyncio.Future[None]] = set()
        self.watchers = 0

    @property
    def last_id(self) -> int:
        return self._last_id

    def publish(self, kind: EventKind, data: Data | Callable[[], Data]) -> None:
        """Adds an event and wakes the watchers.

        data: or how to make it, from what no longer changes; nobody pays for it while nobody watches. It is
        kept as long as the event, so it must not hold a call.
        """
        self._last_id += 1
        self._events.append((self._last_id, self._clock.now(), kind, data))
        if self._waiting:
            self._wake()

    def say(self, level: str, message: str) -> None:
        """A sentence for the log and for whoever watches. level: info | warning | error."""
        log.log(logging.getLevelNamesMapping()[level.upper()], "%s", message)
        self.publish(EventKind.LOG, {"level": level, "message": message})

    def close(self) -> None:
        """Ends every watcher after what it has not read yet."""
        self._closed = True
        self._wake()

    async def watch(self, after: int | None = None) -> AsyncIterator[list[Event]]:
        """Events with an id above `after`, then those to come; each time all that came since the last time.
        None: only those to come."""
        seen = self._last_id if after is None or after > self._last_id else after
        self.watchers += 1
        try:
            while True:
                if events := self._later_than(seen):
                    seen = events[-1].id
                    yield events
                if seen >= self._last_id:
                    if self._closed:
                        return
                    await self._next()
        finally:
            self.watchers -= 1

    def _later_than(self, seen: int) -> list[Event]:
        missing = min(self._last_id - seen, len(self._events))
        return [_event(*self._events[-i]) for i in range(missing, 0, -1)]

    async def _next(self) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)

    def _wake(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)


def _event(number: int, at: datetime, kind: EventKind, data: Data | Callable[[], Data]) -> Event:
    return Event(number, instant_text(at), kind, data() if callable(data) else data)
