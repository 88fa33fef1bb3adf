"""A process that is measured: the console on the seeded story, told so many events at so many a second.

`python -m benchmarks.console.told COUNT RATE RESULT`: the file gets what the console had counted in the end.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio

from benchmarks.console import events
from console.app import Console
from console.events import read_events
from console.feed import KEPT_CALLS, Feed
from console.gateway import GatewayHandle
from console.quiet import log_to
from console.screens.desk import Desk
from console.shapes import Calls, Event
from console.theme import shipped
from tests.screens.story import Story

_AFTERWARDS = 1.0


class Told(Story):
    """The story, with events of its own: `count` of them at `rate` a second."""

    def __init__(self, count: int, rate: float) -> None:
        super().__init__()
        self.count = count
        self.rate = rate
        self.told = 0
        self.over = anyio.Event()

    async def calls(self, limit: int = 200, **_: Any) -> Calls:
        """The latest of those that have been settled, as a gateway answers."""
        latest = range(self.told // 2 - 1, max(-1, self.told // 2 - 1 - limit), -1)
        return Calls(calls=tuple(events.settled(call) for call in latest), in_flight=())

    async def events(self, last_id: int | None = None) -> AsyncIterator[Event]:
        async for event in read_events(events.paced(self.count, self.rate)):
            self.told = event.id
            yield event
        await anyio.sleep(_AFTERWARDS)
        self.over.set()
        await anyio.sleep_forever()


def main(count: int, rate: float, result: Path) -> None:
    """Runs until all has been told, writes what the console knows then, and ends."""
    log_to(None)
    told = Told(count, rate)
    source: Any = told
    feed = Feed(source, lambda: datetime.now().astimezone())
    app = Console(Desk(GatewayHandle("http://127.0.0.1:4141", "secret"), source, feed), themes=(shipped(),))

    async def end() -> None:
        await told.over.wait()
        app.exit(0)

    app.call_later(lambda: app.run_worker(end()))
    app.run()
    snap = feed.tick()
    result.write_text(json.dumps(_counted(snap.calls, snap.in_flight, count // 2)), encoding="utf-8")


def _counted(ended: tuple[Any, ...], flying: tuple[Any, ...], calls: int) -> dict[str, bool]:
    kept = min(calls, KEPT_CALLS)
    newest = [call.id for call in ended] == [f"c{calls - 1 - at:012}" for at in range(kept)]
    return {"rows": newest, "none open": not flying, "sum": _sum(ended) == events.COST * kept}


def _sum(ended: tuple[Any, ...]) -> Decimal:
    return sum((call.cost_usd for call in ended), Decimal(0))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
