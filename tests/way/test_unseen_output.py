"""What a stream bills without showing it as text is held for: tools used without words, own searches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import anyio.to_thread
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.scripted import Peer, scripted
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, RESPONSES, Json, Wire, events_of

pytestmark = pytest.mark.anyio

OUT = 100
"""Dollars per million tokens."""
ROOM = Decimal("0.45")
"""Dollars: two first slices of 2,048 tokens, but not two whole answers."""
USES, NAME = 150, "look_into_the_drawer_on_the_left"
TOKENS = 20
"""Of each use, as the provider counts."""
CAP = USES * TOKENS


def policy(model: str, more: str = "") -> str:
    return (
        f'[prices."{model}"]\ninput = "0"\noutput = "{OUT}"\n'
        f'[[budgets]]\nname = "all"\nmatch = {{}}\nlimit_usd = "{ROOM}"\nwindow = "total"\n{more}'
    )


def chat_events() -> Iterator[Json]:
    for number in range(USES):
        call = {"index": number, "id": f"c{number}", "function": {"name": NAME, "arguments": ""}}
        yield {"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]}
    yield {"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}
    yield {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": USES * TOKENS}}


def response_events() -> Iterator[Json]:
    for number in range(USES):
        item = {"type": "function_call", "id": f"f{number}", "call_id": f"c{number}", "name": NAME}
        yield {"type": "response.output_item.added", "output_index": number, "item": item}
    usage = {"input_tokens": 5, "output_tokens": USES * TOKENS}
    yield {"type": "response.completed", "response": {"model": "m", "usage": usage}}


def message_events() -> Iterator[Json]:
    yield {"type": "message_start", "message": {"model": "m", "usage": {"input_tokens": 5}}}
    for number in range(USES):
        block: dict[str, Any] = {"type": "tool_use", "id": f"t{number}", "name": NAME, "input": {}}
        yield {"type": "content_block_start", "index": number, "content_block": block}
        yield {"type": "content_block_stop", "index": number}
    usage = {"output_tokens": USES * TOKENS}
    yield {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": usage}
    yield {"type": "message_stop"}


STREAMS = (
    (CHAT, "gpt-4.1", chat_events),
    (RESPONSES, "gpt-4.1", response_events),
    (MESSAGES, MESSAGES.model, message_events),
)


@pytest.mark.parametrize(("wire", "model", "events"), STREAMS, ids=[wire.name for wire, *_ in STREAMS])
async def test_tools_that_are_used_without_arguments(
    gateways: Gateways, wire: Wire, model: str, events: Any
) -> None:
    lines = [f"event: {each.get('type', 'x')}\ndata: {json.dumps(each)}\n\n" for each in events()]
    whole = "".join(lines).encode() + (b"data: [DONE]\n\n" if wire is CHAT else b"")

    both = anyio.Event()
    asked = 0

    async def script(peer: Peer) -> None:
        nonlocal asked
        while await peer.request():
            asked += 1
            if asked == 2:
                both.set()
            head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(whole)}\r\n"
            head += "content-type: text/event-stream\r\n\r\n"
            await peer.send(head.encode() + whole[: len(whole) // 10])
            await both.wait()
            await peer.send(whole[len(whole) // 10 :])

    def work() -> None:
        base = server.url if wire is MESSAGES else f"{server.url}/v1"
        gateway = gateways.start(policy(f"{wire.provider}/{model}"), base_urls={wire.provider: base})
        body = wire.ask("Use them.", cap=CAP, stream=True, model=model)
        headers = wire.credential(gateway.token)
        with ThreadPoolExecutor(2) as two:
            answers = list(
                two.map(lambda _: gateway.http.post(wire.at(True), json=body, headers=headers), (1, 2))
            )
        rows = gateway.rows(2)
        assert [answer.status_code for answer in answers] == [200, 200]
        assert sum(Decimal(row["cost_usd"]) for row in rows) <= ROOM
        assert all(Decimal(row["cost_usd"]) > 0 for row in rows)
        assert "refused" in {row["outcome"] for row in rows}
        assert any("budget" in json.dumps(events_of(answer.content)[-1]) for answer in answers)

    async with scripted(script) as server:
        await anyio.to_thread.run_sync(work)


SEARCHING = (
    "openai/gpt-4o-search-preview",
    "openai/gpt-5-search-api",
    "lab/sonar-pro",
    "lab/openai/m:online",
)


def searching(gateways: Gateways, simulated: SimulatedProvider, model: str, more: str) -> RunningGateway:
    lab = (
        f'[providers.lab]\nformat = "openai"\nbase_url = "{simulated.base_url("openai")}"\n'
        'api_key = "none"\nmodels = ["sonar-pro", "openai/m:online"]\n'
    )
    return gateways.start(lab + policy(model, more))


@pytest.mark.parametrize("model", SEARCHING)
@pytest.mark.parametrize("allowed", [False, True], ids=["refused", "allowed"])
def test_models_that_search_by_themselves(
    gateways: Gateways, simulated: SimulatedProvider, model: str, allowed: bool
) -> None:
    """What they find is input without a bound, and each search has its fee."""
    gateway = searching(gateways, simulated, model, 'unbounded = "allow"\n' if allowed else "")
    mark = simulated.mark()
    body = CHAT.ask("What is new? [[sim output=5]]", cap=20, model=model)
    response = gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))
    assert bool(simulated.seen(mark)) == allowed
    assert (response.status_code == 402) != allowed
    if not allowed:
        assert response.json()["error"]["code"] == "unbounded_call"
        assert "web_search" in response.json()["error"]["message"]
