"""The client of one request: its body read within limits, its answer written, refusals in its own format."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, cast

from gateway_core.bodies import decode_body
from gateway_core.formats import DIALECTS
from gateway_core.http.cycle import Cycle
from gateway_core.http.refusals import refusal_answer
from gateway_core.model.call import DialectName
from gateway_core.model.errors import Refusal
from gateway_core.pipeline.exchange import HeaderList

BODY_SECONDS = 30.0
"""A client that sends nothing more of its body for that long is refused."""
EVENTS: HeaderList = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-cache")]
SIGN_OF_LIFE = b": waiting\n\n"
"""A comment, which every reader of events passes over."""
TOLD = 1_000
"""Bytes of a provider's error that are told in a stream that had begun."""
PIECE_PAUSE = 0.05
"""Seconds between two pieces that a client is to read one by one."""


class Gone(Exception):
    """The client left before its request was whole."""


async def read_body(cycle: Cycle, headers: Mapping[str, str], limit: int) -> bytes:
    """The whole body, its content-encoding taken off. Raises Refusal 400, 408 or 413, and Gone."""
    declared = headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    if (body := cycle.whole_body()) is None:
        body = await _read_body(cycle, limit)
    elif len(body) > limit:
        raise _too_large(limit)
    encoding = headers.get("content-encoding", "")
    return decode_body(body, encoding, limit) if encoding else body


async def _read_body(cycle: Cycle, limit: int) -> bytes:
    """A body that comes in pieces."""
    pieces: list[bytes] = []
    size, more = 0, True
    while more:
        message = await _next(cycle)
        if message["type"] == "http.disconnect":
            raise Gone
        piece: bytes = message["body"]
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        pieces.append(piece)
        more = message["more_body"]
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


async def _next(cycle: Cycle) -> dict[str, Any]:
    """What has come of the body; only what is still on its way costs a timer."""
    if not cycle.more_body:
        return cast("dict[str, Any]", await cycle.receive())
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return cast("dict[str, Any]", await cycle.receive())
    except TimeoutError:
        raise Refusal(408, "body_timeout", "the rest of the body did not come in time") from None


def _too_large(limit: int) -> Refusal:
    return Refusal(
        413, "too_large", f"the body is larger than {limit // 2**20} MiB; see max_body_mb in config.toml"
    )


class HttpClient:
    """Who waits for the answer, on a connection of our own server. bare: it gets bytes of any kind."""

    def __init__(
        self,
        cycle: Cycle,
        dialect: DialectName,
        request_id: str,
        headers: Mapping[str, str],
        *,
        bare: bool = False,
    ) -> None:
        self._cycle = cycle
        self._dialect = dialect
        self._request_id = request_id
        self._headers = headers
        self._events = self._begun = True
        self._bare, self._cuts = bare, False
        self._early = False
        """The head was sent before there was an answer."""
        self.app = ""
        """The program that calls, as soon as it is known."""
        self.write, self.put = cycle.write, cycle.put

    @property
    def started(self) -> bool:
        return self._cycle.response_started

    async def answer(self, status: int, headers: HeaderList, body: bytes) -> None:
        if self._early:
            told = body[:TOLD].decode("utf-8", "replace")
            await self.refuse(Refusal(status, "provider_error", f"the provider answered {status}: {told}"))
        else:
            self._cycle.answer(status, headers, body)

    def keep_alive(self, headers: HeaderList) -> None:
        if not self._cycle.response_started:
            self._early = True
            self._cycle.start(200, [*EVENTS, *headers])
        self._cycle.put(SIGN_OF_LIFE)

    async def start(self, status: int, headers: HeaderList) -> None:
        if self._early:
            return
        self._cycle.start(status, headers)
        if self._bare:
            self._cuts = not _is(b"text/event-stream", headers)
        elif self._dialect is DialectName.GEMINI and _is(b"application/json", headers):
            # A stream that is one JSON array: how it can be ended depends on what of it was written.
            self._events = self._begun = False
            self.write, self.put = self._write_element, self._put_element

    async def _write_element(self, data: bytes) -> None:
        self._begun = True
        await self._cycle.write(data)

    def _put_element(self, data: bytes) -> bool:
        self._begun = True
        return self._cycle.put(data)

    async def finish(self, data: bytes = b"") -> None:
        if data:
            await self.write(b"")
        self._cycle.finish(data)

    async def refuse(self, refusal: Refusal) -> None:
        cycle = self._cycle
        if self._cuts:
            # No format has a word for it in the middle of a file: that there is more has to be seen.
            cycle.when_left(None)
            cycle.leave()
            cycle.transport.close()
        elif cycle.response_started:
            pieces = DIALECTS[self._dialect].stream_refusal(
                refusal, self._request_id, events=self._events, begun=self._begun
            )
            for number, piece in enumerate(pieces):
                if number:
                    await asyncio.sleep(PIECE_PAUSE)
                await cycle.write(piece)
            cycle.finish()
        else:
            cycle.answer(*refusal_answer(refusal, self._dialect, self._request_id, self._headers, self.app))


def _is(kind: bytes, headers: HeaderList) -> bool:
    return any(name == b"content-type" and value.lower().startswith(kind) for name, value in headers)
