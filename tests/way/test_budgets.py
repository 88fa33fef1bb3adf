"""A hard budget under a crowd: spent plus held never passes the limit, and what fits is served."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support.crowd import all_at_once, by_status
from tests.support.gateway import Gateways, RunningGateway
from tests.support.money import total_cost
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, Wire

pytestmark = pytest.mark.anyio

TEN_CENTS = 1000
"""Output tokens of one call at the price below."""


def policy(wire: Wire, *, input_price: str = "0", limit: str = "1.00") -> str:
    return f"""
[prices."{wire.provider}/{wire.model}"]
input = "{input_price}"
output = "100"

[[budgets]]
name = "a dollar for web"
match = {{ project = "web" }}
limit_usd = "{limit}"
window = "month"
at_limit = "block"
"""


def bodies(wire: Wire, count: int, *, stream: bool = False) -> list[dict[str, Any]]:
    """Requests that differ, each for exactly ten cents of output."""
    prompts = (f"Call {number}. [[sim output={TEN_CENTS} ttft=0.05]]" for number in range(count))
    return [wire.ask(prompt, cap=TEN_CENTS, stream=stream) for prompt in prompts]


def the_budget(gateway: RunningGateway) -> dict[str, Any]:
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    found: dict[str, Any] = budget
    return found


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
async def test_a_hundred_calls_at_once_on_a_dollar(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire, stream: bool
) -> None:
    gateway = gateways.start(policy(wire))
    before = simulated.mark()
    tagged = {"x-llmconsole-tags": "project=web"}
    answers = by_status(
        await all_at_once(gateway, wire, bodies(wire, 100, stream=stream), stream=stream, headers=tagged)
    )
    assert {status: len(found) for status, found in answers.items()} == {200: 10, 402: 90}
    for refused in answers[402]:
        _, message = wire.error_of(refused.json())
        assert "a dollar for web" in message and "1.00" in message
        assert refused.headers["content-type"].startswith("application/json")
    rows = gateway.rows(100)
    served = [row for row in rows if row["outcome"] == "ok"]
    assert total_cost(rows) == total_cost(served) == Decimal("1.00")
    assert len(simulated.seen(before)) == len(served) == 10
    assert sum(row["outcome"] == "refused" for row in rows) == 90
    budget = the_budget(gateway)
    assert (budget["spent_usd"], budget["held_usd"], budget["state"]) == ("1.00", "0.00", "over")
    assert not gateway.doctor()


async def test_a_spent_budget_tells_the_client_not_to_try_again(gateways: Gateways, wire: Wire) -> None:
    gateway = gateways.start(policy(wire, limit="0.10"))
    tagged = {**wire.credential(gateway.token), "x-llmconsole-tags": "project=web"}
    first, second = (gateway.http.post(wire.path, json=body, headers=tagged) for body in bodies(wire, 2))
    assert first.status_code == 200
    assert second.status_code == 402
    assert second.headers["x-should-retry"] == "false"
    assert "retry-after" not in second.headers


async def test_codex_is_told_in_the_status_that_it_shows(gateways: Gateways) -> None:
    gateway = gateways.start(policy(CHAT, limit="0.01"))
    headers = {
        **CHAT.credential(gateway.token),
        "x-llmconsole-tags": "project=web",
        "originator": "codex_exec",
        "user-agent": "codex_exec/0.169.0",
    }
    refused = gateway.http.post(CHAT.path, json=bodies(CHAT, 1)[0], headers=headers)
    assert refused.status_code == 400


async def test_a_loose_bound_never_overspends(gateways: Gateways, wire: Wire) -> None:
    """The input bound is far above what the input costs, so holds are larger than what is used."""
    gateway = gateways.start(policy(wire, input_price="40"))
    tagged = {"x-llmconsole-tags": "project=web"}
    answers = by_status(await all_at_once(gateway, wire, bodies(wire, 40), headers=tagged))
    assert set(answers) == {200, 402}
    assert len(answers[200]) >= 8
    assert total_cost(gateway.rows(40)) <= Decimal("1.00")


async def test_without_a_cap_one_is_set(gateways: Gateways, simulated: SimulatedProvider) -> None:
    """A model that would run on is held by the cap that the gateway puts into the request."""
    gateway = gateways.start(policy(CHAT))
    body = {"model": CHAT.model, "messages": [{"role": "user", "content": "Go on. [[sim output=50000]]"}]}
    tagged = {"x-llmconsole-tags": "project=web"}
    answers = by_status(await all_at_once(gateway, CHAT, [body] * 5, headers=tagged))
    assert set(answers) <= {200, 402}
    assert answers[200]
    assert total_cost(gateway.rows(5)) <= Decimal("1.00")


async def test_other_projects_are_not_in_it(gateways: Gateways) -> None:
    gateway = gateways.start(policy(MESSAGES, limit="0.10"))
    other = {"x-llmconsole-tags": "project=backend"}
    answers = by_status(await all_at_once(gateway, MESSAGES, bodies(MESSAGES, 5), headers=other))
    assert set(answers) == {200}
    assert the_budget(gateway)["spent_usd"] == "0.00"


async def test_a_raised_limit_serves_at_once(gateways: Gateways) -> None:
    gateway = gateways.start(policy(CHAT, limit="0.10"))
    tagged = {**CHAT.credential(gateway.token), "x-llmconsole-tags": "project=web"}
    first, second, third = bodies(CHAT, 3)
    assert gateway.http.post(CHAT.path, json=first, headers=tagged).status_code == 200
    assert gateway.http.post(CHAT.path, json=second, headers=tagged).status_code == 402
    new = {"match": {"project": "web"}, "limit_usd": "0.20", "window": "month", "at_limit": "block"}
    stands = gateway.admin("PUT", "budgets/a dollar for web", json=new)
    assert (stands["limit_usd"], stands["spent_usd"]) == ("0.20", "0.10")
    assert gateway.http.post(CHAT.path, json=second, headers=tagged).status_code == 200
    assert gateway.http.post(CHAT.path, json=third, headers=tagged).status_code == 402


async def test_what_was_spent_is_known_after_a_restart(gateways: Gateways) -> None:
    gateway = gateways.start(policy(CHAT, limit="0.10"))
    tagged = {**CHAT.credential(gateway.token), "x-llmconsole-tags": "project=web"}
    first, second = bodies(CHAT, 2)
    assert gateway.http.post(CHAT.path, json=first, headers=tagged).status_code == 200
    gateway.rows(1)
    assert gateway.stop() == 0
    again = gateways.again(gateway.data, gateway.config)
    assert the_budget(again)["spent_usd"] == "0.10"
    tagged |= CHAT.credential(again.token)
    assert again.http.post(CHAT.path, json=second, headers=tagged).status_code == 402


async def test_an_unpriced_model_is_refused_under_a_hard_budget(gateways: Gateways) -> None:
    gateway = gateways.start(policy(CHAT))
    tagged = {**CHAT.credential(gateway.token), "x-llmconsole-tags": "project=web"}
    body = CHAT.ask("What do you cost?", model="gpt-99-unheard-of")
    refused = gateway.http.post(CHAT.path, json=body, headers=tagged)
    assert refused.status_code == 402
    assert "gpt-99-unheard-of" in CHAT.error_of(refused.json())[1]
    free = {**CHAT.credential(gateway.token), "x-llmconsole-tags": "project=backend"}
    assert gateway.http.post(CHAT.path, json=body, headers=free).status_code == 200
    assert [row["certainty"] for row in gateway.rows(2)][-1] == "unpriced"
