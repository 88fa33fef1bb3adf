"""How much is held in memory while the two sides go at different speeds."""

from __future__ import annotations

import asyncio

import pytest

from gateway_core.transport import Transport
from gateway_core.transport.exchange import HIGH_WATER
from tests.support.calling import call, request, stream_of
from tests.support.scripted import Peer, scripted

pytestmark = pytest.mark.anyio

PIECE = bytes(64 * 1024)
MANY = 1024


async def test_a_slow_reader_stops_the_server(transport: Transport) -> None:
    """What is not read stays in the sockets, and in a buffer of bounded size."""
    sent = 0

    async def script(peer: Peer) -> None:
        nonlocal sent
        await peer.request()
        await peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (len(PIECE) * MANY))
        for _ in range(MANY):
            await peer.send(PIECE)
            sent += len(PIECE)

    async with scripted(script) as server:
        response = await transport.handle_async_request(request("POST", server.url))
        body = aiter(stream_of(response))
        first = len(await anext(body))
        await asyncio.sleep(0.3)
        stopped_at = sent
        await asyncio.sleep(0.2)
        assert sent == stopped_at < len(PIECE) * MANY / 2
        second = len(await anext(body))
        assert second < HIGH_WATER + 512 * 1024
        assert first + second + sum([len(piece) async for piece in body]) == len(PIECE) * MANY


async def test_a_connection_that_was_paused_serves_again(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        while await peer.request():
            await peer.answer(PIECE * 16)

    async with scripted(script) as server:
        for _ in range(3):
            response = await transport.handle_async_request(request("POST", server.url))
            await asyncio.sleep(0.05)
            assert sum([len(piece) async for piece in stream_of(response)]) == len(PIECE) * 16
        assert server.connections == 1


async def test_large_bodies_both_ways(transport: Transport) -> None:
    body = bytes(range(256)) * 32 * 1024

    async def script(peer: Peer) -> None:
        while seen := await peer.request():
            assert seen.body == body
            await peer.answer(seen.body)

    async with scripted(script) as server:
        for _ in range(2):
            assert (await call(transport, "POST", server.url, body))[1] == body
        assert server.connections == 1


async def test_an_answer_before_the_body_was_sent(transport: Transport) -> None:
    """A refusal of a large body: it arrives, and the connection is not used with half a body on it."""

    async def script(peer: Peer) -> None:
        await peer.reader.readuntil(b"\r\n\r\n")
        await peer.answer(b"too large", status="413 Content Too Large")
        await peer.client_closes()

    async with scripted(script) as server:
        for number in (1, 2):
            response, body = await call(transport, "POST", server.url, bytes(16 * 2**20))
            assert (response.status_code, body) == (413, b"too large")
            assert server.connections == number


async def test_a_burst_comes_in_few_pieces(transport: Transport) -> None:
    """Each piece that is handed on costs; chunks that arrive together are handed on together."""
    chunk = b"5\r\nhello\r\n"

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunk * 500 + b"0\r\n\r\n")

    async with scripted(script) as server:
        response = await transport.handle_async_request(request("POST", server.url))
        pieces = [piece async for piece in stream_of(response)]
        assert b"".join(pieces) == b"hello" * 500
        assert len(pieces) < 10


async def test_paced_chunks_come_as_they_are_sent(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        await peer.send(*[b"5\r\nhello\r\n"] * 5, b"0\r\n\r\n", pause=0.03)

    async with scripted(script) as server:
        response = await transport.handle_async_request(request("POST", server.url))
        assert [piece async for piece in stream_of(response)] == [b"hello"] * 5
