"""Straight HTTP against a real server: connections are kept, broken answers told, nothing sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from console.straight import AHEAD, KEPT, Straight

pytestmark = pytest.mark.anyio

Answering = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Server:
    """Hands each request's head to `answer`; counts what came."""

    def __init__(self, answer: Answering) -> None:
        self._answer = answer
        self.connections = self.left = 0
        self.requests: list[bytes] = []
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError, RuntimeError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(head)
                await self._answer(head, writer)
        self.left += 1

    async def close(self) -> None:
        for writer in self.writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self.writers), return_exceptions=True)


@asynccontextmanager
async def asking(answer: Answering, timeout: float = 5.0) -> AsyncIterator[tuple[httpx.AsyncClient, Server]]:
    server = Server(answer)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        async with httpx.AsyncClient(base_url=url, transport=Straight(), timeout=timeout) as client:
            yield client, server
    finally:
        listening.close()
        await server.close()


async def ok(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(OK)


async def test_one_connection_serves_one_question_after_the_other() -> None:
    async with asking(ok) as (client, server):
        for _ in range(5):
            assert (await client.get("/status?range=1h")).text == "ok"
        assert server.connections == 1
        assert server.requests[0].startswith(b"GET /status?range=1h HTTP/1.1\r\n")


async def test_questions_at_once_get_a_connection_each_and_leave_them_for_later() -> None:
    async with asking(ok) as (client, server):
        await asyncio.gather(*(client.get("/") for _ in range(4)))
        assert server.connections == 4
        await asyncio.gather(*(client.get("/") for _ in range(4)))
        assert server.connections == 4


async def test_a_question_on_a_connection_that_was_closed_is_asked_again() -> None:
    async with asking(ok) as (client, server):
        assert (await client.get("/")).text == "ok"

        async def gone(_: bytes, writer: asyncio.StreamWriter) -> None:
            server._answer = ok
            writer.close()

        server._answer = gone
        assert (await client.get("/")).text == "ok"
        assert server.connections == 2


async def test_an_edit_is_never_sent_twice() -> None:
    async def gone(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with asking(gone) as (client, server):
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post("/budgets", json={"name": "web"})
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "told", [b"content-length: 100\r\n\r\nok", b"transfer-encoding: chunked\r\n\r\n2\r\nok\r\n"]
)
async def test_an_answer_that_breaks_off_is_no_answer(told: bytes) -> None:
    async def half(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n" + told)
        writer.close()

    async with asking(half) as (client, _):
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/")


async def test_what_is_no_http_is_said() -> None:
    async def other(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")

    async with asking(other) as (client, _):
        with pytest.raises(httpx.RemoteProtocolError, match="no HTTP"):
            await client.get("/")


async def test_a_silent_server_ends_the_wait_and_its_connection() -> None:
    async def silent(_: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1)

    async with asking(silent, timeout=0.2) as (client, server):
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/")
        server._answer = ok
        assert (await client.get("/", timeout=5)).text == "ok"
        assert server.connections == 2


async def test_nobody_there_is_said_at_once() -> None:
    listening = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()
    async with httpx.AsyncClient(transport=Straight()) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{port}/")


async def test_a_long_answer_waits_for_its_reader_and_comes_whole() -> None:
    piece, pieces = b"x" * 65_536, 200

    async def long(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in range(pieces):
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            await writer.drain()
        writer.write(b"0\r\n\r\n")

    async with asking(long) as (client, server):
        async with client.stream("GET", "/export") as answer:
            await asyncio.sleep(0.3)
            body = answer.stream
            waiting = body._stream._connection._waiting  # type: ignore[union-attr]
            assert waiting < AHEAD * 4
            assert sum([len(got) async for got in answer.aiter_bytes()]) == len(piece) * pieces
        server._answer = ok
        assert (await client.get("/")).text == "ok"
        assert server.connections == 1


async def test_an_answer_that_is_not_read_to_its_end_costs_its_connection() -> None:
    async def endless(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n")

    async with asking(endless) as (client, server):
        async with client.stream("GET", "/events") as answer:
            assert await anext(answer.aiter_bytes()) == b"ok"
        server._answer = ok
        assert (await client.get("/")).text == "ok"
        assert server.connections == 2


async def test_no_header_can_bring_another_line() -> None:
    async with asking(ok) as (client, server):
        with pytest.raises(httpx.LocalProtocolError):
            await client.get("/", headers={"x-tag": "web\r\nx-other: 1"})
        assert server.requests == []


async def test_an_answer_without_a_length_ends_where_its_connection_does() -> None:
    async def until_the_end(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall of it")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()

    async with asking(until_the_end) as (client, _):
        assert (await client.get("/")).text == "all of it"


@pytest.mark.parametrize("method", ["HEAD", "GET"])
@pytest.mark.parametrize("status", [200, 204, 304])
async def test_answers_without_a_body_end_with_their_head(method: str, status: int) -> None:
    if (method, status) == ("GET", 200):
        return

    async def bare(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 %d Bare\r\ncontent-length: 7\r\n\r\n" % status)

    async with asking(bare, timeout=2.0) as (client, _):
        answer = await client.request(method, "/")
        assert (answer.status_code, answer.content) == (status, b"")


async def test_words_before_the_answer_are_not_the_answer() -> None:
    async def hinting(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(OK)

    async with asking(hinting) as (client, server):
        answer = await client.get("/")
        assert (answer.status_code, answer.text, "link" in answer.headers) == (200, "ok", False)
        assert (await client.get("/")).text == "ok"
        assert server.connections == 1


async def test_what_comes_unasked_answers_nothing() -> None:
    """As a server says that it has waited long enough, on a connection that it is about to close."""

    async def twice(_: bytes, writer: asyncio.StreamWriter) -> None:
        server._answer = ok
        writer.write(OK + b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 4\r\n\r\nlate")

    async with asking(twice) as (client, server):
        answer = await client.get("/")
        assert (answer.status_code, answer.text) == (200, "ok")
        assert answer.headers.get_list("content-length") == ["2"]
        answer = await client.get("/")
        assert (answer.status_code, answer.text, server.connections) == (200, "ok", 2)


async def test_edits_leave_no_pile_of_connections() -> None:
    async with asking(ok) as (client, server):
        for _ in range(KEPT * 3):
            assert (await client.post("/budgets", json={})).text == "ok"
        await asyncio.sleep(0.1)
        assert server.connections - server.left <= KEPT


@pytest.mark.parametrize("url", ["http://{}.test/".format("a" * 70), "http://127.0.0.1:99999/", "http://./"])
async def test_an_address_that_can_be_none_is_told_as_one_where_nobody_is(url: str) -> None:
    async with httpx.AsyncClient(transport=Straight()) as client:
        with pytest.raises((httpx.ConnectError, httpx.InvalidURL)):
            await client.get(url)


async def test_localhost_and_ipv6() -> None:
    server = Server(ok)
    listening = await asyncio.start_server(server.serve, "::1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with httpx.AsyncClient(transport=Straight()) as client:
        for host in ("[::1]", "localhost"):
            assert (await client.get(f"http://{host}:{port}/é?q=ü")).text == "ok"
    listening.close()
    await server.close()
    assert server.requests[0].startswith(b"GET /%C3%A9?q=%C3%BC HTTP/1.1\r\n")


async def test_questions_that_are_given_up_leave_no_answer_to_another() -> None:
    async def slowly(head: bytes, writer: asyncio.StreamWriter) -> None:
        path = head.split(b" ", 2)[1]
        await asyncio.sleep(int(path[1:]) % 7 / 200)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(path))
        await asyncio.sleep(0.005)
        writer.write(path)

    async with asking(slowly) as (client, _):

        async def one(number: int) -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.02 if number % 3 else 5):
                    assert (await client.get(f"/{number}")).text == f"/{number}"

        for at in range(0, 300, 20):
            await asyncio.gather(*(one(number) for number in range(at, at + 20)))
