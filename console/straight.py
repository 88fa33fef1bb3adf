"""HTTP without TLS, straight over asyncio: a gateway of this machine is asked some ten times a second.

It is what httpx sends with. Its own way costs three times as much for each request, and takes longer to load
than all that is on the first screen.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

import httptools
import httpx

AHEAD = 1 << 18
"""Bytes of an answer that wait to be read before its sender has to."""
KEPT = 8
"""The most connections that stay open for later."""
_LENGTHS = frozenset({b"content-length", b"transfer-encoding"})


class Straight(httpx.AsyncBaseTransport):
    """Keeps connections open for the next request. Raises httpx.TransportError, as every transport does."""

    def __init__(self) -> None:
        self._open: set[_Connection] = set()
        """Those that have not ended, busy ones too: who closes waits for them."""
        self._idle: list[_Connection] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        # Who closes an idle connection may do so while a request is on its way: only a question is repeated.
        while request.method == "GET" and self._idle:
            connection = self._idle.pop()
            if connection.lost:
                connection.close()
                continue
            try:
                return await self._ask(connection, request, body)
            except httpx.RemoteProtocolError:
                continue
        connection = await _connected(request)
        self._open = {each for each in self._open if not each.ended.is_set()} | {connection}
        return await self._ask(connection, request, body)

    async def _ask(self, connection: _Connection, request: httpx.Request, body: bytes) -> httpx.Response:
        try:
            await connection.send(request, body)
        except BaseException:
            connection.close()
            raise
        stream = _Body(connection, self._idle)
        return httpx.Response(connection.status, headers=connection.headers, stream=stream)

    async def aclose(self) -> None:
        self._idle.clear()
        for connection in self._open:
            connection.close()
        for connection in self._open:
            await connection.ended.wait()
        self._open.clear()


class _Connection(asyncio.Protocol):
    """One connection, with one answer at a time."""

    def __init__(self) -> None:
        self.lost = False
        """Whether no other request can go over it."""
        self.ended = asyncio.Event()
        """Set once nothing more comes of it."""
        self.done = True
        """Whether the answer has come whole."""
        self.status = 0
        """Of the answer, 0 until its head is there."""
        self.headers: list[tuple[bytes, bytes]] = []
        self._patience: float | None = None
        """Seconds that it waits for more of an answer."""
        self._bodiless = False
        self._wrong: str | None = None
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._unbounded = False
        self._stirred = asyncio.Event()

    async def send(self, request: httpx.Request, body: bytes) -> None:
        """Sends a request; returns when the answer's head is there."""
        self._begin()
        self.done, self.status, self.headers = False, 0, []
        self._patience = request.extensions.get("timeout", {}).get("read")
        self._bodiless = request.method == "HEAD"
        self._transport.resume_reading()
        self._transport.write(_written(request, body))
        while not self.status:
            await self._more()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The answer's body as it comes."""
        while True:
            while self._pieces:
                piece = self._pieces.popleft()
                self._waiting -= len(piece)
                yield piece
            if self.done:
                return
            self._transport.resume_reading()
            await self._more()

    async def _more(self) -> None:
        if self._wrong or self.lost:
            raise httpx.RemoteProtocolError(self._wrong or "the answer broke off")
        self._stirred.clear()
        try:
            async with asyncio.timeout(self._patience):
                await self._stirred.wait()
        except TimeoutError:
            raise httpx.ReadTimeout("no answer came in time") from None

    def close(self) -> None:
        self.lost, self._unbounded = True, False
        self._transport.abort()

    # What asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._wrong, self.lost = f"this is no HTTP: {error}", True
        if self._waiting > AHEAD:
            self._transport.pause_reading()
        self._stirred.set()

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True
        self.done |= self._unbounded and error is None
        self.ended.set()
        self._stirred.set()

    # What the parser tells

    def on_message_begin(self) -> None:
        # Nobody has asked for a second one: a server says so that it has waited long enough.
        self.lost |= self.done

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.done:
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self.done:
            return
        status = self._parser.get_status_code()
        if status < 200:
            # A word ahead of the answer.
            self.headers = []
            return
        self.status = status
        self._unbounded = _LENGTHS.isdisjoint(name.lower() for name, _ in self.headers)
        if self._bodiless:
            # Its length is that of another answer, which the parser waits for.
            self.done = self.lost = True

    def on_body(self, piece: bytes) -> None:
        if not self.done:
            self._pieces.append(piece)
            self._waiting += len(piece)

    def on_message_complete(self) -> None:
        if self.status and not self.done:
            self.done = True
            self.lost |= not self._parser.should_keep_alive()


def _written(request: httpx.Request, body: bytes) -> bytes:
    """The request as it goes over the wire. Raises httpx.LocalProtocolError."""
    head = [b"%s %s HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    head += [b"%s: %s" % field for field in request.headers.raw]
    if any(b"\n" in line or b"\r" in line for line in head):
        raise httpx.LocalProtocolError("a header must be one line")
    return b"\r\n".join([*head, b"", body])


class _Body(httpx.AsyncByteStream):
    """An answer's body, and what becomes of its connection. idle: where one that may serve again is kept."""

    def __init__(self, connection: _Connection, idle: list[_Connection]) -> None:
        self._connection = connection
        self._idle = idle
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._connection.pieces():
            yield piece

    async def aclose(self) -> None:
        """Read to its end, the connection serves the next request; else nobody knows where that begins."""
        if self._closed:
            return
        self._closed = True
        self._idle[:] = [each for each in self._idle if not each.lost]
        if self._connection.done and not self._connection.lost and len(self._idle) < KEPT:
            self._idle.append(self._connection)
        else:
            self._connection.close()


async def _connected(request: httpx.Request) -> _Connection:
    """A new connection to where a request goes. Raises httpx.ConnectTimeout and ConnectError."""
    patience = request.extensions.get("timeout", {}).get("connect")
    url = request.url
    try:
        async with asyncio.timeout(patience):
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(_Connection, url.host, url.port or 80)
    except TimeoutError:
        raise httpx.ConnectTimeout("no connection came about in time") from None
    except (OSError, UnicodeError, OverflowError) as error:
        raise httpx.ConnectError(str(error)) from error
    return connection
