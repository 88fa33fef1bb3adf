"""A load generator in one process: connections that send the next request when the answer is whole."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httptools
import uvloop


@dataclass
class Result:
    """Times are seconds; one entry for each answered request."""

    seconds: float = 0.0
    first_byte: list[float] = field(default_factory=list)
    """From the request's last byte to the first byte of the answer's body."""
    whole: list[float] = field(default_factory=list)
    """… to the answer's last byte."""

    @property
    def count(self) -> int:
        return len(self.whole)


class Connection(asyncio.Protocol):
    """Sends its request over and over until `deadline`."""

    def __init__(self, request: bytes, result: Result, deadline: float, done: Callable[[], None]) -> None:
        self._request = request
        self._result = result
        self._deadline = deadline
        self._done = done
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        assert self._transport is not None
        self._parser = httptools.HttpResponseParser(self)
        self._first: float | None = None
        self._complete = False
        self._transport.write(self._request)
        self._sent = time.perf_counter()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)
        if not self._complete:
            return
        if self._parser.get_status_code() != 200:
            raise RuntimeError(f"status {self._parser.get_status_code()} under load: {data[-300:]!r}")
        now = time.perf_counter()
        self._result.first_byte.append((self._first or now) - self._sent)
        self._result.whole.append(now - self._sent)
        if now < self._deadline:
            self._send()
        elif self._transport is not None:
            self._transport.close()

    def on_body(self, body: bytes) -> None:
        if self._first is None:
            self._first = time.perf_counter()

    def on_message_complete(self) -> None:
        self._complete = True

    def connection_lost(self, exc: Exception | None) -> None:
        self._done()


async def _run(url: str, request: bytes, connections: int, seconds: float) -> Result:
    loop = asyncio.get_running_loop()
    host, port = urlsplit(url).netloc.split(":")
    result = Result()
    ended = asyncio.Event()
    left = connections
    failure: list[BaseException] = []

    def done() -> None:
        nonlocal left
        left -= 1
        if not left:
            ended.set()

    loop.set_exception_handler(lambda _, context: failure.append(context["exception"]))
    start = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(
            lambda: Connection(request, result, start + seconds, done), host, int(port)
        )
    await ended.wait()
    if failure:
        raise failure[0]
    result.seconds = time.perf_counter() - start
    return result


def run(url: str, request: bytes, *, connections: int, seconds: float) -> Result:
    """Loads `url` with `connections` clients. Raises RuntimeError for an answer that is not 200."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(url, request, connections, seconds))
