"""Translated calls on the whole way: held for, routed, cached and listed like any other."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, Wire, events_of

CLAUDE = "claude-sonnet-5-5"
TIGHT = """
[[budgets]]
name = "tight"
match = {}
limit_usd = "0.02"
window = "day"
at_limit = "block"
"""


def post(gateway: RunningGateway, wire: Wire, model: str, words: str, **more: Any) -> Any:
    stream = bool(more.get("stream"))
    body = {**wire.ask(words, model=model, stream=stream), **more.get("body", {})}
    headers = {**wire.credential(gateway.token), **more.get("headers", {})}
    return gateway.http.post(wire.for_model(model, stream=stream), json=body, headers=headers)


@pytest.mark.parametrize("stream", [False, True])
def test_a_budget_holds_for_what_the_target_costs(
    gateways: Gateways, simulated: SimulatedProvider, stream: bool
) -> None:
    """More calls at once than the budget can pay for: it is never passed."""
    gateway = gateways.start(TIGHT)
    with ThreadPoolExecutor(24) as pool:
        answers = list(
            pool.map(
                lambda number: post(
                    gateway, CHAT, CLAUDE, f"Number {number}. [[sim output=390]]", stream=stream
                ),
                range(24),
            )
        )
    rows = gateway.rows(24)
    assert sum(Decimal(row["cost_usd"]) for row in rows) <= Decimal("0.02")
    served = [row for row in rows if row["outcome"] == "ok"]
    assert served and {row["provider"] for row in rows} == {"anthropic"}
    refused = [answer for answer in answers if answer.status_code == 402]
    assert refused and all(answer.json()["error"]["code"] for answer in refused)
    assert not gateway.doctor()


def test_a_cap_of_ours_is_sent_in_the_targets_words(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(TIGHT)
    before = simulated.mark()
    body = {"model": CLAUDE, "messages": [{"role": "user", "content": "Go on. [[sim output=100000]]"}]}
    answer = gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))
    assert answer.status_code == 200
    assert answer.json()["choices"][0]["finish_reason"] == "length"
    (seen,) = simulated.seen(before)
    assert seen["path"].endswith("/v1/messages")
    (row,) = gateway.rows(1)
    assert Decimal(row["cost_usd"]) <= Decimal("0.02")


ROUTE = f"""
[[routes]]
name = "with a spare"
when = {{}}
use = ["gpt-5-mini", "{CLAUDE}"]
"""


def test_a_target_of_another_format_is_the_next_one(gateways: Gateways) -> None:
    gateway = gateways.start(ROUTE)
    answer = post(gateway, CHAT, "gpt-5-mini", "Fail, then translate. [[sim status=503 times=1]]")
    assert answer.status_code == 200 and answer.json()["object"] == "chat.completion"
    (row,) = gateway.rows(1)
    assert (row["provider"], row["attempts"], row["outcome"]) == ("anthropic", 2, "ok")


def test_what_cannot_be_translated_goes_on_to_who_needs_none(gateways: Gateways) -> None:
    gateway = gateways.start(ROUTE.replace(f'"gpt-5-mini", "{CLAUDE}"', f'"{CLAUDE}", "gpt-5-mini"'))
    answer = post(gateway, CHAT, "gpt-5-mini", "Two of them.", body={"n": 2})
    assert answer.status_code == 200 and len(answer.json()["choices"]) == 2
    (row,) = gateway.rows(1)
    assert (row["provider"], row["outcome"]) == ("openai", "ok")
    assert "translated" not in row["route_reason"]


@pytest.mark.parametrize("stream", [False, True])
def test_a_translated_answer_is_cached_as_the_client_got_it(gateways: Gateways, stream: bool) -> None:
    gateway = gateways.start('[cache]\nexact = { when = {}, ttl = "1h" }\n')
    first = post(gateway, GEMINI, CLAUDE, "Keep this.", stream=stream)
    gateway.rows(1)
    again = post(gateway, GEMINI, CLAUDE, "Keep this.", stream=stream)
    assert again.headers["x-llmconsole-cache"] == "hit"
    assert (again.content, again.headers["content-type"]) == (first.content, first.headers["content-type"])


@pytest.mark.parametrize(
    ("wire", "model"),
    [(CHAT, CLAUDE), (RESPONSES, "gemini-3.8-flash"), (MESSAGES, "gpt-5-mini"), (GEMINI, CLAUDE)],
)
def test_a_stream_whose_budget_ends_has_no_proper_end(gateways: Gateways, wire: Wire, model: str) -> None:
    gateway = gateways.start(TIGHT.replace("0.02", "0.004"))
    body: dict[str, Any] = {"generationConfig": {}} if wire is GEMINI else {}
    answer = post(gateway, wire, model, "Go on. [[sim output=300 chunks=60]]", stream=True, body=body)
    (row,) = gateway.rows(1)
    if row["outcome"] == "ok":
        assert Decimal(row["cost_usd"]) <= Decimal("0.004")
    else:
        assert answer.status_code == 402 or "error" in json.dumps(events_of(answer.content)[-1])


@pytest.mark.parametrize("wire", [RESPONSES, MESSAGES])
@pytest.mark.parametrize("stream", [False, True])
def test_a_server_that_speaks_chat_only_serves_every_client(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire, stream: bool
) -> None:
    """As Codex and Claude Code on a model of one's own machine."""
    section = f"""
[providers.mylab]
format = "openai"
base_url = "{simulated.base_url("openai")}"
api_key = "none"
models = ["sim-qwen"]
[prices."mylab/sim-qwen"]
input = "0.10"
output = "0.40"
"""
    key = {"authorization": "Bearer x"}
    gateway = gateways.start(section.replace('"none"', '"client"'))
    headers = {"x-llmconsole-token": gateway.token, "anthropic-version": "2026-10-21", **key}
    body = wire.ask("Speak.", model="sim-qwen", stream=stream)
    answer = gateway.http.post(wire.at(stream), json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    (row,) = gateway.rows(1)
    assert (row["provider"], row["outcome"], row["format"]) == ("mylab", "ok", wire.name)
    assert Decimal(row["cost_usd"]) > 0
    stated = wire.last_usage(events_of(answer.content)) if stream else answer.json()
    assert stated["usage"]["output_tokens"] == row["output_tokens"]
