"""An ASGI application as the other end of httpx, piece by piece: no export is ever held whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

import anyio
import httpx
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

Message = MutableMapping[str, Any]
Application = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


class InProcess(httpx.AsyncBaseTransport):
    """Calls the application in `tasks`, which must live as long as its answers are read."""

    def __init__(self, application: Application, tasks: TaskGroup) -> None:
        self._application = application
        self._tasks = tasks

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        sending, receiving = anyio.create_memory_object_stream[Message]()
        self._tasks.start_soon(self._call, _scope(request), body, sending)
        try:
            start = await receiving.receive()
        except anyio.EndOfStream:
            receiving.close()
            raise httpx.RemoteProtocolError("the application gave no answer") from None
        return httpx.Response(start["status"], headers=start["headers"], stream=_Pieces(receiving))

    async def _call(self, scope: Message, body: bytes, sending: MemoryObjectSendStream[Message]) -> None:
        requests = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            if not requests:
                await anyio.sleep_forever()
            return requests.pop()

        # A reader that leaves early is no fault; any other has been answered with a 500 before it comes here.
        with sending, suppress(Exception):
            await self._application(scope, receive, sending.send)


class _Pieces(httpx.AsyncByteStream):
    def __init__(self, messages: MemoryObjectReceiveStream[Message]) -> None:
        self._messages = messages

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for message in self._messages:
            yield message.get("body", b"")
            if not message.get("more_body"):
                return

    async def aclose(self) -> None:
        self._messages.close()


def _scope(request: httpx.Request) -> Message:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 0),
        "root_path": "",
    }
