"""A client that leaves at nine moments of a call: a row for each call that began, and never too little.

The provider is a script, so that each moment is met to the byte.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

import anyio
import pytest

from tests.support.gateway import Gateways, Row, RunningGateway
from tests.support.parts import CONTENT, FIRST, INPUT, OUTPUT, Parts, stream_parts, whole_parts
from tests.support.scripted import Peer, ScriptedServer, scripted
from tests.support.wires import WIRES, Wire

pytestmark = pytest.mark.anyio

DURING = (
    "before the provider answers", "after the first byte", "inside an event", "before the usage",
    "before the end mark", "after the end mark",
)  # fmt: skip
PROMPT = "word " * 240
"""1,200 bytes, for which the script's provider bills 300 tokens."""
IN, OUT = Decimal(10), Decimal(100)
"""Dollars per million tokens."""
SETTLING = 0.15
"""Seconds for bytes to pass the gateway."""
LETTING_GO = 2.0


def policy(wire: Wire) -> str:
    return f"""
[prices."{wire.provider}/{wire.model}"]
input = "{IN}"
output = "{OUT}"
[[budgets]]
name = "all"
match = {{}}
limit_usd = "100"
window = "month"
"""


@dataclass
class Provider:
    """Sends as much of an answer as the moment named in the prompt allows, and waits to be let go.

    Usage that comes in one event with the end mark is not seen before that event is whole.
    """

    wire: Wire
    sent: dict[str, asyncio.Event] = field(default_factory=dict)
    released: dict[str, bool] = field(default_factory=dict)
    all_let_go: asyncio.Event = field(default_factory=asyncio.Event)

    def reached(self, name: str) -> asyncio.Event:
        return self.sent.setdefault(name, asyncio.Event())

    async def script(self, peer: Peer) -> None:
        while request := await peer.request():
            if request.line.startswith("GET "):
                # The list of models, for which doctor asks.
                await peer.answer(b'{"data": []}', "content-type: application/json")
                continue
            text = request.body.decode()
            name = next(name for name in map(call_name, DURING * 2, _WAYS) if f"<{name}>" in text)
            parts = parts_of(self.wire, name.startswith("stream"))
            await self.send(peer, parts, DURING.index(name.partition(", ")[2]))
            self.reached(name).set()
            if not name.endswith(DURING[-1]):
                self.released[name] = await peer.client_closes(LETTING_GO + SETTLING)
                if len(self.released) == 2 * len(DURING) - 2:
                    self.all_let_go.set()
                return

    async def send(self, peer: Peer, parts: Parts, count: int) -> None:
        if not count:
            return
        length = (
            f"content-length: {len(parts.whole)}"
            if parts.kind == "application/json"
            else "transfer-encoding: chunked"
        )
        head = f"HTTP/1.1 200 OK\r\ncontent-type: {parts.kind}\r\n{length}\r\n\r\n".encode()
        pieces = [framed(parts, piece) for piece in parts.pieces[:count]]
        if count == len(parts.pieces):
            pieces[-1] += b"0\r\n\r\n" if parts.kind != "application/json" else b""
        await peer.send(head, *pieces)


_WAYS = ("stream",) * len(DURING) + ("whole",) * len(DURING)


def call_name(moment: str, way: str) -> str:
    return f"{way}, {moment}"


def parts_of(wire: Wire, stream: bool) -> Parts:
    return stream_parts(wire.name) if stream else whole_parts(wire.name)


def framed(parts: Parts, piece: bytes) -> bytes:
    return piece if parts.kind == "application/json" else f"{len(piece):x}\r\n".encode() + piece + b"\r\n"


def request_bytes(gateway: RunningGateway, wire: Wire, name: str) -> bytes:
    stream = name.startswith("stream")
    body = json.dumps(wire.ask(f"<{name}> {PROMPT}", stream=stream)).encode()
    fields = {
        "host": urlsplit(gateway.url).netloc,
        "content-type": "application/json",
        "content-length": str(len(body)),
        "x-llmconsole-tags": f"call={name.replace(', ', '/')}",
        **wire.credential(gateway.token),
    }
    head = "".join(f"{key}: {value}\r\n" for key, value in fields.items())
    return f"POST {wire.at(stream)} HTTP/1.1\r\n{head}\r\n".encode() + body


