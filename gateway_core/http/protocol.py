"""uvicorn's HTTP protocol, made strict: what has two meanings, or does not end, is refused and closed."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway_core.http.cycle import CYCLE, Cycle
from gateway_core.http.framing import (
    BAD_FRAMING,
    EMPTY_LINES,
    END,
    MAX_HEAD,
    TOO_LONG,
    TOO_SLOW,
    Fault,
    head_fault,
    notable_fields,
    partial_fault,
    take_upgrade,
)
from gateway_core.peers import Connection

LINGER_SECONDS = 1.0
"""How long a refused client is still read, so that it sees our answer before its connection breaks."""
FREE_OVERHEAD = 64 * 1024
OVERHEAD_PER_BYTE = 8
"""What the sizes and extensions of chunks may weigh beyond the free part, for each byte of the body."""


class _SecondRequest(Exception):
    """Bytes of another request came before the last one was answered."""


class StrictProtocol(HttpToolsProtocol):
    """For `uvicorn.Config(http=StrictProtocol)`.

    A head is given to the parser only once it is whole and has been looked at. One request at a time:
    a client that sends the next before it has its answer gets that answer, and then the connection closes.
    """

    head_seconds = 10.0
    """From the first byte of a head (on a new connection: from its start) to its last."""

    _part = b""
    _head_fed = False
    _message_open = False
    _deaf = False
    """Whatever still comes is read and thrown away."""
    _upgrade = b""
    _spare: int | None = None
    _head_timer: asyncio.TimerHandle | None = None

    # What the event loop calls

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._connection = Connection()
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        self._deaf = True
        if (cycle := self._running) is not None:
            cycle.leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        if self._message_open:
            self._unset_keepalive_if_required()
            self._feed(data)
        elif self._running is not None:
            self._close_after_answer()
        else:
            self._take_head(data)

    # What the parser calls

    def on_message_begin(self) -> None:
        if not self._head_fed:
            raise _SecondRequest
        self._head_fed = False
        self._message_open = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if self._upgrade:
            self.headers.append((b"upgrade", self._upgrade))
            self._upgrade = b""
        self._start()
        # Trailers come by the same way as head fields; this keeps them out of the request.
        self.headers = []

    def on_body(self, body: bytes) -> None:
        if self._spare is not None:
            self._spare += len(body) * (OVERHEAD_PER_BYTE + 1)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._message_open = False
        super().on_message_complete()

    # What uvicorn's own code calls

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._message_open:
            # Answered before the body was whole: nobody will read the rest of it.
            self._linger()

    def send_400_response(self, msg: str) -> None:
        self._refuse(BAD_FRAMING)

    # The rest is our own

    @property
    def _running(self) -> Cycle | None:
        """The call whose answer is not complete."""
        cycle: Any = self.cycle
        return cycle if cycle is not None and not cycle.response_complete else None

    def _start(self) -> None:
        """Completes the scope and starts the application on it."""
        scope: Any = self.scope
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        version = self.parser.get_http_version()
        self.cycle = Cycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=version != "1.0" and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        self.cycle.connection = self._connection
        scope["http_version"] = version
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["path"] = unquote(path) if "%" in path else path
        scope["raw_path"] = url.path
        scope["query_string"] = url.query or b""
        scope["extensions"] = {CYCLE: self.cycle}
        self._start_asgi_task(self.cycle, self.app)

    def _take_head(self, data: bytes) -> None:
        seen = len(self._part)
        data = self._part + data
        if data[:1] == b"\r" and (empty := EMPTY_LINES.match(data)):
            # To be ignored before a request (RFC 9112, 2.2).
            data, seen = data[empty.end() :], 0
        end = data.find(END, max(0, seen - 3)) + len(END)
        if end < len(END):
            self._wait_for_more(data, seen)
            return
        self._part = b""
        head = data[:end]
        notable = notable_fields(head)
        fault = TOO_LONG if end > MAX_HEAD else head_fault(head, notable)
        if fault is not None:
            self._refuse(fault)
        else:
            self._disarm()
            self._unset_keepalive_if_required()
            self._begin(head, data, notable)

    def _wait_for_more(self, part: bytes, seen: int) -> None:
        if fault := partial_fault(part, seen):
            self._refuse(fault)
            return
        self._part = part
        if part and self._head_timer is None:
            self._unset_keepalive_if_required()
            self._arm()

    def _begin(self, head: bytes, data: bytes, notable: list[bytes]) -> None:
        self._spare = FREE_OVERHEAD + len(head) if b"transfer-encoding" in notable else None
        if b"upgrade" in notable:
            rest = data[len(head) :]
            head, self._upgrade = take_upgrade(head)
            data = head + rest
        self._head_fed = True
        self._feed(data)

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if isinstance(error.__context__, _SecondRequest):
                self._close_after_answer()
            else:
                self._refuse(BAD_FRAMING)
            return
        if self._spare is not None:
            self._spare -= len(data)
            if self._spare < 0 and self._message_open:
                self._refuse(BAD_FRAMING)

    def _close_after_answer(self) -> None:
        self._deaf = True
        self.cycle.keep_alive = False

    def _refuse(self, fault: Fault) -> None:
        """Answers and closes. A call that is running already sees that its client has left."""
        cycle = self._running
        if cycle is not None:
            cycle.leave()
        if cycle is not None and cycle.response_started:
            self._deaf = True
            self.transport.close()
        elif not self.transport.is_closing():
            self.transport.write(_answer(fault))
            self._linger()

    def _linger(self) -> None:
        """Closes our side now and the rest soon: closing on unread bytes would take back what we wrote."""
        self._deaf = True
        self._disarm()
        self._unset_keepalive_if_required()
        if self.transport.is_closing():
            return
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def _arm(self) -> None:
        self._head_timer = self.loop.call_later(self.head_seconds, self._head_timeout)

    def _disarm(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_timeout(self) -> None:
        self._head_timer = None
        if self._part:
            self._refuse(TOO_SLOW)
        else:
            self.transport.close()


def _answer(fault: Fault) -> bytes:
    """A whole answer. Its error reads as one in the formats of OpenAI, Anthropic and Gemini alike."""
    error = {
        "type": "invalid_request_error",
        "code": fault.code,
        "message": fault.message,
        "param": None,
    }
    body = json.dumps({"type": "error", "error": error}).encode()
    head = (
        f"HTTP/1.1 {fault.status} {HTTPStatus(fault.status).phrase}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
