"""The strict protocol behind a real uvicorn, spoken to byte by byte over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from gateway_core.http.protocol import StrictProtocol

pytestmark = pytest.mark.anyio

HEAD = b"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GET = b"GET /ping HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture(
    scope="module",
    params=[("asyncio", {}), ("asyncio", {"use_uvloop": True})],
    ids=["asyncio", "uvloop"],
)
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


class Impatient(StrictProtocol):
    head_seconds = 0.2


@dataclass
class Application:
    """Answers with what it was asked, and remembers it."""

    seen: list[dict[str, Any]] = field(default_factory=list)
    left: int = 0
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/early":
            await self.answer(send, 413, b"too much")
            return
        if scope["path"] == "/stream":
            await self.stream(send)
            return
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left += 1
                return
            body += message["body"]
            if not message["more_body"]:
                break
        headers = [[name.decode(), value.decode("latin-1")] for name, value in scope["headers"]]
        self.seen.append({"path": scope["path"], "headers": headers, "body": body.decode("latin-1")})
        if scope["path"] == "/slow":
            await self.go_on.wait()
        await self.answer(send, 200, json.dumps(self.seen[-1]).encode())

    async def answer(self, send: Any, status: int, body: bytes) -> None:
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def stream(self, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await self.go_on.wait()
        with contextlib.suppress(OSError):
            await send({"type": "http.response.body", "body": b"last"})


class Wire:
    """A client that sends exactly what the test says."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(0.01 if len(pieces) > 1 else 0)

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        async with asyncio.timeout(5):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])
            }
            body = await self.reader.readexactly(int(headers["content-length"]))
        return int(head[0].split(" ")[1]), headers, body

    async def rest(self) -> bytes:
        """Everything until the server closes."""
        async with asyncio.timeout(5):
            return await self.reader.read()

    async def refusal(self) -> tuple[int, str]:
        """Status and code of an answer after which the connection closes."""
        status, headers, body = await self.answer()
        assert headers["connection"] == "close"
        assert headers["content-type"] == "application/json"
        assert not {"server", "date"} & headers.keys()
        assert await self.rest() == b""
        return status, json.loads(body)["error"]["code"]


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture(params=[StrictProtocol])
async def port(request: pytest.FixtureRequest, application: Application) -> AsyncIterator[int]:
    config = uvicorn.Config(application, http=request.param, lifespan="off", log_config=None)
    config.load()
    state = ServerState()

    def protocol() -> StrictProtocol:
        strict: type[StrictProtocol] = request.param
        return strict(config=config, server_state=state, app_state={})

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    application.go_on.set()
    server.close()
    for connection in tuple(state.connections):
        connection.transport.abort()
    await asyncio.gather(*state.tasks)


@pytest.fixture
async def wire(port: int) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield Wire(reader, writer)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def test_two_requests_on_one_connection(wire: Wire, application: Application) -> None:
    await wire.send(HEAD + b"Content-Length: 5\r\n\r\nhello")
    assert (await wire.answer())[0] == 200
    await wire.send(GET)
    assert (await wire.answer())[0] == 200
    assert [each["body"] for each in application.seen] == ["hello", ""]


async def test_a_head_in_single_bytes(wire: Wire, application: Application) -> None:
    for byte in HEAD + b"Content-Length: 2\r\n\r\nhi":
        wire.writer.write(bytes([byte]))
        await wire.writer.drain()
    assert (await wire.answer())[0] == 200
    assert application.seen[0]["body"] == "hi"


async def test_empty_lines_before_a_request_are_ignored(wire: Wire, application: Application) -> None:
    await wire.send(b"\r", b"\n\r\n", GET)
    assert (await wire.answer())[0] == 200


async def test_a_chunked_body(wire: Wire, application: Application) -> None:
    await wire.send(CHUNKED, b"3\r\nabc\r\n", b"4;note=x\r\ndefg\r\n0\r\n\r\n")
    assert (await wire.answer())[0] == 200
    assert application.seen[0]["body"] == "abcdefg"
    await wire.send(GET)
    assert (await wire.answer())[0] == 200


async def test_trailers_do_not_become_headers(wire: Wire, application: Application) -> None:
    await wire.send(CHUNKED + b"1\r\na\r\n0\r\nx-llmconsole-token: smuggled\r\n\r\n")
    assert (await wire.answer())[0] == 200
    assert "x-llmconsole-token" not in dict(application.seen[0]["headers"])


