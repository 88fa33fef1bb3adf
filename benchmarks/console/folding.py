"""A process that is measured: a million events through the feed, a tick each quarter of a thousand.

`python -m benchmarks.console.folding COUNT` prints JSON: microseconds of CPU an event, and the memory in
megabytes after EARLY of them and after all.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import anyio
import anyio.lowlevel

from benchmarks.console import events
from benchmarks.processes import resident_mb
from console.events import read_events
from console.feed import Feed
from console.shapes import Event
from tests.screens.story import Story

A_TICK = 250
EARLY = 100_000
"""Events after which all that is kept is full."""


class Poured(Story):
    """The story, with so many events as fast as they are taken, and a tick of the screen's clock between."""

    def __init__(self, count: int) -> None:
        super().__init__(empty=True)
        self.count = count
        self.feed: Feed | None = None
        self.early = 0.0
        self.over = anyio.Event()

    async def events(self, last_id: int | None = None) -> AsyncIterator[Event]:
        async for event in read_events(self._pieces()):
            yield event
        self.over.set()
        await anyio.sleep_forever()

    async def _pieces(self) -> AsyncIterator[bytes]:
        assert self.feed is not None
        for number, piece in enumerate(events.pieces(self.count, A_TICK)):
            yield piece
            self.feed.tick()
            await anyio.lowlevel.checkpoint()
            if number == EARLY // A_TICK:
                self.early = resident_mb([os.getpid()])


async def fold(count: int) -> dict[str, float]:
    """Folds them all; the figures."""
    source: Any = Poured(count)
    source.feed = feed = Feed(source, lambda: datetime.now(UTC))
    before = time.process_time()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(feed.run)
        await source.over.wait()
        tasks.cancel_scope.cancel()
    spent = time.process_time() - before
    return {"cpu_us": spent / count * 1e6, "early_mb": source.early, "late_mb": resident_mb([os.getpid()])}


if __name__ == "__main__":
    print(json.dumps(anyio.run(fold, int(sys.argv[1]))))
