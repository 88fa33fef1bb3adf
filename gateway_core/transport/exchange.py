"""One request's answer on its way from the connection that receives it to the caller who reads it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from gateway_core.transport.trouble import Trouble

HIGH_WATER = 256 * 1024
"""Bytes that may wait for the caller before the socket is no longer read."""

Fields = list[tuple[bytes, bytes]]
Sink = Callable[[bytes, bool], bool]
"""Takes a piece of a body, told whether it is the last. False: the reader has to see to something first."""


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
        "_raised",
        "_seconds",
        "_sink",
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
        self._sink: Sink | None = None
        self._seconds: float | None = None
        """Time limit from piece to piece while a sink takes them."""
        self._raised: BaseException | None = None
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
        if self._sink is not None and self._chunks and self._handed(self._sink):
            return
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
        return self._taken()

    async def pour(self, sink: Sink, seconds: float | None, idle: float | None) -> bool:
        """Hands the body to `sink` piece by piece, each in the moment in which it comes and without a task's
        turn. True at its end, False as soon as the sink takes no more for now.

        seconds, idle: within which the next piece has to come, and those after it. Raises what `read` does,
        and what the sink raises.
        """
        self._seconds = idle
        while True:
            if self._chunks:
                if not sink(self._taken(), self.complete):
                    return False
                seconds = idle
            elif self.complete:
                return True
            elif self.trouble is not None:
                raise self.trouble
            else:
                self._sink = sink
                await self._wait(seconds)
                if self._turned_away():
                    return False

    def _handed(self, sink: Sink) -> bool:
        """Hands on what has come; whether that is all, and its reader may sleep on."""
        try:
            more = sink(self._taken(), self.complete)
        except BaseException as error:
            # The reader's own failure, which is raised in its frame: the connection goes on without it.
            self._raised, more = error, False
        if not more:
            self._sink = None
            return False
        if self.complete or self.trouble is not None:
            return False
        self._line.watch(self._seconds)
        return True

    def _turned_away(self) -> bool:
        """Whether the sink took no more while its reader slept. Raises what it raised."""
        raised, self._raised = self._raised, None
        if raised is not None:
            raise raised
        sink, self._sink = self._sink, None
        return sink is None

    def _taken(self) -> bytes:
        """All that waits for the caller, who now has it."""
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
            self._sink = None
            self.abandon()
            raise
        finally:
            self._waiter = None
            # A connection whose answer is complete may already serve somebody else.
            if not self.complete:
                self._line.unwatch()