BAD = {
    "length and coding": HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "coding and length": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "the same length twice": HEAD + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "a list of lengths": HEAD + b"Content-Length: 3, 3\r\n\r\nabc",
    "a signed length": HEAD + b"Content-Length: +3\r\n\r\nabc",
    "a negative length": HEAD + b"Content-Length: -3\r\n\r\nabc",
    "a hexadecimal length": HEAD + b"Content-Length: 0x3\r\n\r\nabc",
    "an endless length": HEAD + b"Content-Length: 99999999999999999999\r\n\r\n",
    "an empty length": HEAD + b"Content-Length:\r\n\r\n",
    "space before the colon": HEAD + b"Content-Length : 3\r\n\r\nabc",
    "another coding": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a hidden coding": HEAD + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "a coding in 1.0": b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bare line feeds": b"GET / HTTP/1.1\nHost: a\n\n",
    "one bare line feed": b"GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
    "a bare line feed at the end": b"GET / HTTP/1.1\r\nHost: a\r\n\n",
    "a line feed in front": b"\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "a bare carriage return": b"GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n",
    "two carriage returns": b"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
    "a folded field": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
    "a field folded by a tab": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n",
    "a folded first field": b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    "NUL in a value": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
    "NUL in a name": b"GET / HTTP/1.1\r\nHost: a\r\nX\0: a\r\n\r\n",
    "a control byte in a value": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x1bb\r\n\r\n",
    "DEL in a value": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x7fb\r\n\r\n",
    "no colon": b"GET / HTTP/1.1\r\nHost: a\r\nabc\r\n\r\n",
    "no name": b"GET / HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "not HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a second space": b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    "a proxy request": b"GET http://evil.example/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "CONNECT": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a chunk size that is none": CHUNKED + b"x\r\nabc\r\n0\r\n\r\n",
    "a negative chunk": CHUNKED + b"-3\r\nabc\r\n0\r\n\r\n",
    "a chunk with 0x": CHUNKED + b"0x3\r\nabc\r\n0\r\n\r\n",
    "a chunk size in spaces": CHUNKED + b" 3 \r\nabc\r\n0\r\n\r\n",
    "an endless chunk size": CHUNKED + b"fffffffffffffffff\r\nabc\r\n0\r\n\r\n",
    "a chunk that is too long": CHUNKED + b"2\r\nabc\r\n0\r\n\r\n",
    "a chunk without its end": CHUNKED + b"3\r\nabc0\r\n\r\n",
    "a chunk ended by a line feed": CHUNKED + b"3\nabc\r\n0\r\n\r\n",
    "a bare line feed after a chunk": CHUNKED + b"3\r\nabc\n0\r\n\r\n",
    "a line feed in a chunk extension": CHUNKED + b"3;a\nabc\r\n0\r\n\r\n",
    "a length in the trailers": CHUNKED + b"3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n",
    "folded trailers": CHUNKED + b"3\r\nabc\r\n0\r\nX: y\r\n z\r\n\r\n",
}


@pytest.mark.parametrize("request_bytes", BAD.values(), ids=BAD.keys())
async def test_ambiguous_framing_is_refused_and_closed(
    wire: Wire, application: Application, request_bytes: bytes
) -> None:
    await wire.send(request_bytes + GET)
    assert await wire.refusal() == (400, "bad_request")
    assert application.seen == []


async def test_an_app_that_reads_a_broken_body_sees_its_client_leave(
    wire: Wire, application: Application
) -> None:
    await wire.send(CHUNKED + b"3\r\nabc\r\n", b"oops\r\n")
    assert await wire.refusal() == (400, "bad_request")
    await asyncio.sleep(0.02)
    assert application.left == 1 and application.seen == []


async def test_a_broken_body_never_ends_a_running_answer_as_success(wire: Wire) -> None:
    await wire.send(b"POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", b"oops\r\n")
    rest = await wire.rest()
    assert rest.endswith(b"5\r\nfirst\r\n")


async def test_other_versions_are_refused(wire: Wire) -> None:
    await wire.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert await wire.refusal() == (505, "http_version")


async def test_a_long_head_is_refused_while_it_still_comes(wire: Wire, application: Application) -> None:
    await wire.send(b"GET / HTTP/1.1\r\nHost: a\r\nx: " + b"y" * 40_000)
    assert await wire.refusal() == (431, "head_too_large")


async def test_a_long_head_that_came_whole_is_refused(wire: Wire, application: Application) -> None:
    await wire.send(b"GET / HTTP/1.1\r\nHost: a\r\nx: " + b"y" * 32_768 + b"\r\n\r\n")
    assert await wire.refusal() == (431, "head_too_large")


