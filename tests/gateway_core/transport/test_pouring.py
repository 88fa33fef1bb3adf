"""A body that is handed on in the moment in which it comes."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from gateway_core.transport import Body, Transport
from tests.support.calling import call, request
from tests.support.scripted import Peer, scripted

pytestmark = pytest.mark.anyio

HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


async def body_of(transport: Transport, url: str, *, idle: float = 5.0) -> Body:
    response = await transport.handle_async_request(request("POST", url, b"", None, idle=idle))
    assert isinstance(response.stream, Body)
    return response.stream


class Sink:
    """Notes what it is given; takes no more after the pieces named in `stops`."""

    def __init__(self, *stops: int) -> None:
        self.got: list[bytes] = []
        self.last: list[bool] = []
        self._stops = stops
        self.given = asyncio.Event()

    def __call__(self, data: bytes, last: bool) -> bool:
        self.got.append(data)
        self.last.append(last)
        self.given.set()
        return len(self.got) not in self._stops


async def test_each_piece_is_handed_on_when_it_comes(transport: Transport) -> None:
    sink = Sink()

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(HEAD)
        for number in range(5):
            sink.given.clear()
            await peer.send(chunk(b"%d" % number))
            await sink.given.wait()
        await peer.send(END)

    async with scripted(script) as server:
        assert await (await body_of(transport, server.url)).pour(sink)
    assert sink.got == [b"0", b"1", b"2", b"3", b"4"]


async def test_the_piece_that_comes_with_the_end_is_known_as_the_last(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        while await peer.request():
            await peer.send(HEAD + chunk(b"a"), chunk(b"b"), chunk(b"c") + END)

    async with scripted(script) as server:
        for _ in range(2):
            sink = Sink()
            assert await (await body_of(transport, server.url)).pour(sink)
            assert (b"".join(sink.got), sink.last[-1]) == (b"abc", True)
            assert True not in sink.last[:-1]
        assert server.connections == 1


@pytest.mark.parametrize("stops", [(1,), (2,), (1, 2, 3), (3,)])
async def test_a_sink_that_takes_no_more_is_given_the_rest_later(
    transport: Transport, stops: tuple[int, ...]
) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(HEAD, chunk(b"a"), chunk(b"b"), chunk(b"c"), END)

    async with scripted(script) as server:
        sink, body = Sink(*stops), await body_of(transport, server.url)
        turned_away = 0
        while not await body.pour(sink):
            turned_away += 1
            await asyncio.sleep(0.02)
    assert b"".join(sink.got) == b"abc"
    assert 1 <= turned_away <= len(stops)


async def test_what_a_sink_raises_is_raised_where_it_was_given(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(HEAD, chunk(b"a"), chunk(b"b"))
        assert await peer.client_closes()

    def sink(data: bytes, last: bool) -> bool:
        if data == b"b":
            raise LookupError("of the sink's own")
        return True

    async with scripted(script) as server:
        body = await body_of(transport, server.url)
        with pytest.raises(LookupError, match="of the sink's own"):
            await body.pour(sink)
        body.abort()


async def test_a_body_that_breaks_off_is_no_end(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(HEAD, chunk(b"a"), b"5\r\nab")

    async with scripted(script) as server:
        sink = Sink()
        with pytest.raises(httpx.RemoteProtocolError):
            await (await body_of(transport, server.url)).pour(sink)
    assert b"".join(sink.got) == b"aab"


async def test_silence_between_two_pieces_is_noticed(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(HEAD, chunk(b"a"), chunk(b"b"))
        await peer.client_closes(10)

    async with scripted(script) as server:
        sink, body = Sink(), await body_of(transport, server.url, idle=0.2)
        with pytest.raises(httpx.ReadTimeout):
            await body.pour(sink)
    assert sink.got == [b"a", b"b"]


async def test_pieces_that_keep_coming_are_no_silence(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(HEAD, *[chunk(b"a")] * 40, END, pause=0.05)

    async with scripted(script) as server:
        sink = Sink()
        assert await (await body_of(transport, server.url, idle=1.0)).pour(sink)
    assert b"".join(sink.got) == b"a" * 40


async def test_who_stops_waiting_takes_the_connection_along(transport: Transport) -> None:
    closed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(HEAD, chunk(b"a"))
        closed.set_result(await peer.client_closes())

    async with scripted(script) as server:
        body = await body_of(transport, server.url)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await body.pour(Sink())
        assert await closed


async def test_a_whole_answer_pours_too(transport: Transport) -> None:
    async def script(peer: Peer) -> None:
        while await peer.request():
            await peer.answer(b"whole")

    async with scripted(script) as server:
        sink = Sink()
        assert await (await body_of(transport, server.url)).pour(sink)
        assert sink.got == [b"whole"]
        assert (await call(transport, "POST", server.url))[1] == b"whole"