async def leave(gateway: RunningGateway, data: bytes, until: asyncio.Event | None) -> None:
    """Sends the data, waits for the moment, and closes."""
    place = urlsplit(gateway.url)
    _, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(data)
    await writer.drain()
    if until is not None:
        async with asyncio.timeout(10):
            await until.wait()
    await asyncio.sleep(SETTLING)
    writer.close()
    await writer.wait_closed()


async def leave_at_every_moment(gateway: RunningGateway, provider: Provider) -> None:
    async with anyio.create_task_group() as group:
        for way in ("stream", "whole"):
            data = request_bytes(gateway, provider.wire, call_name("", way))
            head = data.index(b"\r\n\r\n") + 4
            for cut in (head // 2, head, head + 300):
                group.start_soon(leave, gateway, data[:cut], None)
            for moment in DURING:
                name = call_name(moment, way)
                data = request_bytes(gateway, provider.wire, name)
                group.start_soon(leave, gateway, data, provider.reached(name))


def least(wire: Wire, name: str) -> Decimal:
    """Dollars of the input and of what was delivered, as the provider counts; four bytes make a token."""
    way, _, moment = name.partition(", ")
    if way == "whole":
        delivered = CONTENT if moment == DURING[-1] else ""
    else:
        text = ("", FIRST, FIRST, CONTENT, CONTENT, CONTENT)
        delivered = text[DURING.index(moment)]
    return (INPUT * IN + len(delivered) // 4 * OUT) / 1_000_000


EXACT = (INPUT * IN + OUTPUT * OUT) / 1_000_000


def assert_booked(wire: Wire, name: str, row: Row) -> None:
    cost = Decimal(row["cost_usd"])
    way, _, moment = name.partition(", ")
    assert (name, cost) >= (name, least(wire, name))
    seen = way == "stream" and moment == DURING[-2] and wire.name in ("openai", "anthropic")
    if moment == DURING[-1] or seen:
        assert (name, cost, row["certainty"]) == (name, EXACT, "computed")
    else:
        assert (name, row["certainty"], row["outcome"]) == (name, "estimated", "cancelled")


async def the_rows(gateway: RunningGateway, count: int) -> dict[str, Row]:
    rows = await anyio.to_thread.run_sync(gateway.rows, count)
    found = {row["tags"]["call"].replace("/", ", "): row for row in rows}
    assert len(found) == count
    return found


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_at_nine_moments(gateways: Gateways, wire: Wire) -> None:
    provider = Provider(wire)
    async with scripted(provider.script) as server:
        gateway = await anyio.to_thread.run_sync(start, gateways, wire, server)
        await leave_at_every_moment(gateway, provider)
        rows = await the_rows(gateway, 2 * len(DURING))
        assert rows.keys() == {call_name(moment, way) for way in ("stream", "whole") for moment in DURING}
        for name, row in rows.items():
            assert_booked(wire, name, row)
        async with asyncio.timeout(LETTING_GO + 1):
            await provider.all_let_go.wait()
        assert provider.released == dict.fromkeys(provider.released, True)
        budget = gateway.admin("GET", "budgets")["budgets"][0]
        assert Decimal(budget["held_usd"]) == 0
        assert Decimal(budget["spent_usd"]) == sum(Decimal(row["cost_usd"]) for row in rows.values())
        assert not await anyio.to_thread.run_sync(gateway.doctor)


def start(gateways: Gateways, wire: Wire, server: ScriptedServer) -> RunningGateway:
    url = server.url if wire.provider in ("anthropic", "gemini") else f"{server.url}/v1"
    return gateways.start(policy(wire), base_urls={wire.provider: url})
