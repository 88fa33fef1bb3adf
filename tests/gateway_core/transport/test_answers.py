"""Answers in every framing that HTTP/1.1 knows, and what the request looks like on the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from gateway_core.transport import Transport
from tests.support.calling import call
from tests.support.scripted import Peer, Request, scripted

pytestmark = pytest.mark.anyio


async def answered(
    transport: Transport, *pieces: bytes, method: str = "POST"
) -> tuple[httpx.Response, bytes, int]:
    """An answer, its body, and how many connections two such calls took."""

    whole = b"".join(pieces).lower()
    delimited = b"content-length" in whole or b"chunked" in whole

    async def script(peer: Peer) -> None:
        while await peer.request():
            await peer.send(*pieces)
            if not delimited:
                return

    async with scripted(script) as server:
        await call(transport, method, server.url)
        response, body = await call(transport, method, server.url)
        return response, body, server.connections


async def test_a_body_of_stated_length(transport: Transport) -> None:
    response, body, connections = await answered(
        transport, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-One: 1\r\nx-one: 2\r\n\r\nhello"
    )
    assert (response.status_code, body, connections) == (200, b"hello", 1)
    assert response.headers.raw == [(b"Content-Length", b"5"), (b"X-One", b"1"), (b"x-one", b"2")]


async def test_a_body_in_chunks(transport: Transport) -> None:
    _, body, connections = await answered(
        transport,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"5\r\nhello\r\n",
        b"1;a=b\r\n \r\n5\r",
        b"\nworld\r\n0\r\n\r\n",
    )
    assert (body, connections) == (b"hello world", 1)


async def test_a_body_up_to_the_end_of_the_connection(transport: Transport) -> None:
    _, body, connections = await answered(transport, b"HTTP/1.1 200 OK\r\n\r\nhello", b" world")
    assert (body, connections) == (b"hello world", 2)


async def test_an_answer_in_single_bytes(transport: Transport) -> None:
    whole = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"

    async def script(peer: Peer) -> None:
        while await peer.request():
            await peer.send(*[whole[at : at + 1] for at in range(len(whole))], pause=0)

    async with scripted(script) as server:
        _, body = await call(transport, "POST", server.url)
    assert body == b"hello"


async def test_trailers_go_nowhere(transport: Transport) -> None:
    response, body, connections = await answered(
        transport,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nset-cookie: x=y\r\n\r\n",
    )
    assert (body, connections) == (b"hello", 1)
    assert "set-cookie" not in response.headers


async def test_interim_answers_are_passed_over(transport: Transport) -> None:
    response, body, connections = await answered(
        transport,
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n",
        b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok",
    )
    assert (response.status_code, body, connections) == (201, b"ok", 1)
    assert "link" not in response.headers


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
async def test_statuses_without_a_body(transport: Transport, status: bytes) -> None:
    response, body, connections = await answered(
        transport, b"HTTP/1.1 " + status + b"\r\nContent-Length: 5\r\n\r\n"
    )
    assert (response.status_code, body, connections) == (int(status[:3]), b"", 1)


async def test_head_has_the_length_but_not_the_body(transport: Transport) -> None:
    response, body, _ = await answered(
        transport, b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", method="HEAD"
    )
    assert (response.headers["content-length"], body) == ("5000", b"")


async def test_an_answer_with_upgrade_fields_is_an_answer(transport: Transport) -> None:
    """Apache offers h2 this way on every first answer."""
    _, body, _ = await answered(
        transport,
        b"HTTP/1.1 200 OK\r\nUpgrade: h2,h2c\r\nConnection: Upgrade, Keep-Alive\r\n",
        b"Content-Length: 2\r\n\r\nok",
    )
    assert body == b"ok"


async def seen(transport: Transport, method: str, path: str, body: bytes, headers: dict[str, str]) -> Request:
    requests: list[Request] = []

    async def script(peer: Peer) -> None:
        while request := await peer.request():
            requests.append(request)
            await peer.answer()

    async with scripted(script) as server:
        await call(transport, method, server.url + path, body, headers)
        requests[0].headers["host"] = requests[0].headers["host"].replace(str(server.port), "PORT")
        return requests[0]


async def test_the_request_as_it_is_sent(transport: Transport) -> None:
    fields = {"x-first": "1", "Accept": "*/*", "x-last": "a b"}
    request = await seen(transport, "POST", "/v1/messages?beta=true&x=%20", b"body", fields)
    assert request.line == "POST /v1/messages?beta=true&x=%20 HTTP/1.1"
    assert [name.lower() for name, _ in request.fields] == [
        "host",
        "x-first",
        "accept",
        "x-last",
        "content-length",
    ]
    assert request.headers["x-last"] == "a b"
    assert request.body == b"body"


async def test_a_post_without_a_body_says_so(transport: Transport) -> None:
    assert (await seen(transport, "POST", "/", b"", {})).headers["content-length"] == "0"
    assert "content-length" not in (await seen(transport, "GET", "/", b"", {})).headers


@pytest.mark.parametrize("value", ["a\r\nx-smuggled: 1", "a\nb", "a\rb", "a\0b"])
async def test_a_header_cannot_hold_another_one(transport: Transport, value: str) -> None:
    async def script(peer: Peer) -> None:
        assert await peer.request() is None

    async with scripted(script) as server:
        with pytest.raises(httpx.LocalProtocolError):
            await call(transport, "POST", server.url, b"", {"x-tag": value})
        assert server.connections == 0


async def test_a_body_that_is_not_in_memory_goes_by_the_stock_transport(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        request = await peer.request()
        assert request is not None
        await peer.answer(request.body)

    async def pieces() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"

    async with scripted(script) as server:
        async with httpx.AsyncClient(transport=transport) as client:
            response = await client.post(server.url, content=pieces(), headers={"content-length": "7"})
    assert response.content == b"one two"


async def test_it_serves_httpx_own_client_too(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        while request := await peer.request():
            await peer.answer(request.body)

    async with scripted(script) as server, httpx.AsyncClient(transport=transport) as client:
        response = await client.post(server.url, json={"a": 1})
        assert response.json() == {"a": 1}
