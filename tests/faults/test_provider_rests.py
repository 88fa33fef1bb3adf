"""A provider that fails call after call: the storm is not fed, nobody else is locked out, and it is found
again at once."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, WIRES, Wire

OPENS_AFTER = 5


def post(gateway: RunningGateway, text: str, wire: Wire = CHAT, mode: str = "building") -> httpx.Response:
    fields = {**wire.credential(gateway.token), "x-llmconsole-tags": f"mode={mode}"}
    return gateway.http.post(wire.at(False), json=wire.ask(text), headers=fields)


def open_circuit(gateway: RunningGateway, text: str, wire: Wire = CHAT) -> None:
    for _ in range(OPENS_AFTER):
        assert post(gateway, text, wire).status_code == 503


def arrived(simulated: SimulatedProvider, since: int) -> int:
    return len([each for each in simulated.seen(since) if each["method"] == "POST"])


async def storm(gateway: RunningGateway, calls: int) -> list[int]:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=60) as client:

        async def one(number: int) -> int:
            body = CHAT.ask(f"Storm {number}. [[sim status=503]]")
            answer = await client.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))
            return answer.status_code

        return await asyncio.gather(*map(one, range(calls)))


def test_a_storm_reaches_the_provider_hardly_more_than_once_a_call(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    gateway = gateways.start(top="retries = 2")
    before = simulated.mark()
    assert set(asyncio.run(storm(gateway, 200))) == {503}
    assert OPENS_AFTER <= arrived(simulated, before) <= 1.2 * 200


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_a_resting_provider_is_a_plain_refusal_in_the_clients_format(gateways: Gateways, wire: Wire) -> None:
    gateway = gateways.start()
    open_circuit(gateway, f"Rest {wire.name}. [[sim status=503]]", wire)
    refused = post(gateway, "Anything.", wire)
    assert refused.status_code == 503
    assert 1 <= int(refused.headers["retry-after"]) <= 2
    assert "failed call after call" in refused.text and "error" in refused.json()


def test_a_few_bad_answers_lock_nobody_out(gateways: Gateways) -> None:
    gateway = gateways.start()
    for _ in range(OPENS_AFTER - 1):
        assert post(gateway, "A few. [[sim status=500]]").status_code == 500
    assert post(gateway, "Served.").status_code == 200


def test_a_provider_that_is_back_is_found_within_five_seconds(gateways: Gateways) -> None:
    gateway = gateways.start()
    open_circuit(gateway, "Down for a while. [[sim status=503]]")
    began = time.monotonic()
    wait_for(lambda: post(gateway, "Back?").status_code == 200, what="an answer of the provider", seconds=5)
    assert post(gateway, "And again.").status_code == 200
    assert time.monotonic() - began < 5


def test_calls_of_the_clients_own_fault_open_nothing(gateways: Gateways) -> None:
    gateway = gateways.start()
    for status in (400, 401, 403, 404, 422, 429) * 3:
        assert post(gateway, f"Own fault. [[sim status={status}]]").status_code == status
    assert post(gateway, "Served still.").status_code == 200


def test_another_model_and_another_provider_are_let_through(gateways: Gateways) -> None:
    gateway = gateways.start()
    open_circuit(gateway, "One model is down. [[sim status=503]]")
    assert post(gateway, "Elsewhere.", MESSAGES).status_code == 200
    body = CHAT.ask("Another model.", model="gpt-5-nano")
    answer = gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))
    assert answer.status_code == 200


def test_while_it_rests_the_next_target_is_asked(gateways: Gateways, simulated: SimulatedProvider) -> None:
    route = (
        '[[routes]]\nname = "two"\nwhen = { mode = "vibing" }\n'
        f'use = ["gpt-5-mini", "anthropic/{MESSAGES.model}"]\n'
    )
    gateway = gateways.start(route)
    open_circuit(gateway, "Only this one. [[sim status=503]]")
    before = simulated.mark()
    answer = post(gateway, "Somebody.", mode="vibing")
    assert answer.status_code == 200 and answer.headers["x-llmconsole-provider"] == "anthropic"
    assert arrived(simulated, before) == 1


def test_a_paused_model_is_passed_over_where_there_are_others(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    route = '[[routes]]\nname = "two"\nwhen = { mode = "vibing" }\nuse = ["gpt-5-mini", "gpt-5-nano"]\n'
    gateway = gateways.start(route)
    limited = post(gateway, "Too fast. [[sim status=429 retry_after=30]]")
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "30")
    before = simulated.mark()
    answer = post(gateway, "With others.", mode="vibing")
    assert answer.headers["x-llmconsole-model"] == "gpt-5-nano"
    assert arrived(simulated, before) == 1
    assert post(gateway, "The only one is asked.").status_code == 200


@pytest.mark.parametrize("bad", [401, 503])
def test_a_clients_own_bad_key_locks_out_no_other(
    gateways: Gateways, simulated: SimulatedProvider, bad: int
) -> None:
    section = f'[providers.openai]\nbase_url = "{simulated.base_url("openai")}"\napi_key = "client"\n'
    gateway = gateways.start(section, base_urls={})

    def ask(key: str, text: str) -> httpx.Response:
        headers: dict[str, Any] = {"x-llmconsole-token": gateway.token, "authorization": f"Bearer {key}"}
        return gateway.http.post(CHAT.path, json=CHAT.ask(text), headers=headers)

    for _ in range(OPENS_AFTER + 2):
        assert ask("sk-bad", f"Bad key. [[sim status={bad}]]").status_code in (bad, 503)
    assert ask("sk-good", "Good key.").status_code == 200
