"""A provider that states its cost in dollars: the row says those, marked as reported."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import anyio.to_thread
import httpx
import pytest

from tests.support.gateway import Gateways, Row, RunningGateway
from tests.support.scripted import Peer, ScriptedServer, scripted
from tests.support.wires import CHAT

pytestmark = pytest.mark.anyio

MODEL = "openrouter/some-lab/some-model"
PRICE = f'[prices."{MODEL}"]\ninput = "100"\noutput = "1000"\n'
BUDGET = '[[budgets]]\nname = "hard"\nmatch = {}\nlimit_usd = "5"\nwindow = "total"\n'
TOKENS = {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20}


def whole(cost: Any) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": "Hi."}, "finish_reason": "stop"}
    return json.dumps({"id": "c", "choices": [choice], "usage": {**TOKENS, "cost": cost}}).encode()


def streamed(cost: Any) -> bytes:
    first = {"id": "c", "choices": [{"index": 0, "delta": {"content": "Hi."}, "finish_reason": "stop"}]}
    last = {"id": "c", "choices": [], "usage": {**TOKENS, "cost": cost}}
    return b"".join(f"data: {json.dumps(each)}\n\n".encode() for each in (first, last)) + b"data: [DONE]\n\n"


def serving(cost: Any) -> Any:
    async def script(peer: Peer) -> None:
        while request := await peer.request():
            if json.loads(request.body).get("stream"):
                await peer.answer(streamed(cost), "content-type: text/event-stream")
            else:
                await peer.answer(whole(cost), "content-type: application/json")

    return scripted(script)


def call(gateway: RunningGateway, *, stream: bool = False) -> httpx.Response:
    body = CHAT.ask("Say it.", model=MODEL, cap=20, stream=stream)
    return gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))


async def row_of(
    gateways: Gateways, server: ScriptedServer, policy: str, *, stream: bool = False
) -> tuple[RunningGateway, Row]:
    def run() -> tuple[RunningGateway, Row]:
        gateway = gateways.start(policy, base_urls={"openrouter": f"{server.url}/v1"})
        assert call(gateway, stream=stream).status_code == 200
        (row,) = gateway.rows(1)
        return gateway, row

    return await anyio.to_thread.run_sync(run)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("policy", ["", PRICE + BUDGET], ids=["unpriced", "priced"])
async def test_the_stated_dollars_are_the_cost(gateways: Gateways, policy: str, stream: bool) -> None:
    async with serving(0.00123) as server:
        gateway, row = await row_of(gateways, server, policy, stream=stream)
    assert (row["cost_usd"], row["certainty"]) == ("0.00123", "reported")
    assert (row["input_tokens"], row["output_tokens"]) == (10, 10)
    if policy:
        (budget,) = gateway.admin("GET", "budgets")["budgets"]
        assert Decimal(budget["spent_usd"]) == Decimal("0.00123")


@pytest.mark.parametrize("cost", [-1, "free", 10_000, 9_000])
async def test_an_absurd_cost_is_booked_as_any_absurd_usage(gateways: Gateways, cost: Any) -> None:
    async with serving(cost) as server:
        _, row = await row_of(gateways, server, PRICE + BUDGET)
    assert row["certainty"] == "estimated"
    assert Decimal(0) < Decimal(row["cost_usd"]) < 1
    assert row["error"]


async def test_an_unpriced_model_is_still_refused_under_a_hard_budget(gateways: Gateways) -> None:
    async with serving(0.00123) as server:
        gateway = await anyio.to_thread.run_sync(
            lambda: gateways.start(BUDGET, base_urls={"openrouter": f"{server.url}/v1"})
        )
        answer = await anyio.to_thread.run_sync(call, gateway)
        assert server.connections == 0
    assert answer.status_code == 402
    assert "price" in answer.text
