"""The connections to one origin: how many there may be, and which idle one the next request takes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from gateway_core.transport.connection import Connection
from gateway_core.transport.trouble import Kind, Trouble

Idle = Callable[[Connection], None]
Connect = Callable[[Idle, Idle], Awaitable[Connection]]
"""Opens a connection that tells by its two callbacks when it is idle and when it is gone."""

_SAFETY = 1.0
"""Seconds before the server's own limit at which an idle connection is no longer used."""


class Pool:
    """At most `most` connections, of which `most_idle` are kept for `keep_seconds` when nobody uses them.

    The connection that became idle last is taken first, so that the others may grow old and go.
    """

    def __init__(self, connect: Connect, *, most: int, most_idle: int, keep_seconds: float) -> None:
        self._connect = connect
        self._most = most
        self._most_idle = most_idle
        self._keep_seconds = keep_seconds
        self._loop = asyncio.get_running_loop()
        self._idle: list[Connection] = []
        self._all: set[Connection] = set()
        self._dialling = 0
        self._waiters: deque[asyncio.Future[Connection | None]] = deque()
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False

    async def acquire(
        self, *, connect_seconds: float | None, pool_seconds: float | None, fresh: bool = False
    ) -> Connection:
        """A connection on which a request may begin at once, before anything else is awaited.

        fresh: not one that has served before. Raises Trouble CONNECT, CONNECT_TIMEOUT or POOL_TIMEOUT.
        """
        while self._idle and not fresh:
            connection = self._idle.pop()
            if self._young(connection) and connection.usable():
                return connection
            connection.abort()
        while len(self._all) + self._dialling >= self._most:
            handed = await self._wait(pool_seconds)
            if handed is None:
                continue
            if handed.usable():
                return handed
            handed.abort()
        return await self._open(connect_seconds)

    async def aclose(self) -> None:
        """Ends all connections at once, also those in use."""
        self._closed = True
        self._idle.clear()
        for connection in tuple(self._all):
            connection.abort()
        if self._sweeper is not None:
            self._sweeper.cancel()
        # The loop tells a connection that it is gone in one of its next rounds; the sockets are closed then.
        for _ in range(10):
            if self._all:
                await asyncio.sleep(0)

    async def _open(self, seconds: float | None) -> Connection:
        self._dialling += 1
        try:
            connection = await self._dial(seconds)
        except BaseException:
            self._dialling -= 1
            self._hand_on(None)
            raise
        self._dialling -= 1
        self._all.add(connection)
        return connection

    async def _dial(self, seconds: float | None) -> Connection:
        try:
            async with asyncio.timeout(seconds):
                connection = await self._connect(self._became_idle, self._is_gone)
        except TimeoutError:
            raise Trouble(Kind.CONNECT_TIMEOUT, "no connection within the time limit") from None
        except (OSError, ValueError) as error:
            raise Trouble(Kind.CONNECT, str(error) or type(error).__name__) from error
        if self._closed or not connection.open:
            connection.abort()
            raise Trouble(Kind.CONNECT, "the connection was closed as soon as it was open")
        return connection

    async def _wait(self, seconds: float | None) -> Connection | None:
        """A connection that became idle, or None where there is room for a new one."""
        waiter: asyncio.Future[Connection | None] = self._loop.create_future()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                return await waiter
        except BaseException as error:
            if waiter in self._waiters:
                self._waiters.remove(waiter)
            elif not waiter.cancelled():
                # It was handed something in the same moment in which it gave up.
                self._give_back(waiter.result())
            if isinstance(error, TimeoutError):
                raise Trouble(Kind.POOL_TIMEOUT, f"all {self._most} connections stayed in use") from None
            raise

    def _give_back(self, handed: Connection | None) -> None:
        if handed is None:
            self._hand_on(None)
        else:
            self._became_idle(handed)

    def _hand_on(self, connection: Connection | None) -> bool:
        """Gives a connection, or with None the room for one, to who has waited longest."""
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return True
        return False

    def _became_idle(self, connection: Connection) -> None:
        if self._hand_on(connection):
            return
        if self._closed or len(self._idle) >= self._most_idle:
            connection.abort()
            return
        self._idle.append(connection)
        if self._sweeper is None:
            self._sweeper = self._loop.call_later(self._keep_seconds, self._sweep)

    def _is_gone(self, connection: Connection) -> None:
        if connection in self._idle:
            self._idle.remove(connection)
        if connection in self._all:
            self._all.remove(connection)
            self._hand_on(None)

    def _young(self, connection: Connection) -> bool:
        limit = self._keep_seconds
        if connection.keep_alive is not None:
            limit = min(limit, connection.keep_alive - _SAFETY)
        return self._loop.time() - connection.idle_since < limit

    def _sweep(self) -> None:
        self._sweeper = None
        for connection in [each for each in self._idle if not self._young(each)]:
            self._idle.remove(connection)
            connection.abort()
        if self._idle:
            self._sweeper = self._loop.call_later(self._keep_seconds, self._sweep)
