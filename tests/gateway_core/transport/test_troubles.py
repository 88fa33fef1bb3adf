"""Everything that goes wrong: each is told apart, none is taken for success, none leaves a connection."""

from __future__ import annotations

import asyncio
import socket
import time

import httpx
import pytest

from gateway_core.transport import Transport
from tests.support.calling import call, request, stream_of
from tests.support.scripted import Peer, ScriptedServer, scripted

pytestmark = pytest.mark.anyio

OK = b"HTTP/1.1 200 OK\r\n"


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
    return port


async def gone(server: ScriptedServer) -> bool:
    """Whether the client's connections end within half a second."""
    for _ in range(50):
        if server.open == 0:
            return True
        await asyncio.sleep(0.01)
    return False


async def test_nobody_there(transport: Transport) -> None:
    with pytest.raises(httpx.ConnectError):
        await call(transport, "POST", f"http://127.0.0.1:{closed_port()}")


async def test_a_name_that_none_can_have(transport: Transport) -> None:
    with pytest.raises(httpx.ConnectError):
        await call(transport, "POST", f"http://{'a' * 64}.invalid")


async def test_no_such_protocol(transport: Transport) -> None:
    with pytest.raises(httpx.UnsupportedProtocol):
        await call(transport, "POST", "ftp://127.0.0.1")


