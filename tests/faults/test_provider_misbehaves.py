"""A provider that breaks off, talks nonsense, refuses, bills too much or tells the key: none of it is the
client's success, none of it is free, and none of it locks others out."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import anyio
import httpx
import pytest

from tests.support.gateway import PROVIDER_KEY, Gateways, RunningGateway
from tests.support.parts import CONTENT, FIRST, INPUT, OUTPUT, stream_parts, whole_parts
from tests.support.scripted import Peer, scripted
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, WIRES, Wire

pytestmark = pytest.mark.anyio

IN, OUT = Decimal(10), Decimal(100)
PROMPT = "word " * 240
SSE = "content-type: text/event-stream"
JSON = "content-type: application/json"


def policy(limit: str = "100") -> str:
    prices = "".join(
        f'[prices."{name}"]\ninput = "{IN}"\noutput = "{OUT}"\n'
        for name in sorted({f"{wire.provider}/{wire.model}" for wire in WIRES})
    )
    return prices + f'[[budgets]]\nname = "all"\nlimit_usd = "{limit}"\nwindow = "total"\n'


def answers(wire: Wire) -> dict[str, tuple[bytes, str]]:
    """Streams that are none, and what they say they are."""
    parts, nonsense = stream_parts(wire.name), b'data: {"choices": [{"delta": {"content": "x}\n\n'
    return {
        "no end mark": (parts.first + parts.inside + parts.content, SSE),
        "no end mark, but usage": (parts.first + parts.inside + parts.content + parts.usage, SSE),
        "cut inside an event": (parts.first + parts.inside, SSE),
        "broken JSON": (parts.first + nonsense, SSE),
        "empty": (b"", SSE),
        "comments only": (b": keep-alive\n\n: keep-alive\n\n", SSE),
        "a page of HTML": (b"<html><body>Bad gateway</body></html>", SSE),
    }


DELIVERED = {
    "no end mark": CONTENT,
    "no end mark, but usage": CONTENT,
    "cut inside an event": FIRST,
    "broken JSON": FIRST,
}


@contextmanager
def urls_of(url: str) -> Iterator[dict[str, str]]:
    bare = {"anthropic", "gemini"}
    yield {wire.provider: url if wire.provider in bare else f"{url}/v1" for wire in WIRES}


async def send(gateway: RunningGateway, wire: Wire, name: str, *, stream: bool = True) -> httpx.Response:
    headers = {**wire.credential(gateway.token), "x-llmconsole-tags": f"case={name.replace(',', ' ')}"}
    body = wire.ask(f"<{name}> {PROMPT}", stream=stream)
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=30) as client:
        return await client.post(wire.at(stream), json=body, headers=headers)


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
async def test_what_is_no_whole_stream_is_never_ended_as_one(gateways: Gateways, wire: Wire) -> None:
    cases = answers(wire)
    if wire.name in ("responses", "gemini"):
        # Here usage and end mark are one event, which is whole but for its blank line.
        del cases["no end mark, but usage"]

    async def script(peer: Peer) -> None:
        while request := await peer.request():
            if request.line.startswith("GET "):
                await peer.answer(b'{"data": []}', JSON)
                continue
            name = request.body.decode().partition("<")[2].partition(">")[0]
            body, kind = cases[name]
            chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n" if body else b""
            head = f"HTTP/1.1 200 OK\r\n{kind}\r\ntransfer-encoding: chunked\r\n\r\n".encode()
            await peer.send(head + chunk + b"0\r\n\r\n")

    async with scripted(script) as server:
        with urls_of(server.url) as urls:
            gateway = await anyio.to_thread.run_sync(
                lambda: gateways.start(policy(), base_urls={wire.provider: urls[wire.provider]})
            )
        got = {name: await send(gateway, wire, name) for name in cases}
        rows = {
            row["tags"]["case"].replace("  ", ", "): row
            for row in await anyio.to_thread.run_sync(gateway.rows, len(cases))
        }
    for name, response in got.items():
        assert response.status_code == 200, "the head had gone out"
        assert (name, b"[DONE]" in response.content) == (name, False)
        assert b"before its end mark" in response.content, (name, response.content)
        row = rows[name]
        assert (name, row["outcome"]) == (name, "failed")
        exact = name == "no end mark, but usage"
        assert (name, row["certainty"]) == (name, "computed" if exact else "estimated")
        least = (INPUT * IN + len(DELIVERED.get(name, "")) // 4 * OUT) / 1_000_000
        if exact:
            least = (INPUT * IN + OUTPUT * OUT) / 1_000_000
        assert (name, Decimal(row["cost_usd"])) >= (name, least)
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    assert Decimal(budget["spent_usd"]) == sum(Decimal(row["cost_usd"]) for row in rows.values())
    assert not Decimal(budget["held_usd"])


async def test_a_whole_answer_to_a_stream_is_counted_like_one(gateways: Gateways) -> None:
    async def script(peer: Peer) -> None:
        while await peer.request():
            await peer.answer(whole_parts(CHAT.name).whole, JSON)

    async with scripted(script) as server:
        with urls_of(server.url) as urls:
            gateway = await anyio.to_thread.run_sync(lambda: gateways.start(policy(), base_urls=urls))
        response = await send(gateway, CHAT, "whole")
        assert response.json()["choices"][0]["message"]["content"] == CONTENT
        (row,) = await anyio.to_thread.run_sync(gateway.rows, 1)
    assert (row["outcome"], row["certainty"]) == ("ok", "computed")
    assert Decimal(row["cost_usd"]) == (INPUT * IN + OUTPUT * OUT) / 1_000_000


RULES = """
[cache]
exact = { when = {} }
[[capture]]
match = { case = "kept" }
days = 1
[[routes]]
name = "checked"
use = ["openai/gpt-5", "openai/gpt-5-mini"]
when = { case = "checked" }
escalate = 0.5
"""


@pytest.mark.parametrize("case", ["kept", "checked"])
async def test_an_answer_that_is_nested_beyond_all_reading_is_counted_like_any(
    gateways: Gateways, case: str
) -> None:
    deep = b'{"a":' * 3_000 + b"1" + b"}" * 3_000

    async def script(peer: Peer) -> None:
        while await peer.request():
            await peer.answer(whole_parts(CHAT.name).whole[:-1] + b', "deep": ' + deep + b"}", JSON)

    async with scripted(script) as server:
        with urls_of(server.url) as urls:
            gateway = await anyio.to_thread.run_sync(lambda: gateways.start(policy() + RULES, base_urls=urls))
        response = await send(gateway, CHAT, case, stream=False)
        assert response.status_code == 200
        (row,) = await anyio.to_thread.run_sync(gateway.rows, 1)
    assert row["outcome"] == "ok"
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    assert Decimal(budget["spent_usd"]) == Decimal(row["cost_usd"]) > 0 == Decimal(budget["held_usd"])
    assert "RecursionError" not in gateway.child.output


async def test_refusals_of_one_model_lock_nobody_out(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    """Not another model, not another provider, and not the same one a moment later."""
    gateway = gateways.start(policy())
    for status in (400, 401, 403, 404, 408, 429, 500, 503, 529):
        for wire in (CHAT, MESSAGES):
            headers = wire.credential(gateway.token)
            failing = wire.ask(f"{status} [[sim status={status} ttft=0]]")
            for _ in range(4):
                refused = gateway.http.post(wire.path, json=failing, headers=headers)
                assert refused.status_code == status
                wire.error_of(refused.json())
        for wire in (CHAT, MESSAGES):
            well = gateway.http.post(
                wire.path, json=wire.ask("[[sim ttft=0]]"), headers=wire.credential(gateway.token)
            )
            assert (status, wire.name, well.status_code) == (status, wire.name, 200)
    rows = gateway.rows(9 * 10)
    assert all(Decimal(row["cost_usd"]) == 0 for row in rows if row["outcome"] != "ok")
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    assert not Decimal(budget["held_usd"])
    assert not gateway.doctor()


LEAKS: dict[str, tuple[int, Any]] = {
    "in an error": (401, {"error": {"message": f"Incorrect API key provided: {PROVIDER_KEY}."}}),
    "in a failure": (500, {"error": {"message": "upstream", "request": {"authorization": PROVIDER_KEY}}}),
    "in a page": (502, f"<html>Authorization: Bearer {PROVIDER_KEY}</html>"),
    "in a compressed one": (403, {"error": {"message": f"No access for {PROVIDER_KEY}."}}),
}


@pytest.mark.parametrize("wire", [CHAT, MESSAGES], ids=lambda wire: wire.name)
async def test_a_key_that_comes_back_goes_no_further(gateways: Gateways, wire: Wire) -> None:
    async def script(peer: Peer) -> None:
        while request := await peer.request():
            name = request.body.decode().partition("<")[2].partition(">")[0]
            status, said = LEAKS.get(name, (200, {"data": []}))
            body = (said if isinstance(said, str) else json.dumps(said)).encode()
            fields = [JSON, f"x-echo: Bearer {PROVIDER_KEY}"]
            if name == "in a compressed one":
                body, fields = gzip.compress(body), [*fields, "content-encoding: gzip"]
            await peer.answer(body, *fields, status=f"{status} Refused")

    async with scripted(script) as server:
        with urls_of(server.url) as urls:
            gateway = await anyio.to_thread.run_sync(lambda: gateways.start(policy(), base_urls=urls))
        for name in LEAKS:
            for stream in (False, True):
                response = await send(gateway, wire, name, stream=stream)
                assert response.status_code == LEAKS[name][0]
                assert PROVIDER_KEY not in response.text
                assert PROVIDER_KEY not in str(response.headers)
        rows = await anyio.to_thread.run_sync(gateway.rows, 2 * len(LEAKS))
    assert PROVIDER_KEY not in json.dumps(rows)
    assert PROVIDER_KEY not in gateway.child.output
    assert not [path.name for path in gateway.data.rglob("*") if holds(path)]


def holds(path: Any) -> bool:
    return path.is_file() and PROVIDER_KEY.encode() in path.read_bytes()


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
async def test_what_is_billed_beyond_the_cap_is_booked_shown_and_stops_the_next(
    gateways: Gateways, simulated: SimulatedProvider, stream: bool
) -> None:
    gateway = gateways.start(policy("0.05"))
    mark = simulated.mark()
    prompt = "Overrun. [[sim output=600 overrun=1 ttft=0 reasoning=0 input=100]]"
    headers = CHAT.credential(gateway.token)
    body = CHAT.ask(prompt, cap=200, stream=stream)
    assert gateway.http.post(CHAT.at(stream), json=body, headers=headers).status_code == 200
    (row,) = gateway.rows(1)
    billed = (100 * IN + 600 * OUT) / 1_000_000
    assert (Decimal(row["cost_usd"]), row["certainty"]) == (billed, "computed")
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    assert (Decimal(budget["spent_usd"]), budget["state"]) == (billed, "over")
    told = told_of(gateway)
    assert [event["id"] for event in told] == [row["id"]]
    assert Decimal(told[0]["cost_usd"]) == billed
    assert 0 < Decimal(told[0]["excess_usd"]) < billed
    assert told[0]["budgets"] == ["all"]
    assert gateway.http.post(CHAT.path, json=CHAT.ask("More?"), headers=headers).status_code == 402
    assert len(simulated.seen(mark)) == 1


def told_of(gateway: RunningGateway) -> list[dict[str, Any]]:
    """The events of an excess since the gateway began."""
    headers = {"authorization": f"Bearer {gateway.admin_token}", "last-event-id": "0"}
    found = []
    with gateway.http.stream("GET", "/admin/v1/events", headers=headers) as stream:
        kind = ""
        for line in stream.iter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                kind = value
            elif name == "data" and kind == "budget.excess":
                found.append(json.loads(value))
            elif name == "data" and kind == "call.settled":
                break
    return found
