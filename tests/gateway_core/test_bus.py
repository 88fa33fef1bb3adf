"""The bus: in order, resumable, bounded."""

from __future__ import annotations

import asyncio

import pytest

from gateway_core.bus import KEPT, Bus
from gateway_core.clock import Clock
from gateway_core.model.events import EventKind

pytestmark = pytest.mark.anyio


async def read(bus: Bus, after: int | None) -> list[int]:
    return [event.id async for events in bus.watch(after) for event in events]


async def test_a_watcher_sees_what_comes_and_ends_with_the_bus() -> None:
    bus = Bus(Clock())
    bus.publish(EventKind.LOG, {"message": "before"})
    watching = asyncio.create_task(read(bus, None))  # noqa: TID251 - ended in this test
    await asyncio.sleep(0)
    assert bus.watchers == 1
    for number in range(3):
        bus.publish(EventKind.LOG, {"message": str(number)})
    bus.close()
    assert await watching == [2, 3, 4]
    assert bus.watchers == 0


async def test_one_resumes_after_what_one_has_seen() -> None:
    bus = Bus(Clock())
    for number in range(5):
        bus.publish(EventKind.LOG, {"message": str(number)})
    bus.close()
    assert await read(bus, 3) == [4, 5]
    assert await read(bus, 0) == [1, 2, 3, 4, 5]


async def test_an_id_of_an_earlier_gateway_starts_afresh() -> None:
    bus = Bus(Clock())
    bus.publish(EventKind.LOG, {})
    bus.close()
    assert await read(bus, 900) == []


async def test_who_falls_behind_misses_the_oldest() -> None:
    bus = Bus(Clock())
    for _ in range(KEPT + 10):
        bus.publish(EventKind.LOG, {})
    bus.close()
    seen = await read(bus, 0)
    assert (seen[0], seen[-1], len(seen)) == (11, KEPT + 10, KEPT)


async def test_a_cancelled_watcher_leaves_nothing_behind() -> None:
    bus = Bus(Clock())
    watching = asyncio.create_task(read(bus, None))  # noqa: TID251 - ended in this test
    await asyncio.sleep(0)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert bus.watchers == 0
    bus.publish(EventKind.LOG, {})
