"""What every usage shape costs on the whole way: real sockets, the provider's bytes, the ledger's row."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from decimal import Decimal

import anyio
import httpx
import pytest

from gateway_core.model.call import DialectName, Operation
from tests.gateway_core.rules.costs.shape import Shape
from tests.gateway_core.rules.costs.table import SHAPES
from tests.support.gateway import Gateways, Row, RunningGateway
from tests.support.scripted import Peer, Request, scripted

pytestmark = pytest.mark.anyio

BY_MODEL = {shape.model: shape for shape in SHAPES}
CALLS = [(shape, stream) for shape in SHAPES for stream in (False, True) if shape.stream or not stream]
TOGETHER = 16
ACTIONS = {
    Operation.GENERATE: "generateContent",
    Operation.COUNT: "countTokens",
    Operation.EMBED: "embedContent",
}


def path(shape: Shape, stream: bool) -> str:
    match shape.dialect, shape.operation:
        case DialectName.GEMINI, operation:
            action = "streamGenerateContent" if stream else ACTIONS[operation]
            sse = "?alt=sse" if stream and not shape.name.endswith("array") else ""
            return f"/gemini/v1beta/models/{shape.model}:{action}{sse}"
        case DialectName.ANTHROPIC, operation:
            return "/v1/messages" + ("/count_tokens" if operation is Operation.COUNT else "")
        case DialectName.OPENAI_RESPONSES, _:
            return "/v1/responses"
        case _, operation:
            return "/v1/embeddings" if operation is Operation.EMBED else "/v1/chat/completions"


def model_of(request: Request) -> str:
    if ":" in (where := request.line.split()[1].partition("?")[0]):
        return where.rpartition("/")[2].partition(":")[0]
    return str(json.loads(request.body)["model"])


async def answers(peer: Peer) -> None:
    """Each request's shape, found by its model."""
    while request := await peer.request():
        if request.line.startswith("GET "):
            # A provider's own list of models.
            await peer.answer(b'{"data": []}', "content-type: application/json")
            continue
        shape = BY_MODEL[model_of(request)]
        headers = [f"{name}: {value}" for name, value in shape.headers.items()]
        if b'"stream":true' in request.body.replace(b" ", b"") or ":stream" in request.line:
            assert shape.stream is not None
            kind = "application/json" if shape.name.endswith("array") else "text/event-stream"
            await peer.answer(shape.stream(shape.answer), f"content-type: {kind}", *headers)
        else:
            await peer.answer(shape.body, "content-type: application/json", *headers)


def prices() -> str:
    priced = {f"{shape.provider}/{shape.model}": shape.price for shape in SHAPES}
    priced |= {f"{s.provider}/{name}": price for s in SHAPES for name, price in s.others.items()}
    return "".join(f'[prices."{name}"]\n{_toml(price)}\n' for name, price in priced.items())


def _toml(table: object) -> str:
    assert isinstance(table, dict)
    return "".join(f"{key} = {_value(value)}\n" for key, value in table.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value)


@pytest.fixture
async def gateway(gateways: Gateways) -> AsyncIterator[RunningGateway]:
    async with scripted(answers) as server:
        bare = {"anthropic", "gemini"}
        providers = {shape.provider for shape in SHAPES}
        urls = {name: server.url if name in bare else f"{server.url}/v1" for name in providers}
        yield await anyio.to_thread.run_sync(lambda: gateways.start(prices(), base_urls=urls))


async def call_all(gateway: RunningGateway) -> None:
    slots = anyio.CapacityLimiter(TOGETHER)
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=30) as client:

        async def one(shape: Shape, stream: bool) -> None:
            body = json.loads(shape.request(stream=stream))
            if "model" in body:
                body["model"] = f"{shape.provider}/{shape.model}"
            headers = {
                "x-llmconsole-token": gateway.token,
                "x-llmconsole-tags": f"shape={shape.model},way={'stream' if stream else 'whole'}",
                "anthropic-version": "2023-06-01",
            }
            async with slots:
                response = await client.post(path(shape, stream), json=body, headers=headers)
            assert response.status_code == 200, (shape.name, response.text)

        async with anyio.create_task_group() as group:
            for shape, stream in CALLS:
                group.start_soon(one, shape, stream)


def counted(row: Row) -> tuple[int, ...]:
    names = ("input", "cached_input", "cache_write", "cache_write_1h", "output", "reasoning")
    return tuple(row[f"{name}_tokens"] for name in names)


async def test_every_shape_is_booked_exactly(gateway: RunningGateway) -> None:
    await call_all(gateway)
    rows = await anyio.to_thread.run_sync(gateway.rows, len(CALLS))
    booked = {
        (row["tags"]["shape"], row["tags"]["way"]): (row["cost_usd"], row["certainty"], counted(row))
        for row in rows
    }
    for shape, stream in CALLS:
        cost, certainty, columns = booked[shape.model, "stream" if stream else "whole"]
        told = (shape.provider, shape.name, "stream" if stream else "whole")
        assert (*told, columns) == (*told, shape.columns)
        assert (*told, Decimal(cost)) == (*told, Decimal(shape.nano) / 10**9)
        assert (*told, certainty) == (*told, shape.certainty)
    assert not await anyio.to_thread.run_sync(gateway.doctor)
