"""httpx to an application in this process: piece by piece, and no fault of one end hurts the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx
import pytest

from console.inprocess import InProcess, Message

pytestmark = pytest.mark.anyio


class Application:
    """Answers with what it was asked, then counts up for as long as it is read."""

    def __init__(self) -> None:
        self.written = 0
        self.ended = anyio.Event()

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        try:
            await self.answer(scope, await receive(), send)
        finally:
            self.ended.set()

    async def answer(self, scope: Message, request: Message, send: Callable[[Any], Awaitable[None]]) -> None:
        if scope["path"] == "/silent":
            return
        if scope["path"] == "/broken":
            raise RuntimeError("broken")
        told = f"{scope['method']} {scope['raw_path'].decode()} {scope['query_string'].decode()} ".encode()
        await send({"type": "http.response.start", "status": 201, "headers": [(b"x-a", b"b")]})
        await send({"type": "http.response.body", "body": told + request["body"], "more_body": True})
        for number in range(1000 if scope["path"] == "/long" else 2):
            await send({"type": "http.response.body", "body": b" %d" % number, "more_body": True})
            self.written += 1
        await send({"type": "http.response.body", "body": b""})


async def test_request_and_answer_arrive_as_they_are() -> None:
    async with anyio.create_task_group() as tasks:
        transport = InProcess(Application(), tasks)
        async with httpx.AsyncClient(base_url="http://here", transport=transport) as client:
            answer = await client.put("/a%2Fb", params={"q": "ö"}, content=b"body")
    assert (answer.status_code, answer.headers["x-a"]) == (201, "b")
    assert answer.text == "PUT /a%2Fb q=%C3%B6 body 0 1"


async def test_no_more_is_made_than_is_read() -> None:
    application = Application()
    async with anyio.create_task_group() as tasks:
        transport = InProcess(application, tasks)
        async with httpx.AsyncClient(base_url="http://here", transport=transport) as client:
            async with client.stream("GET", "/long") as answer:
                pieces = answer.aiter_raw()
                for _ in range(10):
                    await anext(pieces)
                assert application.written < 12
            with anyio.fail_after(5):
                await application.ended.wait()
    assert application.written < 12


@pytest.mark.parametrize("path", ["/silent", "/broken"])
async def test_an_application_without_an_answer_is_a_broken_connection(path: str) -> None:
    async with anyio.create_task_group() as tasks:
        transport = InProcess(Application(), tasks)
        async with httpx.AsyncClient(base_url="http://here", transport=transport) as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get(path)
