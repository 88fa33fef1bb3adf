"""One request and its answer on a connection: uvicorn's cycle, and a shorter way for who knows it.

An application that speaks ASGI sees uvicorn's own `receive` and `send`. The data plane asks the cycle itself:
whether the body is whole, to be told when its client leaves, and to write an answer's bytes without a
message for each.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from gateway_core.peers import Connection

CYCLE = "llmconsole.cycle"
"""Where a request's scope holds its cycle, among the extensions."""

_BODYLESS = (204, 304)

HeaderList = list[tuple[bytes, bytes]]


class Cycle(RequestResponseCycle):
    """What `start`, `write` and `finish` put together is one answer, as are `send`'s messages."""

    connection: Connection
    """What is kept of the connection that it came by."""
    _tell: Callable[[], object] | None = None

    async def run_asgi(self, app: Any) -> None:
        try:
            await super().run_asgi(app)
        finally:
            # The scope holds this cycle, and the other way round: cut here, both are free at once.
            scope: Any = self.scope
            scope.clear()

    def when_left(self, tell: Callable[[], object] | None) -> None:
        """Calls `tell` once if the client leaves before it has its whole answer; None: no longer."""
        self._tell = tell
        if self.disconnected:
            self.leave()

    def leave(self) -> None:
        """The client has left, or is no longer served: whatever is still written goes nowhere."""
        self.disconnected = True
        self.message_event.set()
        tell, self._tell = self._tell, None
        if tell is not None:
            tell()

    def whole_body(self) -> bytes | None:
        """The body where all of it is here, to be taken once; None where `receive` has to wait."""
        if self.more_body or self.disconnected or self.response_complete:
            return None
        self.flow.resume_reading()
        body, self.body = bytes(self.body), bytearray()
        return body

    def start(
        self, status: int, headers: HeaderList, *, length: int | None = None, body: bytes = b""
    ) -> None:
        """The head of an answer, and with a `length` also its body. Raises ValueError for a field that
        would be more than one."""
        if self.disconnected:
            return
        self.response_started = True
        self.waiting_for_100_continue = False
        lines = [b"%b: %b\r\n" % field for field in headers]
        if length is not None:
            lines.append(b"content-length: %d\r\n" % length)
        elif status not in _BODYLESS and self.scope["method"] != "HEAD":
            self.chunked_encoding = True
            lines.append(b"transfer-encoding: chunked\r\n")
        if not self.keep_alive or self.more_body:
            # Where an answer comes before the request was whole, nothing can follow it on this connection.
            lines.append(b"connection: close\r\n")
        head = b"".join(lines)
        if head.count(b"\n") != len(lines) or head.count(b"\r") != len(lines) or b"\0" in head:
            raise ValueError("a header of the answer holds a line end or NUL")
        line = STATUS_LINE.get(status) or b"HTTP/1.1 %d \r\n" % status
        self.transport.write(b"%b%b\r\n%b" % (line, head, body))

    def answer(self, status: int, headers: HeaderList, body: bytes) -> None:
        """A whole answer at once."""
        shown = b"" if self.scope["method"] == "HEAD" else body
        self.start(status, headers, length=len(body), body=shown)
        self._complete()

    async def write(self, data: bytes) -> None:
        """A piece of the body; waits while the client takes nothing."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        self.put(data)

    def put(self, data: bytes) -> bool:
        """A piece of the body, written now; False where `write` has to wait before the next one."""
        if self.disconnected:
            return True
        # An empty chunk would be the end of the body.
        if self.chunked_encoding and data:
            self.transport.write(b"%x\r\n%b\r\n" % (len(data), data))
        return not self.flow.write_paused

    def finish(self, data: bytes = b"") -> None:
        """The end of a body that was written piece by piece, and its last piece."""
        if self.disconnected:
            return
        if self.chunked_encoding:
            last = b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data) if data else b"0\r\n\r\n"
            self.transport.write(last)
        self._complete()

    def _complete(self) -> None:
        if self.disconnected or self.response_complete:
            return
        self.response_complete = True
        self._tell = None
        self.message_event.set()
        if not self.keep_alive and not self.more_body:
            self.transport.close()
        self.on_response()


def cycle_of(scope: MutableMapping[str, Any]) -> Cycle:
    """The cycle of a request that StrictProtocol took."""
    found: Cycle = scope["extensions"][CYCLE]
    return found
