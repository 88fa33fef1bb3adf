"""Paths of a provider that the gateway has no words for: they pass, byte for byte, and are on the meter."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import anyio.to_thread
import httpx
import pytest

from tests.support.endpoints import PASSING, Passing
from tests.support.gateway import PROVIDER_KEY, Gateways, RunningGateway
from tests.support.scripted import Peer, Request, ScriptedServer, scripted
from tests.support.wires import CHAT

pytestmark = pytest.mark.anyio

HARD = '[[budgets]]\nname = "hard"\nmatch = {}\nlimit_usd = "5"\nwindow = "total"\n'
PRICES = '[prices."openai/gpt-image-1"]\ninput = "5"\noutput = "40"\n'
BINARY = bytes(range(256)) * 40
IMAGES = "/v1/images/generations"


@dataclass
class Provider:
    """Keeps what it gets, and answers each call with the same bytes."""

    answer: bytes = BINARY
    fields: tuple[str, ...] = ("content-type: application/octet-stream", "x-request-id: their-id")
    status: str = "200 OK"
    seen: list[Request] = field(default_factory=list)

    async def script(self, peer: Peer) -> None:
        while request := await peer.request():
            self.seen.append(request)
            await peer.answer(self.answer, *self.fields, status=self.status)

    def serving(self) -> AbstractAsyncContextManager[ScriptedServer]:
        return scripted(self.script)


def start(gateways: Gateways, server: ScriptedServer, policy: str = "", **more: Any) -> RunningGateway:
    urls = {"openai": f"{server.url}/v1", "anthropic": server.url, "gemini": server.url}
    return gateways.start(policy, base_urls=urls, **more)


def call(gateway: RunningGateway, passing: Passing, **headers: str) -> httpx.Response:
    return gateway.http.request(
        passing.method,
        passing.path,
        content=passing.body or None,
        headers={
            **passing.wire.credential(gateway.token),
            **({"content-type": passing.kind} if passing.body else {}),
            "x-llmconsole-tags": "project=web",
            **headers,
        },
    )


async def in_thread(work: Callable[[], None]) -> None:
    await anyio.to_thread.run_sync(work)


async def test_every_path_passes_byte_for_byte_and_leaves_a_row(gateways: Gateways) -> None:
    provider = Provider()

    def work() -> None:
        gateway = start(gateways, server)
        for passing in PASSING:
            response = call(gateway, passing)
            assert (passing.path, response.status_code) == (passing.path, 200), response.text
            assert response.content == BINARY
            assert response.headers["x-request-id"] == "their-id"
            request = provider.seen[-1]
            assert request.line.split(" ")[:2] == [passing.method, passing.upstream]
            assert request.body == passing.body
            assert PROVIDER_KEY in str(request.fields) and gateway.token not in str(request.fields)
            if passing.body:
                assert request.headers["content-type"] == passing.kind
        for passing, row in zip(PASSING, gateway.rows(len(PASSING)), strict=True):
            path = passing.upstream.replace("%20", " ")
            assert (row["path"], row["outcome"], row["model"], row["cost_usd"]) == (
                f"{passing.method} {path}", "ok", passing.model, "0.00",
            )  # fmt: skip
            assert row["provider"] == passing.wire.provider
            assert row["certainty"] == ("computed" if passing.free else "unpriced")
            assert row["tags"]["project"] == "web"
        faults = [check for check in gateway.doctor() if not check["name"].startswith("provider: ")]
        assert not faults

    async with provider.serving() as server:
        await in_thread(work)


WALKS = (
    "/openai/v1/conversations/..%2Fchat/completions", "/openai/v1/conversations/..%3b/chat/completions",
    "/openai/v1/conversations/x%2f..%2f..%2fchat%2fcompletions", "/openai/v1/files/..%2f..%2fadmin",
    "/openai/v1/conversations/x/%2e%2e%2f%2e%2e/chat", "/openai/v1/conversations/..%5cchat/completions",
)  # fmt: skip
"""Free by their beginning, and another path to a server that takes what is encoded for strokes."""


async def test_no_path_walks_out_of_the_one_that_was_held_for(gateways: Gateways) -> None:
    provider = Provider()

    def work() -> None:
        for gateway in (start(gateways, server), start(gateways, server, HARD)):
            for path in WALKS:
                headers = CHAT.credential(gateway.token)
                response = gateway.http.post(path, json={"model": "gpt-5-mini"}, headers=headers)
                assert (path, response.status_code in (400, 402)) == (path, True)
        assert not provider.seen

    async with provider.serving() as server:
        await in_thread(work)


async def test_a_hard_budget_refuses_what_nothing_bounds_and_lets_the_free_pass(gateways: Gateways) -> None:
    provider = Provider()

    def work() -> None:
        strict = start(gateways, server, HARD)
        for passing in PASSING:
            response = call(strict, passing)
            assert (passing.path, response.status_code) == (passing.path, 200 if passing.free else 402)
        assert len(provider.seen) == sum(passing.free for passing in PASSING)
        assert "nobody can tell" in call(strict, PASSING[0]).text
        assert call(strict, PASSING[0], **{"x-llmconsole-max-cost": "1"}).status_code == 402
        allowing = start(gateways, server, HARD + 'unbounded = "allow"\n')
        assert call(allowing, PASSING[0]).status_code == 200

    async with provider.serving() as server:
        await in_thread(work)


@pytest.mark.parametrize("size", [100, 6 * 2**20], ids=["small", "large"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
async def test_usage_in_the_answer_is_booked(gateways: Gateways, packed: bool, size: int) -> None:
    usage = {"input_tokens": 50, "output_tokens": 1000, "total_tokens": 1050}
    body = json.dumps({"data": [{"b64_json": "x" * size}], "usage": usage}).encode()
    fields = ("content-type: application/json", *(("content-encoding: gzip",) if packed else ()))
    provider = Provider(gzip.compress(body) if packed else body, fields)

    def work() -> None:
        gateway = start(gateways, server, PRICES)
        image = Passing("POST", IMAGES, CHAT, IMAGES, body=b'{"model": "gpt-image-1"}')
        response = call(gateway, image)
        assert response.content == body
        if size == 100:
            assert response.headers["x-llmconsole-cost-usd"] == "0.04025"
        (row,) = gateway.rows(1)
        assert (row["input_tokens"], row["output_tokens"], row["certainty"]) == (50, 1000, "computed")
        assert Decimal(row["cost_usd"]) == Decimal("0.04025")

    async with provider.serving() as server:
        await in_thread(work)


async def test_usage_of_a_fetched_answer_is_not_booked_again(gateways: Gateways) -> None:
    usage = {"input_tokens": 50, "output_tokens": 1000, "total_tokens": 1050}
    response_object = {"id": "resp_1", "status": "completed", "model": "gpt-5-mini", "usage": usage}
    provider = Provider(json.dumps(response_object).encode(), ("content-type: application/json",))

    def work() -> None:
        gateway = start(gateways, server)
        for passing in PASSING:
            if passing.method == "GET":
                call(gateway, passing)
        rows = gateway.rows(sum(passing.method == "GET" for passing in PASSING))
        assert {(row["cost_usd"], row["output_tokens"]) for row in rows} == {("0.00", 0)}

    async with provider.serving() as server:
        await in_thread(work)


async def test_events_pass_as_they_are_and_their_usage_counts(gateways: Gateways) -> None:
    usage = {"input_tokens": 50, "output_tokens": 1000, "total_tokens": 1050}
    event = {"type": "image_generation.completed", "usage": usage}
    stream = f"event: image\ndata: {json.dumps(event)}\n\n".encode()
    provider = Provider(stream, ("content-type: text/event-stream",))

    def work() -> None:
        gateway = start(gateways, server, PRICES)
        image = Passing("POST", IMAGES, CHAT, IMAGES, body=b'{"model": "gpt-image-1", "stream": true}')
        assert call(gateway, image).content == stream
        (row,) = gateway.rows(1)
        assert (row["cost_usd"], row["stream"]) == ("0.04025", True)

    async with provider.serving() as server:
        await in_thread(work)


async def test_a_providers_error_passes_and_costs_nothing(gateways: Gateways) -> None:
    provider = Provider(
        b'{"error": {"message": "no such file"}}', ("content-type: application/json",), "404 Not"
    )

    def work() -> None:
        gateway = start(gateways, server)
        response = call(gateway, PASSING[1])
        assert (response.status_code, response.content) == (404, provider.answer)
        (row,) = gateway.rows(1)
        assert (row["outcome"], row["cost_usd"]) == ("failed", "0.00")

    async with provider.serving() as server:
        await in_thread(work)


async def test_a_download_that_breaks_off_is_seen_to_be_cut(gateways: Gateways) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(
            b"HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\ntransfer-encoding: chunked\r\n\r\n",
            b"400\r\n" + b"x" * 1024 + b"\r\n",
        )
        peer.reset()

    def work() -> None:
        gateway = start(gateways, server)
        with pytest.raises(httpx.RemoteProtocolError):
            call(gateway, PASSING[2])
        (row,) = gateway.rows(1)
        assert (row["outcome"], row["certainty"]) == ("failed", "unpriced")

    async with scripted(script) as server:
        await in_thread(work)


async def test_a_body_over_the_limit_and_a_pace_hold_here_too(gateways: Gateways) -> None:
    provider = Provider()
    throttle = '[[throttles]]\nname = "slow"\nmatch = {}\nrequests_per_minute = 1\n'

    def work() -> None:
        gateway = start(gateways, server, throttle, top="max_body_mb = 1")
        large = Passing("POST", "/v1/files", CHAT, "/v1/files", True, b"x" * (2**20 + 1), "image/png")
        assert call(gateway, large).status_code == 413
        assert not provider.seen
        answers = [call(gateway, PASSING[-1]).status_code for _ in range(2)]
        assert answers == [200, 429]

    async with provider.serving() as server:
        await in_thread(work)
