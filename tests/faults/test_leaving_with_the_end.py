"""A client that leaves as soon as it has the end mark: its key stands for the whole answer, in any format."""

from __future__ import annotations

from urllib.parse import urlsplit

import anyio
import httpx
import pytest

from tests.faults.test_client_leaves import Provider, leave, start
from tests.support.gateway import Gateways, RunningGateway
from tests.support.parts import CONTENT
from tests.support.scripted import scripted
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, Wire

pytestmark = pytest.mark.anyio

MOMENT = "stream, after the end mark"
END = {CHAT: b"data: [DONE]\n\n", MESSAGES: b"event: message_stop", RESPONSES: b"event: response.completed"}


def asking(gateway: RunningGateway, wire: Wire, model: str) -> httpx.Request:
    body = wire.ask(f"<{MOMENT}>", stream=True, model=model)
    headers = {**wire.credential(gateway.token), "idempotency-key": "once"}
    return gateway.http.build_request("POST", wire.for_model(model, stream=True), json=body, headers=headers)


def on_the_wire(request: httpx.Request) -> bytes:
    place = urlsplit(str(request.url))
    target = place.path + (f"?{place.query}" if place.query else "")
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    return f"POST {target} HTTP/1.1\r\n{head}\r\n".encode() + request.content


@pytest.mark.parametrize(
    ("wire", "provided"),
    [(CHAT, CHAT), (MESSAGES, MESSAGES), (GEMINI, GEMINI), (MESSAGES, CHAT), (RESPONSES, MESSAGES)],
    ids=lambda wire: wire.name,
)
async def test_the_key_stands_for_the_whole_answer(gateways: Gateways, wire: Wire, provided: Wire) -> None:
    provider = Provider(provided)
    async with scripted(provider.script) as server:
        gateway = await anyio.to_thread.run_sync(start, gateways, provided, server)
        request = asking(gateway, wire, provided.model)
        await leave(gateway, on_the_wire(request), provider.reached(MOMENT))
        (row,) = await anyio.to_thread.run_sync(gateway.rows, 1)
        assert (row["outcome"], row["certainty"]) == ("ok", "computed"), row["error"]
        again = await anyio.to_thread.run_sync(gateway.http.send, request)
        assert again.headers["idempotency-replayed"] == "true"
        assert END.get(wire, b"finishReason") in again.content
        assert CONTENT.split()[0] in again.text
        rows = await anyio.to_thread.run_sync(gateway.rows, 2)
        assert rows[1]["cost_usd"] == "0.00"
