"""Identical calls: whoever waits gets what comes, or is the next to go."""

from __future__ import annotations

import asyncio

import pytest

from gateway_core.model.usage import Usage
from gateway_core.pipeline.flights import Flights
from gateway_core.store.cache import CachedAnswer

pytestmark = pytest.mark.anyio
ANSWER = CachedAnswer(200, (), b"yes", (), Usage(), 5, "m", "p", None)


async def test_all_that_wait_get_the_answer() -> None:
    flights = Flights()
    leader = flights.begin(b"k")
    assert leader is not None
    assert flights.begin(b"k") is None
    assert flights.find(b"k") is leader
    waiting = [asyncio.ensure_future(leader.arrival()) for _ in range(5)]  # noqa: TID251
    await asyncio.sleep(0)
    waiting[0].cancel()
    flights.end(leader, ANSWER)
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert found[1:] == [ANSWER] * 4
    assert flights.find(b"k") is None


async def test_one_of_those_that_get_none_goes_next() -> None:
    flights = Flights()
    sent: list[int] = []

    async def call(number: int) -> CachedAnswer | None:
        while (flight := flights.find(b"k")) is not None:
            if (found := await flight.arrival()) is not None:
                return found
        mine = flights.begin(b"k")
        assert mine is not None
        sent.append(number)
        await asyncio.sleep(0.01)
        answer = ANSWER if len(sent) == 3 else None
        flights.end(mine, answer)
        return answer

    found = await asyncio.gather(*(call(number) for number in range(6)))
    assert sent == [0, 1, 2]
    assert found == [None, None, ANSWER, ANSWER, ANSWER, ANSWER]


async def test_an_ended_flight_does_not_end_the_next_one() -> None:
    flights = Flights()
    first = flights.begin(b"k")
    assert first is not None
    flights.end(first, None)
    second = flights.begin(b"k")
    assert second is not None
    flights.end(first, ANSWER)
    assert flights.find(b"k") is second
