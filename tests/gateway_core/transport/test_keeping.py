"""Connections that are kept: used again, handed on, given up in time, and never trusted blindly."""

from __future__ import annotations

import asyncio
import os
import socket
import time

import httpx
import pytest

from gateway_core.transport import Transport
from tests.support.calling import call, request, stream_of
from tests.support.scripted import Peer, Request, scripted

pytestmark = pytest.mark.anyio


async def echo(peer: Peer) -> None:
    while await peer.request():
        await peer.answer(b"%d" % peer.number)


def limited(most: int, idle: int = 100, keep: float = 30.0) -> Transport:
    return Transport(
        limits=httpx.Limits(max_connections=most, max_keepalive_connections=idle, keepalive_expiry=keep)
    )


async def test_one_after_the_other_takes_one_connection(transport: Transport) -> None:
    async with scripted(echo) as server:
        assert [(await call(transport, "POST", server.url))[1] for _ in range(20)] == [b"1"] * 20


async def test_side_by_side_takes_one_each_and_keeps_them(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        while await peer.request():
            await asyncio.sleep(0.05)
            await peer.answer()

    async with scripted(script) as server:
        for _ in range(2):
            await asyncio.gather(*[call(transport, "POST", server.url) for _ in range(8)])
        assert server.connections == 8


async def test_origins_do_not_share(transport: Transport) -> None:
    async with scripted(echo) as one, scripted(echo) as other:
        await call(transport, "POST", one.url)
        await call(transport, "POST", other.url)
        await call(transport, "POST", one.url.replace("127.0.0.1", "localhost"))
        assert (one.connections, other.connections) == (2, 1)


async def test_an_answer_may_be_read_later_than_the_next_request(transport: Transport) -> None:
    """Once it has come whole, an answer needs its connection no more."""

    async def script(peer: Peer) -> None:
        while seen := await peer.request():
            await peer.answer(seen.body)

    async with scripted(script) as server:
        first = await transport.handle_async_request(request("POST", server.url, b"first"))
        await asyncio.sleep(0.02)
        _, second = await call(transport, "POST", server.url, b"second")
        assert b"".join([chunk async for chunk in stream_of(first)]) == b"first"
        assert (second, server.connections) == (b"second", 1)


@pytest.mark.parametrize("field", ["Connection: close", "connection: foo, Close"])
async def test_a_server_that_wants_to_close_is_believed(transport: Transport, field: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.answer(b"", field)
        assert await peer.client_closes()

    async with scripted(script) as server:
        await call(transport, "POST", server.url)
        await call(transport, "POST", server.url)
        assert server.connections == 2


async def test_a_connection_that_closed_while_idle_is_not_used(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.answer()

    async with scripted(script) as server:
        for _ in range(3):
            await call(transport, "POST", server.url)
            await asyncio.sleep(0.02)
        assert server.connections == 3


async def test_a_close_that_the_loop_has_not_read_yet_is_seen(transport: Transport) -> None:
    """The close arrives while this thread is busy: only the socket itself knows of it."""
    closing: list[Peer] = []

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.answer(b"%d" % peer.number)
        closing.append(peer)
        assert not await peer.client_closes(0.2) or peer.number == 1

    async with scripted(script) as server:
        await call(transport, "POST", server.url)
        descriptor = closing[0].writer.get_extra_info("socket").fileno()
        with socket.socket(fileno=os.dup(descriptor)) as sock:
            sock.shutdown(socket.SHUT_WR)
        time.sleep(0.02)  # noqa: ASYNC251
        assert (await call(transport, "POST", server.url))[1] == b"2"


async def test_bytes_that_nobody_asked_for_end_an_idle_connection(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.answer(b"%d" % peer.number)
        if peer.number == 1:
            await peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil")
        await peer.client_closes()

    async with scripted(script) as server:
        await call(transport, "POST", server.url)
        await asyncio.sleep(0.03)
        assert (await call(transport, "POST", server.url))[1] == b"2"


async def test_a_second_answer_behind_the_first_is_never_taken(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        good = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n%d" % peer.number
        await peer.send(good + b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil")
        await peer.client_closes()

    async with scripted(script) as server:
        assert (await call(transport, "POST", server.url))[1] == b"1"
        assert (await call(transport, "POST", server.url))[1] == b"2"


async def closed_on_the_second_request(transport: Transport, method: str, *, answer: bytes) -> list[Request]:
    """What a server received that serves each connection once, and closes when it gets another request."""
    requests: list[Request] = []

    async def script(peer: Peer) -> None:
        if seen := await peer.request():
            requests.append(seen)
            await peer.answer(b"%d" % peer.number)
        if seen := await peer.request():
            requests.append(seen)
            await peer.send(answer)

    async with scripted(script) as server:
        await call(transport, "POST", server.url + "/first")
        await call(transport, method, server.url + "/second")
    return requests


async def test_a_get_is_sent_once_more_on_a_fresh_connection(transport: Transport) -> None:
    requests = await closed_on_the_second_request(transport, "GET", answer=b"")
    assert [each.line.split()[1] for each in requests] == ["/first", "/second", "/second"]


async def test_a_post_is_never_sent_twice(transport: Transport) -> None:
    """The server may have received it, and may bill it."""
    requests: list[Request] = []

    async def script(peer: Peer) -> None:
        while seen := await peer.request():
            requests.append(seen)
            if len(requests) == 2:
                return
            await peer.answer()

    async with scripted(script) as server:
        await call(transport, "POST", server.url)
        with pytest.raises(httpx.RemoteProtocolError, match="without an answer"):
            await call(transport, "POST", server.url)
        await asyncio.sleep(0.05)
        assert len(requests) == 2


async def test_a_get_that_was_partly_answered_is_not_sent_again(transport: Transport) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await closed_on_the_second_request(transport, "GET", answer=b"HTTP/1.1 200 O")


async def test_a_get_on_a_fresh_connection_is_not_sent_again(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()

    async with scripted(script) as server:
        with pytest.raises(httpx.RemoteProtocolError):
            await call(transport, "GET", server.url)
        assert server.connections == 1


async def test_a_server_that_keeps_for_a_second_is_left_before() -> None:
    async def script(peer: Peer) -> None:
        while await peer.request():
            await peer.answer(b"", "Keep-Alive: timeout=1, max=100")

    transport = Transport()
    async with scripted(script) as server:
        await call(transport, "POST", server.url)
        await call(transport, "POST", server.url)
        assert server.connections == 2
    await transport.aclose()


async def test_an_old_idle_connection_is_closed() -> None:
    transport = limited(10, keep=0.1)
    async with scripted(echo) as server:
        await call(transport, "POST", server.url)
        assert server.open == 1
        await asyncio.sleep(0.3)
        assert server.open == 0
        await call(transport, "POST", server.url)
    await transport.aclose()


async def test_no_more_idle_ones_than_allowed() -> None:
    async def script(peer: Peer) -> None:
        while await peer.request():
            await asyncio.sleep(0.05)
            await peer.answer()

    transport = limited(10, idle=2)
    async with scripted(script) as server:
        await asyncio.gather(*[call(transport, "POST", server.url) for _ in range(5)])
        await asyncio.sleep(0.05)
        assert server.open == 2
    await transport.aclose()


async def test_no_more_connections_than_allowed_and_everybody_is_served() -> None:
    most = 0

    async def script(peer: Peer) -> None:
        nonlocal most
        while await peer.request():
            most = max(most, server.open)
            await asyncio.sleep(0.01)
            await peer.answer()

    transport = limited(3)
    async with scripted(script) as server:
        await asyncio.gather(*[call(transport, "POST", server.url) for _ in range(30)])
        assert (most, server.connections) == (3, 3)
    await transport.aclose()


async def test_who_waits_gets_the_room_of_a_broken_connection() -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await asyncio.sleep(0.05)
        if peer.number > 1:
            await peer.answer()

    transport = limited(1)
    async with scripted(script) as server:
        outcomes = await asyncio.gather(
            *[call(transport, "POST", server.url) for _ in range(3)], return_exceptions=True
        )
        assert [isinstance(each, httpx.RemoteProtocolError) for each in outcomes] == [True, False, False]
    await transport.aclose()


async def test_who_waits_gives_up_after_its_time() -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await asyncio.sleep(0.2)
        await peer.answer(b"late")
        await peer.client_closes()

    transport = limited(1)
    async with scripted(script) as server, asyncio.TaskGroup() as group:
        running = group.create_task(call(transport, "POST", server.url))
        await asyncio.sleep(0.02)
        with pytest.raises(httpx.PoolTimeout, match="all 1 connections"):
            await call(transport, "POST", server.url, pool=0.05)
        assert (await running)[1] == b"late"
    await transport.aclose()


async def test_who_stops_waiting_leaves_the_connection_to_the_next() -> None:
    """A waiter is cancelled in the very moment in which a connection becomes free for it."""
    go_on = asyncio.Event()

    async def script(peer: Peer) -> None:
        while seen := await peer.request():
            if seen.line.startswith("POST /first"):
                await go_on.wait()
            await peer.answer()

    transport = limited(1)
    async with scripted(script) as server, asyncio.TaskGroup() as group:
        first = group.create_task(call(transport, "POST", server.url + "/first"))
        await asyncio.sleep(0.02)
        second = group.create_task(call(transport, "POST", server.url + "/second"))
        third = group.create_task(call(transport, "POST", server.url + "/third"))
        await asyncio.sleep(0.02)
        first.add_done_callback(lambda _: second.cancel())
        go_on.set()
        assert (await third)[0].status_code == 200
        await call(transport, "POST", server.url + "/fourth")
        assert server.connections <= 2
    await transport.aclose()


async def test_closing_ends_all_connections(transport: Transport) -> None:
    async with scripted(echo) as server:
        await call(transport, "POST", server.url)
        await transport.aclose()
        await asyncio.sleep(0.02)
        assert server.open == 0
