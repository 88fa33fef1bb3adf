"""Streams that break off at the provider: every client raises that as an error, with our words in it."""

from __future__ import annotations

import json
from collections.abc import Callable

import anthropic
import anyio.to_thread
import openai
import pytest
from google.genai import errors as google_errors

from tests.clients.sdks import Place, through
from tests.support.gateway import Gateways, RunningGateway
from tests.support.parts import Parts, stream_parts
from tests.support.scripted import Peer, scripted
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, WIRES, Wire

pytestmark = pytest.mark.anyio

WORDS = "stream ended before its end mark"
Cut = Callable[[Parts], bytes]
CUTS: dict[str, Cut] = {
    "before its first event": lambda parts: b"",
    "between two events": lambda parts: parts.first,
    "inside an event": lambda parts: parts.first + parts.inside,
}


def read(wire: Wire, place: Place) -> None:
    """Reads a stream to its end as that format's own SDK does."""
    if wire is CHAT:
        list(place.openai().chat.completions.create(model=wire.model, messages=[], stream=True))
    elif wire is RESPONSES:
        list(place.openai().responses.create(model=wire.model, input="hi", stream=True))
    elif wire is MESSAGES:
        list(
            place.anthropic().messages.create(
                model="claude-sonnet-5-5",
                max_tokens=9,
                messages=[{"role": "user", "content": "hi"}],
                stream=True,
            )
        )
    else:
        list(place.genai().models.generate_content_stream(model=wire.model, contents="hi"))


def array_of(events: bytes) -> bytes:
    """Gemini's other kind of stream with the same chunks, as far as they have come."""
    lines = [line.removeprefix(b"data: ") for line in events.split(b"\n\n") if line]
    return b"[" + b"\r\n,\r\n".join(lines) if lines else b""


async def broken(peer: Peer, kind: str, body: bytes) -> None:
    """A whole answer as far as HTTP can tell."""
    await peer.request()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\n".encode()
    chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
    await peer.send(head + chunk, b"0\r\n\r\n")


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_an_sdk_raises_a_stream_that_breaks(gateways: Gateways, wire: Wire, cut: Cut) -> None:
    async def script(peer: Peer) -> None:
        await broken(peer, "text/event-stream", cut(stream_parts(wire.name)))

    def call(gateway: RunningGateway) -> None:
        with through(gateway) as place, pytest.raises(expected) as raised:
            read(wire, place)
        assert WORDS in str(raised.value)
        (row,) = gateway.rows(1)
        assert row["outcome"] == "failed" and "stream_broken" in row["error"]

    expected = (openai.APIError, anthropic.APIError, google_errors.APIError)
    async with scripted(script) as server:
        gateway = gateways.start(base_urls={wire.provider: base_url(server.url, wire)})
        await anyio.to_thread.run_sync(call, gateway)


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
async def test_an_array_that_breaks_ends_with_the_error_as_its_last_element(
    gateways: Gateways, cut: Cut
) -> None:
    parts = stream_parts(GEMINI.name)

    async def script(peer: Peer) -> None:
        await broken(peer, "application/json", array_of(cut(parts)))

    def call(gateway: RunningGateway) -> None:
        path = GEMINI.stream_path.removesuffix("?alt=sse")
        answer = gateway.http.post(path, json=GEMINI.ask("hi"), headers=GEMINI.credential(gateway.token))
        *before, last = json.loads(answer.content)
        assert len(before) == (1 if cut(parts) else 0)
        assert last["error"]["code"] == 502 and WORDS in last["error"]["message"]

    async with scripted(script) as server:
        gateway = gateways.start(base_urls={"gemini": server.url})
        await anyio.to_thread.run_sync(call, gateway)


def base_url(root: str, wire: Wire) -> str:
    return f"{root}/v1" if wire.provider == "openai" else root
