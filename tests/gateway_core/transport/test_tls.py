"""Real TLS: whom the transport trusts, what it tells the server, and where a body ends."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator

import httpx
import pytest

from gateway_core.transport import Transport
from tests.support.calling import call, request, stream_of
from tests.support.certificates import Authority
from tests.support.scripted import Peer, scripted

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def trusting(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Transport]:
    """Trusts the test's authority the way a user would say so, and makes its own context."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    transport = Transport()
    yield transport
    await transport.aclose()


async def echo(peer: Peer) -> None:
    while seen := await peer.request():
        await peer.answer(seen.body)


def https(port: int, host: str = "127.0.0.1") -> str:
    return f"https://{host}:{port}/v1/messages"


async def test_calls_over_tls_keep_their_connection(authority: Authority, trusting: Transport) -> None:
    async with scripted(echo, context=authority.server_context("127.0.0.1")) as server:
        for size in (1, 100_000, 1_000_000):
            _, body = await call(trusting, "POST", https(server.port), bytes(size))
            assert len(body) == size
        assert server.connections == 1


async def test_the_server_is_told_name_and_protocol(authority: Authority, trusting: Transport) -> None:
    context = authority.server_context("localhost")
    context.set_alpn_protocols(["h2", "http/1.1"])
    names: list[str | None] = []
    protocols: list[str | None] = []

    def remember(sock: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        names.append(name)

    async def script(peer: Peer) -> None:
        protocols.append(peer.writer.get_extra_info("ssl_object").selected_alpn_protocol())
        await echo(peer)

    context.sni_callback = remember
    async with scripted(script, context=context) as server:
        await call(trusting, "POST", https(server.port, "localhost"))
    assert names == ["localhost"]
    assert protocols == ["http/1.1"]


async def test_a_certificate_for_another_name_is_refused(authority: Authority, trusting: Transport) -> None:
    async with scripted(echo, context=authority.server_context("api.openai.example")) as server:
        with pytest.raises(httpx.ConnectError, match="(?i)certificate"):
            await call(trusting, "POST", https(server.port))


async def test_an_authority_that_nobody_trusts_is_refused(authority: Authority, transport: Transport) -> None:
    async with scripted(echo, context=authority.server_context("127.0.0.1")) as server:
        with pytest.raises(httpx.ConnectError, match="(?i)certificate"):
            await call(transport, "POST", https(server.port))


async def test_a_context_may_be_given(authority: Authority) -> None:
    transport = Transport(ssl_context=authority.client_context())
    async with scripted(echo, context=authority.server_context("127.0.0.1")) as server:
        assert (await call(transport, "POST", https(server.port), b"hi"))[1] == b"hi"
    await transport.aclose()


async def test_a_server_without_tls_is_no_connection(trusting: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.reader.read(1)
        await peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with scripted(script) as server:
        with pytest.raises(httpx.ConnectError):
            await call(trusting, "POST", https(server.port))


async def test_a_handshake_that_hangs_is_over_in_time(trusting: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.client_closes()

    async with scripted(script) as server:
        with pytest.raises(httpx.ConnectTimeout):
            await call(trusting, "POST", https(server.port), connect=0.2)


async def test_a_body_that_is_cut_is_no_end(authority: Authority, trusting: Transport) -> None:
    """Without a length only the closing message of TLS tells the end from somebody who cut the cable."""

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(b"HTTP/1.1 200 OK\r\n\r\nhello")
        await asyncio.sleep(0.05)
        peer.reset()

    async with scripted(script, context=authority.server_context("127.0.0.1")) as server:
        response = await trusting.handle_async_request(request("POST", https(server.port)))
        body = aiter(stream_of(response))
        assert await anext(body) == b"hello"
        with pytest.raises(httpx.TransportError):
            await anext(body)


async def test_closing_does_not_wait_for_the_other_side(authority: Authority, trusting: Transport) -> None:
    closed = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello")
        await peer.client_closes()
        closed.set()

    async with scripted(script, context=authority.server_context("127.0.0.1")) as server:
        response = await trusting.handle_async_request(request("POST", https(server.port)))
        await stream_of(response).aclose()
        async with asyncio.timeout(0.5):
            await closed.wait()


async def test_http2_goes_by_the_stock_transport(authority: Authority) -> None:
    """A server that speaks nothing else gets HTTP/2's preface."""
    context = authority.server_context("127.0.0.1")
    context.set_alpn_protocols(["h2"])
    began: list[bytes] = []
    fields = {"host": "127.0.0.1", "content-length": "0"}

    async def script(peer: Peer) -> None:
        began.append(await peer.reader.readexactly(24))

    transport = Transport(ssl_context=authority.client_context(), http2=True)
    async with scripted(script, context=context) as server:
        with pytest.raises(httpx.TransportError):
            await call(transport, "POST", https(server.port), b"", fields)
    await transport.aclose()
    assert began == [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
