"""One request's answer on its way from the connection that receives it to the caller who reads it."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

from gateway_core.transport.trouble import Trouble

HIGH_WATER = 256 * 1024
"""Bytes that may wait for the caller before the socket is no longer read."""

Fields = list[tuple[bytes, bytes]]


class Line(Protocol):
    """What an exchange needs of the connection it runs on."""

    def watch(self, seconds: float | None) -> None:
        """From now on something has to arrive within `seconds`; None: no limit."""

    def unwatch(self) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def abort(self) -> None: ...


class Exchange:
    """Written by the connection, read by one caller.

    `status` is 0 until the head has come. An answer that is complete no longer needs its connection.
    """

    __slots__ = (
        "_chunks",
        "_line",
        "_waiter",
        "answered",
        "buffered",
        "complete",
        "fields",
        "paused",
        "status",
        "trouble",
    )

    def __init__(self, line: Line) -> None:
        self._line = line
        self._chunks: deque[bytes] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self.paused = False
        self.buffered = 0
        self.answered = False
        """Any byte of an answer has come."""
        self.status = 0
        self.fields: Fields = []
        self.complete = False
        self.trouble: Trouble | None = None

    def take(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self.buffered += len(chunk)

    def fail(self, trouble: Trouble) -> None:
        """Ends the exchange; what has come before is still read first."""
        if not self.complete and self.trouble is None:
            self.trouble = trouble
            self.wake()

    def wake(self) -> None:
        """Lets the caller see what has come, and stops the socket where that is too much."""
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
        if self.buffered > HIGH_WATER and not self.paused and not self.complete:
            self.paused = True
            self._line.pause()

    async def head(self, seconds: float | None) -> None:
        """Waits for status and fields. Raises Trouble."""
        while not self.status:
            if self.trouble is not None:
                raise self.trouble
            await self._wait(seconds)

    async def read(self, seconds: float | None) -> bytes:
        """The bytes of the body that have come since the last call, at least one; b'' at its end.

        Raises Trouble where the body breaks off or nothing comes for `seconds`.
        """
        while not self._chunks:
            if self.complete:
                return b""
            if self.trouble is not None:
                raise self.trouble
            await self._wait(seconds)
        chunks = self._chunks
        data = chunks.popleft() if len(chunks) == 1 else b"".join(chunks)
        chunks.clear()
        self.buffered = 0
        if self.paused:
            self.paused = False
            if not self.complete:
                self._line.resume()
        return data

    def abandon(self) -> None:
        """Nobody will read the rest: an answer that is not complete takes its connection with it."""
        self._chunks.clear()
        self.buffered = 0
        if not self.complete:
            self._line.abort()

    async def _wait(self, seconds: float | None) -> None:
        self._line.watch(seconds)
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        except asyncio.CancelledError:
            self.abandon()
            raise
        finally:
            self._waiter = None
            # A connection whose answer is complete may already serve somebody else.
            if not self.complete:
                self._line.unwatch()
