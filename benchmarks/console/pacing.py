"""Calls at a steady rate from a thread of their own, however long each takes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.load import Result, send_once
from benchmarks.places import Place


@contextmanager
def paced(place: Place, rate: float, seconds: float) -> Iterator[list[float]]:
    """So many calls a second for so long, beside what the context does. The list holds the seconds that each
    took once the context is left; it is left when the last has ended."""
    times: list[float] = []
    sending = threading.Thread(target=lambda: times.extend(asyncio.run(_send(place, rate, seconds))))
    sending.start()
    try:
        yield times
    finally:
        sending.join()


async def _send(place: Place, rate: float, seconds: float) -> list[float]:
    result, begun = Result(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(round(rate * seconds)):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            group.create_task(send_once(place.url, place.request(), result))
    return result.whole
