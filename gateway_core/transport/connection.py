"""One HTTP/1.1 connection: bytes of the socket in, an exchange's answer out."""

from __future__ import annotations

import asyncio
import math
import select
from collections.abc import Callable
from typing import cast

import httptools

from gateway_core.transport.exchange import Exchange, Fields
from gateway_core.transport.trouble import Kind, Trouble

MAX_HEAD = 64 * 1024
"""Bytes of an answer's head, and of interim heads before it."""
MAX_FIELDS = 256
SMALL_BODY = 64 * 1024
"""Up to here head and body are joined, which costs a copy and saves a system call."""
_NOTHING: Fields = []


class Connection(asyncio.Protocol):
    """Carries one exchange at a time. Calls `idle` when it could carry the next one, `gone` at its end.

    An answer is over as soon as its last byte has come, whether or not the caller has read it.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        idle: Callable[[Connection], None],
        gone: Callable[[Connection], None],
    ) -> None:
        self._loop = loop
        self._idle = idle
        self._gone = gone
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._poll: select.poll | None = None
        self._exchange: Exchange | None = None
        self._fields: Fields = []
        self._head_bytes = 0
        self._bodyless = False
        self._keep = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = math.inf
        self._deadline = math.inf
        self.served = 0
        """Answers that came whole."""
        self.idle_since = 0.0
        self.keep_alive: float | None = None
        """Seconds for which the other side said it keeps an idle connection."""

    # What the pool and the exchange call

    def begin(self, method: str, head: bytes, body: bytes) -> Exchange:
        """Writes a request and returns its exchange. The connection must be open and idle."""
        assert self._transport is not None and self._exchange is None
        exchange = self._exchange = Exchange(self)
        self._fields = []
        self._head_bytes = 0
        self._bodyless = method == "HEAD"
        self._keep = False
        if len(body) <= SMALL_BODY:
            self._transport.write(head + body)
        else:
            self._transport.write(head)
            self._transport.write(body)
        return exchange

    @property
    def open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def usable(self) -> bool:
        """Whether the next request may be written: the other side has neither closed nor spoken unasked.

        The socket itself is asked, since a close may have arrived that the loop has not yet read.
        """
        return self.open and (self._poll is None or not self._poll.poll(0))

    def abort(self) -> None:
        """Ends the connection at once, and an exchange on it that is not complete."""
        if self._exchange is not None:
            self._exchange.fail(Trouble(Kind.READ, "the connection was closed on our side"))
        if self._transport is not None:
            self._transport.abort()

    def pause(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def watch(self, seconds: float | None) -> None:
        if seconds is None:
            return
        self._deadline = deadline = self._loop.time() + seconds
        if deadline < self._timer_at:
            self._arm(deadline)

    def unwatch(self) -> None:
        self._deadline = math.inf

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        # Not on Windows; there a close that is still unread shows as a broken answer.
        if hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        exchange = self._exchange
        if exchange is None:
            self.abort()
            return
        exchange.answered = True
        in_head = not exchange.status
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._break(f"not an answer in HTTP/1.1: {error.__context__ or error}")
        else:
            if in_head or self._fields:
                self._check_size(exchange, len(data))
        exchange.wake()
        if exchange.complete:
            self._end(exchange)

    def eof_received(self) -> None:
        if self._exchange is not None:
            self._closed_by_server(self._exchange)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._exchange is not None:
            if exc is None:
                self._closed_by_server(self._exchange)
            else:
                self._exchange.fail(Trouble(Kind.READ, f"the connection broke: {exc}"))
        self._exchange = None
        self._transport = None
        self._disarm()
        self._gone(self)

    # What the parser calls

    def on_message_begin(self) -> None:
        if self._exchange is None or self._exchange.complete:
            raise ValueError("bytes beyond the end of the answer")
        self._fields = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self._fields.append((name, value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 100 or status == 101:
            raise ValueError(f"status {status}")
        if status < 200 or self._exchange is None:
            return
        self._exchange.fields = self._fields
        self._exchange.status = status
        # Trailers come by the same way as fields; they go nowhere.
        self._fields = []
        if self._bodyless:
            self._exchange.complete = True

    def on_body(self, chunk: bytes) -> None:
        exchange = self._exchange
        if exchange is not None and not exchange.complete:
            exchange.take(chunk)

    def on_message_complete(self) -> None:
        exchange = self._exchange
        if exchange is not None and exchange.status and not exchange.complete:
            exchange.complete = True
            self._keep = self._parser.should_keep_alive()

    # The rest is our own

    def _check_size(self, exchange: Exchange, received: int) -> None:
        if not exchange.status:
            self._head_bytes += received
            if self._head_bytes > MAX_HEAD:
                self._break(f"the head of the answer is longer than {MAX_HEAD} bytes")
        if len(self._fields) > MAX_FIELDS or len(exchange.fields) > MAX_FIELDS:
            self._break(f"the answer has more than {MAX_FIELDS} header fields")

    def _end(self, exchange: Exchange) -> None:
        """The answer has come whole: the connection is free, or not fit for another one."""
        self._exchange = None
        self.unwatch()
        transport = self._transport
        # A body that is still being written would run into the next request.
        if not self._keep or transport is None or transport.is_closing() or transport.get_write_buffer_size():
            self.abort()
            return
        if exchange.paused:
            transport.resume_reading()
        if not self.served:
            self.keep_alive = _promised(exchange.fields)
        self.served += 1
        self.idle_since = self._loop.time()
        self._idle(self)

    def _closed_by_server(self, exchange: Exchange) -> None:
        if exchange.status and exchange.trouble is None and not _delimited(exchange.fields):
            exchange.complete = True
            exchange.wake()
        else:
            what = "in the middle of its answer" if exchange.status else "without an answer"
            exchange.fail(Trouble(Kind.REMOTE, f"the server closed the connection {what}"))

    def _break(self, message: str, kind: Kind = Kind.REMOTE) -> None:
        if self._exchange is not None:
            self._exchange.fail(Trouble(kind, message))
        self.abort()

    def _arm(self, when: float) -> None:
        self._disarm()
        self._timer_at = when
        self._timer = self._loop.call_at(when, self._on_timer)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._timer_at = math.inf

    def _on_timer(self) -> None:
        """One timer serves many waits: it looks whether the latest deadline has passed, else sleeps on."""
        self._timer = None
        self._timer_at = math.inf
        if self._deadline == math.inf:
            return
        if self._loop.time() < self._deadline:
            self._arm(self._deadline)
        else:
            self._break("the server sent nothing within the time limit", Kind.READ_TIMEOUT)


def _delimited(fields: Fields) -> bool:
    """Whether an answer says itself where its body ends (RFC 9112, 6.3)."""
    return any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in fields)


def _promised(fields: Fields) -> float | None:
    """Seconds of `Keep-Alive: timeout=5`."""
    for name, value in fields:
        if name.lower() == b"keep-alive":
            for part in value.lower().split(b","):
                key, _, number = part.strip().partition(b"=")
                if key == b"timeout" and number.isdigit():
                    return float(number)
    return None
