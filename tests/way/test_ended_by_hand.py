"""A person ends a running call: the provider is let go, what it used is booked, the client is told why."""

from __future__ import annotations

from decimal import Decimal

import anyio
import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.parts import CONTENT, FIRST, INPUT, stream_parts, whole_parts
from tests.support.scripted import Peer, scripted
from tests.support.wires import WIRES, Wire

pytestmark = pytest.mark.anyio

IN, OUT = Decimal(10), Decimal(100)
"""Dollars per million tokens."""
LEAST = (INPUT * IN + len(FIRST) // 4 * OUT) / 1_000_000
MOST = (2 * INPUT * IN + len(CONTENT) * OUT) / 1_000_000


def policy(wire: Wire) -> str:
    return f"""
[prices."{wire.provider}/{wire.model}"]
input = "{IN}"
output = "{OUT}"
[[budgets]]
name = "all"
limit_usd = "100"
"""


class Provider:
    """Answers with the first of its content, and then with nothing until it is let go."""

    def __init__(self, wire: Wire, *, stream: bool) -> None:
        self._parts = stream_parts(wire.name) if stream else whole_parts(wire.name)
        self.began = anyio.Event()
        self.let_go = anyio.Event()

    async def script(self, peer: Peer) -> None:
        while request := await peer.request():
            if request.line.startswith("GET "):
                await peer.answer(b'{"data": []}', "content-type: application/json")
                continue
            parts = self._parts
            await peer.send(
                f"HTTP/1.1 200 OK\r\ncontent-type: {parts.kind}\r\nconnection: close\r\n\r\n".encode()
            )
            await peer.send(parts.first, parts.inside)
            self.began.set()
            if await peer.client_closes(10):
                self.let_go.set()
            return


async def end_the_call(gateway: RunningGateway, provider: Provider) -> str:
    with anyio.fail_after(10):
        await provider.began.wait()
    calls = await anyio.to_thread.run_sync(gateway.admin, "GET", "calls")
    [call] = calls["in_flight"]
    await anyio.to_thread.run_sync(gateway.admin, "POST", f"calls/{call['id']}/end")
    return str(call["id"])


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_a_running_call_is_ended(gateways: Gateways, wire: Wire, stream: bool) -> None:
    provider = Provider(wire, stream=stream)
    async with scripted(provider.script) as server:
        url = server.url if wire.provider in ("anthropic", "gemini") else f"{server.url}/v1"
        gateway = await anyio.to_thread.run_sync(
            lambda: gateways.start(policy(wire), base_urls={wire.provider: url})
        )
        answers: list[httpx.Response] = []

        async def ask() -> None:
            async with httpx.AsyncClient(base_url=gateway.url, timeout=20) as client:
                body = wire.ask("word " * 240, stream=stream)
                answers.append(
                    await client.post(wire.at(stream), json=body, headers=wire.credential(gateway.token))
                )

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            call_id = await end_the_call(gateway, provider)
        with anyio.fail_after(5):
            await provider.let_go.wait()

        [answer] = answers
        assert answer.status_code == (200 if stream else 402)
        assert "ended this call" in answer.text
        assert "[DONE]" not in answer.text
        assert "message_stop" not in answer.text
        [row] = await anyio.to_thread.run_sync(gateway.rows, 1)
        assert (row["id"], row["outcome"], row["certainty"]) == (call_id, "cancelled", "estimated")
        assert row["error"].startswith("ended_by_hand: ")
        assert LEAST <= Decimal(row["cost_usd"]) <= MOST
        budget = gateway.admin("GET", "budgets")["budgets"][0]
        assert Decimal(budget["held_usd"]) == 0
        assert Decimal(budget["spent_usd"]) == Decimal(row["cost_usd"])
        assert gateway.admin_response("POST", f"calls/{call_id}/end").status_code == 404
        assert not await anyio.to_thread.run_sync(gateway.doctor)