async def test_many_fields_are_refused(wire: Wire, application: Application) -> None:
    await wire.send(b"GET / HTTP/1.1\r\nHost: a\r\n" + b"x: y\r\n" * 100 + b"\r\n")
    assert await wire.refusal() == (431, "too_many_headers")


async def test_chunks_that_are_mostly_packing_are_refused(wire: Wire, application: Application) -> None:
    extension = b"x" * 8000
    await wire.send(CHUNKED, *[b"1;" + extension + b"\r\na\r\n" for _ in range(10)])
    assert await wire.refusal() == (400, "bad_request")


async def test_small_chunks_are_not(wire: Wire, application: Application) -> None:
    await wire.send(CHUNKED + b"1\r\na\r\n" * 50_000 + b"0\r\n\r\n")
    assert (await wire.answer())[0] == 200
    assert len(application.seen[0]["body"]) == 50_000


@pytest.mark.parametrize("port", [Impatient], indirect=True)
async def test_a_head_that_does_not_end_is_refused(wire: Wire) -> None:
    await wire.send(b"GET / HTTP/1.1\r\n")
    await asyncio.sleep(0.12)
    await wire.send(b"x: y\r\n")
    assert await wire.refusal() == (408, "head_timeout")


@pytest.mark.parametrize("port", [Impatient], indirect=True)
async def test_the_second_head_on_a_connection_must_end_too(wire: Wire) -> None:
    await wire.send(GET)
    await wire.answer()
    await asyncio.sleep(0.3)
    await wire.send(b"GET / HTTP/1.1\r\n")
    assert await wire.refusal() == (408, "head_timeout")


@pytest.mark.parametrize("port", [Impatient], indirect=True)
async def test_a_connection_that_says_nothing_is_closed(wire: Wire) -> None:
    assert await wire.rest() == b""


@pytest.mark.parametrize("port", [Impatient], indirect=True)
async def test_a_body_may_take_longer_than_a_head(wire: Wire) -> None:
    await wire.send(HEAD + b"Content-Length: 2\r\n\r\na")
    await asyncio.sleep(0.4)
    await wire.send(b"b")
    assert (await wire.answer())[0] == 200


async def test_a_pipelined_request_is_not_served(wire: Wire, application: Application) -> None:
    await wire.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + GET)
    application.go_on.set()
    status, headers, _ = await wire.answer()
    assert (status, headers["connection"]) == (200, "close")
    assert await wire.rest() == b""
    assert [each["path"] for each in application.seen] == ["/slow"]


async def test_a_request_behind_a_body_is_not_served(wire: Wire, application: Application) -> None:
    await wire.send(HEAD + b"Content-Length: 2\r\n\r\nhi" + GET)
    assert (await wire.answer())[0] == 200
    assert await wire.rest() == b""
    assert len(application.seen) == 1


async def test_a_request_during_an_answer_is_not_served(wire: Wire, application: Application) -> None:
    await wire.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n", GET, GET)
    application.go_on.set()
    assert (await wire.answer())[0] == 200
    assert await wire.rest() == b""
    assert len(application.seen) == 1


async def test_an_answer_before_the_end_of_the_body_arrives_whole(wire: Wire, port: int) -> None:
    """The client still sends; closing on its bytes would reset the connection and lose the answer."""
    await wire.send(b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 90000000\r\n\r\n")
    for _ in range(20):
        wire.writer.write(b"x" * 100_000)
        await asyncio.sleep(0.005)
    status, _, body = await wire.answer()
    assert (status, body) == (413, b"too much")
    assert await wire.rest() == b""


@pytest.mark.parametrize("offer", [b"websocket", b"h2c"])
async def test_an_offer_to_upgrade_is_ignored_and_the_body_still_read(
    wire: Wire, application: Application, offer: bytes
) -> None:
    await wire.send(
        HEAD + b"Connection: Upgrade\r\nUpgrade: " + offer + b"\r\nContent-Length: 5\r\n\r\n", b"hello"
    )
    assert (await wire.answer())[0] == 200
    assert application.seen[0]["body"] == "hello"
    assert dict(application.seen[0]["headers"])["upgrade"] == offer.decode()
    await wire.send(GET)
    assert (await wire.answer())[0] == 200


async def test_the_refusal_reads_as_an_error_in_each_format(wire: Wire) -> None:
    await wire.send(b"GET / HTTP/1.1\nHost: a\n\n")
    _, _, body = await wire.answer()
    answer = json.loads(body)
    assert answer["type"] == "error"
    assert answer["error"]["type"] == "invalid_request_error"
    assert answer["error"]["message"]
