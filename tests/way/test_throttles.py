"""Throttles, end to end: pace by requests, tokens, dollars and calls at once, with an honest Retry-After."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.crowd import all_at_once, by_status
from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT, WIRES, Wire

pytestmark = pytest.mark.anyio


def throttle(limits: str, match: str = "{}") -> str:
    return f'[[throttles]]\nname = "pace"\nmatch = {match}\n{limits}\n'


def ask(
    gateway: RunningGateway, wire: Wire = CHAT, prompt: str = "Hi. [[sim output=10]]", **tags: str
) -> Any:
    headers = wire.credential(gateway.token)
    if tags:
        headers["x-llmconsole-tags"] = ",".join(f"{key}={value}" for key, value in tags.items())
    return gateway.http.post(wire.path, json=wire.ask(prompt, cap=16), headers=headers)


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_requests_a_minute(gateways: Gateways, wire: Wire) -> None:
    gateway = gateways.start(throttle("requests_per_minute = 2"))
    assert [ask(gateway, wire).status_code for _ in range(2)] == [200, 200]
    refused = ask(gateway, wire)
    assert refused.status_code == 429
    assert 25 <= int(refused.headers["retry-after"]) <= 30, "one of two a minute comes back in half of it"
    assert "2 requests a minute" in wire.error_of(refused.json())[1]
    assert gateway.rows(3)[-1]["outcome"] == "refused"


def test_a_short_wait_is_waited_for(gateways: Gateways) -> None:
    """At sixty a minute the sixty-first comes within a second: it waits, and is served."""
    gateway = gateways.start(throttle("requests_per_minute = 60"))
    assert {ask(gateway).status_code for _ in range(62)} == {200}
    waited = [row["overhead_ms"] for row in gateway.rows(62)]
    assert max(waited) > 50


def test_tokens_a_minute_and_only_of_those_that_match(gateways: Gateways) -> None:
    gateway = gateways.start(throttle("tokens_per_minute = 100", '{ user = "ann" }'))
    assert ask(gateway, prompt="[[sim input=90 output=10]]", user="ann").status_code == 200
    refused = ask(gateway, user="ann")
    assert refused.status_code == 429
    assert "100 tokens a minute" in CHAT.error_of(refused.json())[1]
    assert ask(gateway, user="bob").status_code == 200


def test_dollars_an_hour(gateways: Gateways) -> None:
    price = f'[prices."openai/{CHAT.model}"]\ninput = "0"\noutput = "100000"\n'
    gateway = gateways.start(price + throttle('usd_per_hour = "1.00"'))
    assert ask(gateway).status_code == 200
    refused = ask(gateway)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 600


async def test_calls_at_once(gateways: Gateways) -> None:
    """Two run, others wait for them a little, and those that would wait longer are refused."""
    gateway = gateways.start(throttle("concurrent = 2"))
    bodies = [CHAT.ask(f"{number} [[sim hang=1.2 output=5]]", cap=10) for number in range(8)]
    answers = by_status(await all_at_once(gateway, CHAT, bodies))
    assert set(answers) == {200, 429}
    assert 2 <= len(answers[200]) <= 4
    assert all(int(each.headers["retry-after"]) <= 2 for each in answers[429])
    assert ask(gateway).status_code == 200


def test_an_answer_from_the_cache_counts_for_nothing(gateways: Gateways) -> None:
    gateway = gateways.start(throttle("requests_per_minute = 1") + "[cache]\nexact = { when = {} }\n")
    answers = [ask(gateway) for _ in range(4)]
    assert [each.status_code for each in answers] == [200] * 4
    assert [each.headers["x-llmconsole-cache"] for each in answers] == ["miss", "hit", "hit", "hit"]
