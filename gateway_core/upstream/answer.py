"""What a provider answered: status and headers at once, the body as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Protocol

import httpx

from gateway_core.transport import Body
from gateway_core.transport.exchange import Sink
from gateway_core.upstream.failure import UpstreamFailure
from gateway_core.upstream.headers import Fields, returned_headers

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

# Answers whose stock stream is being closed behind their reader's back; kept so that none is lost.
_closing: set[asyncio.Task[None]] = set()


class Source(Protocol):
    """Where a body comes from."""

    async def read(self) -> bytes:
        """What has come since the last call, at least one byte; b'' at the end. Raises httpx's errors."""

    async def pour(self, sink: Sink) -> bool:
        """Hands on piece by piece: True at the end, False as soon as the sink takes no more for now."""
        while piece := await self.read():
            if not sink(piece, False):
                return False
        return True

    def abort(self) -> None:
        """Ends the connection at once unless the answer has come whole."""

    async def aclose(self) -> None: ...


class Answer:
    """Its body is read once, by `read` or `chunks`, or thrown away by `abort`."""

    __slots__ = ("_host", "_source", "headers", "request_id", "status")

    def __init__(self, status: int, fields: Fields, source: Source, host: str) -> None:
        self._source = source
        self._host = host
        self.status = status
        self.headers: Fields
        """Names in lower case; without what was meant for one connection or for browsers."""
        self.request_id: str | None
        self.headers, self.request_id = returned_headers(fields)

    async def read(self, limit: int) -> bytes:
        """The whole body as it came, still in its content-encoding.

        Raises UpstreamFailure where it breaks off or is longer than `limit` bytes.
        """
        pieces: list[bytes] = []
        size = 0
        while piece := await self.piece():
            size += len(piece)
            if size > limit:
                self.abort()
                raise UpstreamFailure(
                    "broken", f"the answer of {self._host} is longer than {limit} bytes", sent=True
                )
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def piece(self) -> bytes:
        """The bytes of the body that have come since the last call, at least one; b'' at its end.

        Raises UpstreamFailure.
        """
        try:
            return await self._source.read()
        except httpx.TransportError as error:
            raise failure_of(error, self._host) from error

    async def pour(self, sink: Sink) -> bool:
        """Hands the body to `sink` piece by piece, each in the moment in which it comes, and tells it of one
        that is surely the last. True at the end, False as soon as the sink takes no more for now.

        Raises UpstreamFailure, and what the sink raises.
        """
        try:
            return await self._source.pour(sink)
        except httpx.TransportError as error:
            raise failure_of(error, self._host) from error

    async def chunks(self) -> AsyncIterator[bytes]:
        """The pieces, one after the other. Raises UpstreamFailure."""
        while piece := await self.piece():
            yield piece

    def unwrapped(self, status: int, content_type: bytes, unwrap: Callable[[Source], Source]) -> None:
        """From now on an answer of another status, kind and length, whose body comes out of `unwrap`."""
        gone = (b"content-type", b"content-length")
        self.status = status
        self.headers = [each for each in self.headers if each[0] not in gone]
        self.headers.append((b"content-type", content_type))
        self._source = unwrap(self._source)

    def abort(self) -> None:
        """Ends the connection at once unless the answer has come whole. Does nothing the second time."""
        self._source.abort()

    async def aclose(self) -> None:
        """As `abort`, and waits until it is done."""
        await self._source.aclose()


class Stock(Source):
    """The body of an answer that came through httpx's own transport."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream
        self._pieces = aiter(stream)

    async def read(self) -> bytes:
        while (piece := await anext(self._pieces, None)) is not None:
            if piece:
                return piece
        return b""

    def abort(self) -> None:
        task = asyncio.get_running_loop().create_task(self._stream.aclose())
        _closing.add(task)
        task.add_done_callback(_closing.discard)

    async def aclose(self) -> None:
        await self._stream.aclose()


def source_of(response: httpx.Response) -> Source:
    """The body of a response, whichever transport it came through."""
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)
    return stream if isinstance(stream, Body) else Stock(stream)


def failure_of(error: httpx.TransportError, host: str) -> UpstreamFailure:
    """An error of httpx as a failure of the provider."""
    if isinstance(error, _NEVER_SENT):
        return UpstreamFailure("connect", f"no connection to {host}: {error}", sent=False)
    if isinstance(error, httpx.TimeoutException):
        return UpstreamFailure("timeout", f"{host} fell silent: {error}", sent=True)
    sent = not isinstance(error, httpx.LocalProtocolError)
    return UpstreamFailure("broken", f"{host}: {error}", sent=sent)
