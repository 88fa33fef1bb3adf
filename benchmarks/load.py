"""A load generator in one process: connections that send the next request when the answer is whole."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import httptools
import uvloop


def p99(times: list[float]) -> float:
    """Milliseconds of the slowest hundredth. times: in seconds."""
    return sorted(times)[int(len(times) * 0.99)] * 1000


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

    def __init__(
        self, request: bytes, result: Result, deadline: float, done: Callable[[Exception | None], None]
    ) -> None:
        self._request = request
        self._result = result
        self._deadline = deadline
        self._done = done
        self._transport: asyncio.Transport | None = None
        self._ending = False
        self._problem: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are asyncio's by what they can do, not by inheritance.
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def _send(self) -> None:
        assert self._transport is not None
        self._parser = httptools.HttpResponseParser(self)
        self._first: float | None = None
        self._complete = False
        self._transport.write(self._request)
        self._sent = time.perf_counter()

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._parser.feed_data(data)
        if not self._complete:
            return
        now = time.perf_counter()
        if self._parser.get_status_code() != 200:
            status = self._parser.get_status_code()
            self._problem = RuntimeError(f"status {status} under load: {data[-300:]!r}")
        self._result.first_byte.append((self._first or now) - self._sent)
        self._result.whole.append(now - self._sent)
        if now < self._deadline and self._problem is None:
            self._send()
        else:
            self._ending = True
            self._transport.close()

    def on_body(self, body: bytes) -> None:
        if self._first is None:
            self._first = time.perf_counter()

    def on_message_complete(self) -> None:
        self._complete = True

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ending:
            self._problem = exc or RuntimeError("the connection was closed under load")
        self._done(self._problem)


async def _run(url: str, request: bytes, connections: int, seconds: float) -> Result:
    loop = asyncio.get_running_loop()
    host, port = urlsplit(url).netloc.split(":")
    result = Result()
    ended = asyncio.Event()
    left = connections
    problems: list[Exception] = []

    def done(problem: Exception | None) -> None:
        nonlocal left
        left -= 1
        if problem is not None:
            problems.append(problem)
        if not left:
            ended.set()

    start = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(
            lambda: Connection(request, result, start + seconds, done), host, int(port)
        )
    await ended.wait()
    if problems:
        raise problems[0]
    result.seconds = time.perf_counter() - start
    return result


async def send_once(url: str, request: bytes, result: Result) -> None:
    """One request on a connection of its own, added to the result. Raises RuntimeError as `run` does."""
    host, port = urlsplit(url).netloc.split(":")
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[Exception | None] = loop.create_future()
    await loop.create_connection(lambda: Connection(request, result, 0.0, ended.set_result), host, int(port))
    if problem := await ended:
        raise problem


def run(url: str, request: bytes, *, connections: int, seconds: float) -> Result:
    """Loads `url` with `connections` clients. Raises RuntimeError for an answer that is not 200."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(url, request, connections, seconds))
