"""One exchange with a client over ASGI: the request in, the answer out, and whether anybody still listens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import anyio

from gateway_core.simulated.wire.base import Headers

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class ClientLeft(Exception):
    """The client closed the connection before it had its answer."""


class Line:
    """Receives and sends; every wait ends at once when the client leaves."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.raw_path: str = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        """As it was sent; signatures are over that."""
        self.query: str = scope["query_string"].decode("latin-1")
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self._receive = receive
        self._send = send

    async def body(self) -> bytes:
        """The whole request body. Raises ClientLeft."""
        parts: list[bytes] = []
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientLeft
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                return parts[0] if len(parts) == 1 else b"".join(parts)

    async def start(self, status: int, headers: Headers) -> None:
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def write(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def finish(self, data: bytes = b"") -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": False})

    async def answer(self, status: int, body: bytes, headers: Headers) -> None:
        """A whole answer at once, with its length."""
        await self.start(status, [*headers, (b"content-length", str(len(body)).encode())])
        await self.finish(body)

    async def wait(self, seconds: float) -> None:
        """Sleep, listening. Raises ClientLeft as soon as the client is gone; zero seconds only look."""
        with anyio.move_on_after(seconds):
            while (await self._receive())["type"] != "http.disconnect":
                pass
            raise ClientLeft

    async def breathe(self) -> None:
        """Let others run between two chunks that follow each other at once."""
        await asyncio.sleep(0)