async def test_a_connection_that_does_not_come_about(transport: Transport) -> None:
    """A listener whose queue is full drops what arrives, as a dead host does."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        began = time.monotonic()
        with pytest.raises(httpx.ConnectTimeout):
            await call(transport, "POST", f"http://127.0.0.1:{listener.getsockname()[1]}", connect=0.2)
        assert 0.15 < time.monotonic() - began < 1.5
        for filler in fillers:
            filler.close()


BROKEN = {
    "nothing at all": b"",
    "half a head": OK + b"Content-Le",
    "half a body": OK + b"Content-Length: 10\r\n\r\nhello",
    "no last chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "half a chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
    "only an interim answer": b"HTTP/1.1 100 Continue\r\n\r\n",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
async def test_an_answer_that_ends_too_early(transport: Transport, data: bytes) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(data)

    async with scripted(script) as server:
        with pytest.raises(httpx.RemoteProtocolError, match="closed the connection"):
            await call(transport, "POST", server.url)


WRONG = {
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "old HTTP": b"hello\r\n",
    "TLS": b"\x15\x03\x01\x00\x02\x02\x50",
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
    "length and chunks": OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "a folded field": OK + b"x: a\r\n b\r\nContent-Length: 2\r\n\r\nok",
    "NUL in a field": OK + b"x: a\0b\r\nContent-Length: 2\r\n\r\nok",
    "a status that is none": b"HTTP/1.1 099 What\r\nContent-Length: 2\r\n\r\nok",
    "a bad chunk": OK + b"Transfer-Encoding: chunked\r\n\r\nx\r\nok\r\n0\r\n\r\n",
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "101 without more": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "a head without end": OK + b"x: " + b"y" * 70_000,
    "fields without end": OK + b"x: y\r\n" * 300 + b"\r\n",
    "interim answers without end": b"HTTP/1.1 103 Early Hints\r\nx: " + b"y" * 9_000 + b"\r\n\r\n",
    "trailers without end": OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"x: y\r\n" * 300,
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG.keys())
async def test_an_answer_that_breaks_the_rules(transport: Transport, data: bytes) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        repeated = 10 if data.startswith(b"HTTP/1.1 103") else 1
        await peer.send(*[data] * repeated)
        assert await peer.client_closes()

    async with scripted(script) as server:
        with pytest.raises(httpx.RemoteProtocolError):
            await call(transport, "POST", server.url)
        assert await gone(server)


async def test_a_reset_before_the_answer(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        peer.reset()

    async with scripted(script) as server:
        with pytest.raises(httpx.ReadError):
            await call(transport, "POST", server.url)


async def test_a_reset_in_a_body_without_length_is_no_end(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(OK + b"\r\nhello")
        await asyncio.sleep(0.05)
        peer.reset()

    async with scripted(script) as server:
        response = await transport.handle_async_request(request("POST", server.url))
        body = aiter(stream_of(response))
        assert await anext(body) == b"hello"
        with pytest.raises(httpx.ReadError):
            await anext(body)


async def test_what_came_before_the_break_is_read_first(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(OK + b"Content-Length: 10\r\n\r\nhello")

    async with scripted(script) as server:
        response = await transport.handle_async_request(request("POST", server.url))
        await asyncio.sleep(0.05)
        body = aiter(stream_of(response))
        assert await anext(body) == b"hello"
        with pytest.raises(httpx.RemoteProtocolError):
            await anext(body)


async def test_no_answer_in_time(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        assert await peer.client_closes()

    async with scripted(script) as server:
        began = time.monotonic()
        with pytest.raises(httpx.ReadTimeout):
            await call(transport, "POST", server.url, read=0.15, idle=5)
        assert 0.1 < time.monotonic() - began < 1
        assert await gone(server)


async def test_a_body_that_falls_silent(transport: Transport) -> None:
    """The limit between pieces begins anew with each piece, and is not the one of the first byte."""

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(OK + b"\r\n", b"1", b"2", b"3", pause=0.1)
        assert await peer.client_closes()

    async with scripted(script) as server:
        response = await transport.handle_async_request(request("POST", server.url, read=5, idle=0.25))
        pieces: list[bytes] = []
        began = time.monotonic()
        with pytest.raises(httpx.ReadTimeout):
            async for piece in stream_of(response):
                pieces.append(piece)
        assert pieces == [b"1", b"2", b"3"]
        assert 0.4 < time.monotonic() - began < 1.5
        assert await gone(server)


async def test_the_first_piece_of_the_body_has_the_longer_limit(transport: Transport) -> None:
    """Some providers send their head at once and then think."""

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(OK + b"Content-Length: 2\r\n\r\n")
        await asyncio.sleep(0.3)
        await peer.send(b"ok")

    async with scripted(script) as server:
        assert (await call(transport, "POST", server.url, read=5, idle=0.1))[1] == b"ok"


async def test_a_slow_reader_is_no_silent_server(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(OK + b"Content-Length: 2\r\n\r\no")
        await asyncio.sleep(0.25)
        await peer.send(b"k")

    async with scripted(script) as server:
        response = await transport.handle_async_request(request("POST", server.url, read=0.2, idle=0.2))
        body = aiter(stream_of(response))
        assert await anext(body) == b"o"
        await asyncio.sleep(0.5)
        assert await anext(body) == b"k"


async def test_limits_of_one_call_do_not_reach_the_next(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        while seen := await peer.request():
            await asyncio.sleep(float(seen.body))
            await peer.answer(b"ok")

    async with scripted(script) as server:
        await call(transport, "POST", server.url, b"0", read=0.1)
        assert (await call(transport, "POST", server.url, b"0.3", read=5))[1] == b"ok"
        with pytest.raises(httpx.ReadTimeout):
            await call(transport, "POST", server.url, b"0.5", read=0.1)
        assert server.connections == 1


@pytest.mark.parametrize("head", [b"", OK + b"Content-Length: 9\r\n\r\n", OK + b"\r\nhello"])
async def test_cancelling_closes_the_connection_at_once(transport: Transport, head: bytes) -> None:
    closed = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(head)
        assert await peer.client_closes()
        closed.set()

    async with scripted(script) as server:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await call(transport, "POST", server.url)
        async with asyncio.timeout(0.5):
            await closed.wait()


async def test_closing_an_unread_answer_closes_the_connection(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(OK + b"\r\nhello")
        assert await peer.client_closes()

    async with scripted(script) as server:
        response = await transport.handle_async_request(request("POST", server.url))
        await stream_of(response).aclose()
        await stream_of(response).aclose()
        assert await gone(server)


async def test_an_answer_that_is_closed_is_over(transport: Transport) -> None:
    """A body up to the end of its connection: our own close must not look like the server's."""

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(OK + b"\r\nhello")
        await peer.client_closes()

    async with scripted(script) as server, asyncio.TaskGroup() as group:
        response = await transport.handle_async_request(request("POST", server.url))
        body = aiter(stream_of(response))
        assert await anext(body) == b"hello"

        async def read_on() -> None:
            with pytest.raises(httpx.ReadError, match="our side"):
                await anext(body)

        group.create_task(read_on())
        await asyncio.sleep(0.02)
        await stream_of(response).aclose()


async def test_an_error_tells_its_request(transport: Transport) -> None:
    with pytest.raises(httpx.ConnectError) as caught:
        await call(transport, "POST", f"http://127.0.0.1:{closed_port()}/v1/messages")
    assert caught.value.request.url.path == "/v1/messages"
