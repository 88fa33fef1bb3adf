"""Identical calls at the same time: one of them is sent, the others wait for its answer."""

from __future__ import annotations

import asyncio

from gateway_core.store.cache import CachedAnswer


class Flight:
    """One call that is sent, and those that wait for what it brings."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self._waiting: list[asyncio.Future[CachedAnswer | None]] = []

    async def arrival(self) -> CachedAnswer | None:
        """What it brings; None where it failed, or its client left: then somebody else has to go."""
        reply: asyncio.Future[CachedAnswer | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(reply)
        return await reply

    def land(self, answer: CachedAnswer | None) -> None:
        for reply in self._waiting:
            if not reply.done():
                reply.set_result(answer)


class Flights:
    """Those that are under way, by the key of what they ask for. All of it in one event loop."""

    def __init__(self) -> None:
        self._flying: dict[bytes, Flight] = {}

    def find(self, key: bytes) -> Flight | None:
        """The flight of an identical call."""
        return self._flying.get(key)

    def begin(self, key: bytes) -> Flight | None:
        """This call goes, and others may wait for it. None where one is under way already."""
        if key in self._flying:
            return None
        flight = self._flying[key] = Flight(key)
        return flight

    def end(self, flight: Flight, answer: CachedAnswer | None) -> None:
        """It has ended. Those who wait and get no answer look again: the first of them goes next."""
        if self._flying.get(flight.key) is flight:
            del self._flying[flight.key]
        flight.land(answer)
