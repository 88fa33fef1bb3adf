"""No path, header or parameter takes a call around the meter, whatever a server on the way makes of it."""

from __future__ import annotations

import json
from decimal import Decimal
from urllib.parse import unquote_plus

import anyio.to_thread
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.parts import whole_parts
from tests.support.scripted import Peer, Request, ScriptedServer, scripted
from tests.support.wires import CHAT, GEMINI

pytestmark = pytest.mark.anyio

HARD = '[[budgets]]\nname = "hard"\nmatch = {}\nlimit_usd = "5"\nwindow = "total"\n'
PATHS = (
    "/v1/chat/completions/%20", "/v1/chat/completions/%09", "/v1/chat/completions/%00",
    "/v1/chat/completions/%23", "/v1/chat/completions/%3f", "/v1/chat/completions/;x=1",
    "/v1/chat/completions/%252e%252e", "/openai/v1/conversations//chat/completions",
    "/openai/v1/conversations/%252e%252e/chat/completions",
    "/openai/v1/conversations/x/%252e%252e/%252e%252e/chat/completions", "/openai/v1/files%3f",
)  # fmt: skip
"""Nearly those that only keep something, and to a server that trims or decodes once more one that bills."""
HEADERS = (
    ("x-http-method-override", "GET"), ("x-http-method", "GET"), ("x-method-override", "GET"),
    ("x-original-url", "/v1/images/generations"), ("x-rewrite-url", "/v1/images/generations"),
    ("x-goog-fieldmask", "candidates"),
)  # fmt: skip
PARAMETERS = (
    "fields=candidates", "$fields=candidates", "%24fields=candidates", "callback=show", "alt=proto",
    "$alt=proto", "alt=media", "%61lt=proto", "alt=json&alt=proto",
)  # fmt: skip


def hides_usage(request: Request) -> bool:
    """Whether Google's servers would answer without the counts, or in a form that is no JSON."""
    query = request.line.split(" ")[1].partition("?")[2]
    names = {unquote_plus(each.partition("=")[0]).removeprefix("$") for each in query.split("&")}
    masked = "x-goog-fieldmask" in request.headers
    return masked or bool(names & {"fields", "callback"}) or "proto" in query or "media" in query


class Provider:
    def __init__(self) -> None:
        self.seen: list[Request] = []

    async def script(self, peer: Peer) -> None:
        while request := await peer.request():
            self.seen.append(request)
            wire = GEMINI if ":generateContent" in request.line else CHAT
            answer = json.loads(whole_parts(wire.name).whole)
            if hides_usage(request):
                answer.pop("usageMetadata", None)
            await peer.answer(json.dumps(answer).encode(), "content-type: application/json")


def start(gateways: Gateways, server: ScriptedServer) -> RunningGateway:
    urls = {"openai": f"{server.url}/v1", "anthropic": server.url, "gemini": server.url}
    return gateways.start(HARD, base_urls=urls)


async def test_what_is_nearly_free_is_not(gateways: Gateways) -> None:
    provider = Provider()

    def work() -> None:
        gateway = start(gateways, server)
        for path in PATHS:
            response = gateway.http.post(path, json=CHAT.ask("hi"), headers=CHAT.credential(gateway.token))
            assert (path, response.status_code in (400, 402)) == (path, True), response.text
        assert not provider.seen

    async with scripted(provider.script) as server:
        await anyio.to_thread.run_sync(work)


async def test_the_usage_of_an_answer_cannot_be_asked_away(gateways: Gateways) -> None:
    provider = Provider()

    def work() -> None:
        gateway = start(gateways, server)
        ways: list[tuple[str, dict[str, str]]] = [(f"?{each}", {}) for each in PARAMETERS]
        ways += [("", {name: text}) for name, text in HEADERS]
        for query, headers in [("", {}), *ways]:
            sent = {**GEMINI.credential(gateway.token), **headers}
            response = gateway.http.post(GEMINI.path + query, json=GEMINI.ask("hi"), headers=sent)
            assert (query, response.status_code) == (query, 200)
            assert not headers.keys() & provider.seen[-1].headers.keys()
        usual, *others = gateway.rows(1 + len(ways))
        assert Decimal(usual["cost_usd"]) > 0
        for (query, headers), row in zip(ways, others, strict=True):
            account = (row["cost_usd"], row["certainty"], row["output_tokens"])
            told = (usual["cost_usd"], "computed", usual["output_tokens"])
            assert (query, headers, account) == (query, headers, told)

    async with scripted(provider.script) as server:
        await anyio.to_thread.run_sync(work)


async def test_harmless_parameters_are_passed_on(gateways: Gateways) -> None:
    provider = Provider()

    def work() -> None:
        gateway = start(gateways, server)
        path = f"{GEMINI.path}?alt=json&prettyPrint=false&fields=candidates"
        assert gateway.http.post(
            path, json=GEMINI.ask("hi"), headers=GEMINI.credential(gateway.token)
        ).is_success
        assert provider.seen[-1].line.split(" ")[1].endswith("?alt=json&prettyPrint=false")

    async with scripted(provider.script) as server:
        await anyio.to_thread.run_sync(work)
