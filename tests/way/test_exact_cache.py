"""The exact cache: the same request twice is one call to the provider, and the second costs nothing."""

from __future__ import annotations

import time
from contextlib import suppress
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, WIRES, Json, Wire

ON = {"x-llmconsole-cache": "on"}


def send(
    gateway: RunningGateway, wire: Wire, body: Json, *, stream: bool = False, headers: dict[str, str] = ON
) -> httpx.Response:
    sent = {**wire.credential(gateway.token), **headers}
    response = gateway.http.post(wire.at(stream), json=body, headers=sent)
    assert response.status_code == 200, response.text
    # An answer is kept within one gather of the writer, 10 ms.
    time.sleep(0.05)
    return response


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_the_same_request_twice(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire, stream: bool
) -> None:
    gateway = gateways.start()
    body = wire.ask("Is this the same question?", stream=stream)
    before = simulated.mark()
    first, second = (send(gateway, wire, body, stream=stream) for _ in range(2))
    assert (first.headers["x-llmconsole-cache"], second.headers["x-llmconsole-cache"]) == ("miss", "hit")
    assert second.content == first.content
    assert second.headers["content-type"] == first.headers["content-type"]
    assert len(simulated.seen(before)) == 1
    paid, saved = gateway.rows(2)
    assert (saved["outcome"], saved["cache"], saved["cost_usd"]) == ("cache_hit", "hit", "0.00")
    assert (paid["outcome"], paid["cache"]) == ("ok", "miss")
    assert saved["saved_usd"] == paid["cost_usd"] != "0.00"


def test_a_stream_is_replayed_in_its_pieces(gateways: Gateways) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Piece by piece, twice. [[sim chunks=20 gap=0.01]]", stream=True)

    def pieces() -> list[bytes]:
        headers = {**CHAT.credential(gateway.token), **ON}
        with gateway.http.stream("POST", CHAT.path, json=body, headers=headers) as response:
            return list(response.iter_raw())

    first = pieces()
    gateway.rows(1)
    second = pieces()
    assert b"".join(first) == b"".join(second)
    assert len(second) > 1


def test_the_saving_is_what_the_panel_shows(gateways: Gateways) -> None:
    gateway = gateways.start()
    body = CHAT.ask("How much did I save?", cap=2000)
    for _ in range(3):
        send(gateway, CHAT, body)
    cost = Decimal(gateway.rows(3)[0]["cost_usd"])
    shown = gateway.admin("GET", "cache", params={"range": "24h"})
    assert (shown["exact"]["hits"], shown["exact"]["misses"]) == (2, 1)
    assert Decimal(shown["exact"]["saved_usd"]) == Decimal(shown["saved_total_usd"]) == 2 * cost
    summary = gateway.admin("GET", "summary")
    assert Decimal(summary["saved_today_usd"]) == 2 * cost
    assert Decimal(summary["today_usd"]) == cost


def different(body: Json, **more: Any) -> Json:
    return {**body, **more}


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": 1.0},
        {"seed": 7},
        {"messages": [{"role": "user", "content": "Is this the same question ?"}]},
        {"max_completion_tokens": 401},
        {"stop": ["x"]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_may_change_the_answer_is_another_request(gateways: Gateways, change: Json) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Is this the same question?")
    send(gateway, CHAT, body)
    other = send(gateway, CHAT, different(body, **change))
    assert other.headers["x-llmconsole-cache"] == "miss"


def test_another_token_has_another_cache(gateways: Gateways) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Whose answer is this?")
    send(gateway, CHAT, body)
    made = gateway.admin("POST", "tokens", json={"name": "ann", "tags": {"user": "ann"}})
    headers = {**CHAT.credential(made["token"]), **ON}
    other = gateway.http.post(CHAT.path, json=body, headers=headers)
    assert other.headers["x-llmconsole-cache"] == "miss"


def test_off_is_the_default(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Nobody asked for a cache.")
    before = simulated.mark()
    answers = [send(gateway, CHAT, body, headers={}) for _ in range(2)]
    assert [answer.headers["x-llmconsole-cache"] for answer in answers] == ["bypass", "bypass"]
    assert len(simulated.seen(before)) == 2


def test_a_rule_turns_it_on_by_tag(gateways: Gateways) -> None:
    gateway = gateways.start('[cache]\nexact = { when = { mode = "building" }, ttl = "1h" }\n')
    body = CHAT.ask("By rule, please.", cap=2000)
    building, vibing = ({"x-llmconsole-tags": f"mode={mode}"} for mode in ("building", "vibing"))
    answers = [send(gateway, CHAT, body, headers=tags) for tags in (building, building, vibing)]
    assert [answer.headers["x-llmconsole-cache"] for answer in answers] == ["miss", "hit", "bypass"]


def test_refresh_only_and_off(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Once more with feeling.")
    only = {**CHAT.credential(gateway.token), "x-llmconsole-cache": "only"}
    missing = gateway.http.post(CHAT.path, json=body, headers=only)
    assert missing.status_code >= 400
    send(gateway, CHAT, body)
    before = simulated.mark()
    assert gateway.http.post(CHAT.path, json=body, headers=only).headers["x-llmconsole-cache"] == "hit"
    assert not simulated.seen(before)
    send(gateway, CHAT, body, headers={"x-llmconsole-cache": "refresh"})
    send(gateway, CHAT, body, headers={"x-llmconsole-cache": "off"})
    assert len(simulated.seen(before)) == 2


def test_an_error_is_never_kept(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Fail once, then answer. [[sim status=500 times=1]]")
    headers = {**CHAT.credential(gateway.token), **ON}
    assert gateway.http.post(CHAT.path, json=body, headers=headers).status_code == 500
    assert send(gateway, CHAT, body).headers["x-llmconsole-cache"] == "miss"


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_what_broke_off_is_never_kept(gateways: Gateways, simulated: SimulatedProvider, stream: bool) -> None:
    gateway = gateways.start()
    words = f"Broken off, stream {stream}. [[sim break=after:2 chunks=9 output=60]]"
    body = CHAT.ask(words, model="gpt-4.1-mini", stream=stream)
    before = simulated.mark()
    for _ in range(2):
        with suppress(httpx.HTTPError):
            gateway.http.post(CHAT.path, json=body, headers={**CHAT.credential(gateway.token), **ON})
    assert len(simulated.seen(before)) >= 2
    assert {row["cache"] for row in gateway.rows(2)} == {"miss"}
    assert gateway.admin("GET", "cache/entries")["entries"] == []


def test_what_a_budget_cut_short_is_never_kept(gateways: Gateways, simulated: SimulatedProvider) -> None:
    """Nobody asked for so little: once there is room again, the whole answer is to be had."""
    budget = {"match": {}, "limit_usd": "0.0022", "window": "month", "at_limit": "block"}
    gateway = gateways.start()
    gateway.admin("PUT", "budgets/all", json=budget)
    body = CHAT.ask("Cut by a budget. [[sim output=1500]]", model="gpt-4.1-mini", cap=2000)
    before = simulated.mark()
    first = send(gateway, CHAT, body)
    assert first.json()["choices"][0]["finish_reason"] == "length", "it got less than it asked for"
    gateway.admin("PUT", "budgets/all", json={**budget, "limit_usd": "5"})
    second = send(gateway, CHAT, body)
    assert second.headers["x-llmconsole-cache"] == "miss"
    assert second.json()["choices"][0]["finish_reason"] == "stop"
    assert len(simulated.seen(before)) == 2
    assert send(gateway, CHAT, body).headers["x-llmconsole-cache"] == "hit"
