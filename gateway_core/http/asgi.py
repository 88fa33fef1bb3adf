"""Small words of ASGI: reading a request, writing an answer, noticing that the client has left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from gateway_core.bodies import decode_body
from gateway_core.exchange import HeaderList
from gateway_core.formats import DIALECTS
from gateway_core.http.refusals import refusal_answer
from gateway_core.model.call import DialectName
from gateway_core.model.errors import Refusal

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY_SECONDS = 30.0
"""A client that sends nothing more of its body for that long is refused."""


class Gone(Exception):
    """The client left before its request was whole."""


async def read_body(receive: Receive, headers: dict[str, str], limit: int) -> bytes:
    """The whole body, its content-encoding taken off. Raises Refusal 400, 408 or 413, and Gone."""
    if headers.get("content-length", "0").isdigit() and int(headers.get("content-length", "0")) > limit:
        raise _too_large(limit)
    pieces: list[bytes] = []
    size = 0
    while True:
        try:
            message = await asyncio.wait_for(receive(), BODY_SECONDS)
        except TimeoutError:
            raise Refusal(408, "body_timeout", "the rest of the body did not come in time") from None
        if message["type"] == "http.disconnect":
            raise Gone
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        pieces.append(piece)
        if not message.get("more_body"):
            break
    body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    encoding = headers.get("content-encoding", "")
    return decode_body(body, encoding, limit) if encoding else body


def _too_large(limit: int) -> Refusal:
    return Refusal(
        413, "too_large", f"the body is larger than {limit // 2**20} MiB; see max_body_mb in config.toml"
    )


class AsgiClient:
    """Who waits for the answer, over ASGI."""

    def __init__(self, send: Send, dialect: DialectName, request_id: str, headers: dict[str, str]) -> None:
        self._send = send
        self._dialect = dialect
        self._request_id = request_id
        self._headers = headers
        self.started = False

    async def answer(self, status: int, headers: HeaderList, body: bytes) -> None:
        head = [*headers, (b"content-length", str(len(body)).encode())]
        await self.start(status, head)
        await self._send({"type": "http.response.body", "body": body})

    async def start(self, status: int, headers: HeaderList) -> None:
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def write(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def finish(self) -> None:
        await self._send({"type": "http.response.body", "body": b""})

    async def refuse(self, refusal: Refusal) -> None:
        if self.started:
            await self.write(DIALECTS[self._dialect].stream_refusal(refusal, self._request_id))
            await self.finish()
            return
        status, headers, body = refusal_answer(refusal, self._dialect, self._request_id, self._headers)
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})
