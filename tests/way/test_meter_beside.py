"""Ways that a call may take beside the straight one: each is held, checked and counted like any other."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, Wire

PRICES = """
[prices."openai/gpt-5-nano"]
input = "0"
output = "0"
[prices."openai/gpt-5-mini"]
input = "100"
output = "1000"
[prices."anthropic/claude-sonnet-4-5"]
input = "100"
output = "1000"
"""
WORK = "Say it. [[sim input=40 output=20 ttft=0 reasoning=0]]"
TAGGED = {"x-llmconsole-tags": "project=web"}
NOTHING = Decimal(0)
COST = Decimal("0.024")
"""40 × $100 + 20 × $1000, a million tokens each."""


def budget(match: str, limit: str = "0.000001") -> str:
    return f'[[budgets]]\nname = "the budget"\nmatch = {match}\nlimit_usd = "{limit}"\nwindow = "total"\n'


def route(*targets: str) -> str:
    return f'[[routes]]\nname = "cheap first"\nwhen = {{ project = "web" }}\nuse = {list(targets)}\n'


def call(
    gateway: RunningGateway, body: Any, headers: Mapping[str, str] = MappingProxyType({}), wire: Wire = CHAT
) -> httpx.Response:
    sent = {**wire.credential(gateway.token), **headers}
    return gateway.http.post(wire.path, json=body, headers=sent)


def the_budget(gateway: RunningGateway) -> tuple[Decimal, Decimal]:
    """Spent and held."""
    (found,) = gateway.admin("GET", "budgets")["budgets"]
    return Decimal(found["spent_usd"]), Decimal(found["held_usd"])


FAILING = {
    "it refuses": "Fail. [[sim status=503 times=1]]",
    "it throttles": "Fail. [[sim status=429 times=1]]",
    "it has no such model": "Fail. [[sim status=404 times=1]]",
}


@pytest.mark.parametrize("prompt", FAILING.values(), ids=FAILING)
def test_a_paid_target_behind_a_free_one_is_checked_before_it_bills(
    gateways: Gateways, simulated: SimulatedProvider, prompt: str
) -> None:
    gateway = gateways.start(PRICES + route("gpt-5-nano", "gpt-5-mini") + budget('{ model = "gpt-5-mini" }'))
    mark = simulated.mark()
    body = CHAT.ask(prompt, model="gpt-5-nano")
    response = call(gateway, body, TAGGED)
    assert [request["model"] for request in simulated.seen(mark)] == ["gpt-5-nano"]
    assert response.status_code == 402 and "the budget" in response.text
    (row,) = gateway.rows(1)
    assert Decimal(row["cost_usd"]) == 0
    assert the_budget(gateway) == (NOTHING, NOTHING)


def test_a_target_over_its_budget_gives_way_to_the_next(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    gateway = gateways.start(PRICES + route("gpt-5-mini", "gpt-5-nano") + budget('{ model = "gpt-5-mini" }'))
    mark = simulated.mark()
    response = call(gateway, CHAT.ask(WORK), TAGGED)
    assert response.status_code == 200
    assert [request["model"] for request in simulated.seen(mark)] == ["gpt-5-nano"]
    (row,) = gateway.rows(1)
    assert (row["asked_model"], row["model"]) == ("gpt-5-mini", "gpt-5-nano")


def test_what_a_fallback_costs_is_spent_where_it_belongs(gateways: Gateways) -> None:
    policy = PRICES + route("gpt-5-nano", "gpt-5-mini") + budget('{ model = "gpt-5-mini" }', "1")
    gateway = gateways.start(policy)
    body = CHAT.ask(f"{WORK} [[sim status=503 times=1]]", model="gpt-5-nano", cap=40)
    response = call(gateway, body, TAGGED)
    assert response.status_code == 200
    (row,) = gateway.rows(1)
    assert (row["model"], row["attempts"], Decimal(row["cost_usd"])) == ("gpt-5-mini", 2, COST)
    assert the_budget(gateway) == (COST, NOTHING)


def test_a_retry_is_held_again_and_costs_once(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(PRICES + budget("{}", "1"), top="retries = 1")
    mark = simulated.mark()
    response = call(gateway, CHAT.ask(f"Again. {WORK} [[sim status=503 times=1]]", cap=40))
    assert response.status_code == 200
    assert len(simulated.seen(mark)) == 2
    (row,) = gateway.rows(1)
    assert (row["attempts"], Decimal(row["cost_usd"])) == (2, COST)
    assert the_budget(gateway) == (COST, NOTHING)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_an_answer_from_the_cache_costs_nothing_and_needs_no_room(
    gateways: Gateways, simulated: SimulatedProvider, stream: bool
) -> None:
    """Neither of a budget nor of a throttle."""
    throttle = '[[throttles]]\nname = "slow"\nmatch = {}\nrequests_per_minute = 1\n'
    gateway = gateways.start(PRICES + budget("{}", "1") + throttle)
    body = CHAT.ask(WORK, cap=40, stream=stream)
    cached = {"x-llmconsole-cache": "on"}
    first = call(gateway, body, cached)
    gateway.rows(1)
    gateway.admin("PUT", "budgets/the budget", json={"match": {}, "limit_usd": str(COST), "window": "total"})
    mark = simulated.mark()
    second = call(gateway, body, cached)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.headers["x-llmconsole-cache"] == "hit"
    assert second.content == first.content
    assert not simulated.seen(mark)
    _, hit = gateway.rows(2)
    assert (Decimal(hit["cost_usd"]), Decimal(hit["saved_usd"])) == (NOTHING, COST)
    assert the_budget(gateway) == (COST, NOTHING)


SPELLINGS: dict[str, tuple[Wire, dict[str, str], dict[str, Any]]] = {
    "our own": (CHAT, {"x-llmconsole-tags": "project=web,user=ann"}, {}),
    "our own with colons": (CHAT, {"X-LLMConsole-Tags": "project:web,user:ann"}, {}),
    "litellm": (CHAT, {"x-litellm-tags": "project:web,user=ann"}, {}),
    "portkey": (CHAT, {"x-portkey-metadata": '{"project": "web", "_user": "ann"}'}, {}),
    "helicone": (CHAT, {"Helicone-Property-Project": "web", "helicone-property-user": "ann"}, {}),
    "metadata in the body": (CHAT, {}, {"metadata": {"project": "web", "user": "ann"}}),
    "user in the body": (CHAT, {"x-litellm-tags": "project:web"}, {"user": "ann"}),
    "Anthropic's user": (
        MESSAGES, {"x-llmconsole-tags": "project=web"}, {"metadata": {"user_id": "ann"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_budget_hears_tags_in_every_spelling(
    gateways: Gateways, simulated: SimulatedProvider, spelling: str
) -> None:
    wire, headers, beside = SPELLINGS[spelling]
    match = '{ project = "web", user = "ann" }'
    gateway = gateways.start(PRICES + budget(match))
    mark = simulated.mark()
    response = call(gateway, {**wire.ask(WORK), **beside}, headers, wire)
    assert response.status_code == 402, response.text
    assert "the budget" in wire.error_of(response.json())[1]
    assert not simulated.seen(mark)


def test_a_client_cannot_talk_itself_out_of_a_budget(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    """What is pinned on its token stands; a longer name of a model is still that model."""
    gateway = gateways.start(PRICES + budget('{ project = "web", model = "gpt-5-mini" }'))
    made = gateway.admin("POST", "tokens", json={"name": "ci", "tags": {"project": "web"}})
    mark = simulated.mark()
    attempts: tuple[tuple[str, dict[str, str], dict[str, Any]], ...] = (
        (CHAT.path, {"x-llmconsole-tags": "project=other"}, {}),
        (f"/@project=other{CHAT.path}", {}, {}),
        (CHAT.path, {"x-litellm-tags": "project:other"}, {"metadata": {"project": "other"}}),
        (CHAT.path, {"x-llmconsole-route": "off"}, {"model": "openai/gpt-5-mini"}),
        (f"/openai{CHAT.path}", {"x-llmconsole-max-cost": "1000"}, {}),
        (CHAT.path, {"x-llmconsole-cache": "refresh"}, {}),
    )
    for path, headers, beside in attempts:
        sent = {"authorization": f"Bearer {made['token']}", **headers}
        response = gateway.http.post(path, json={**CHAT.ask(WORK), **beside}, headers=sent)
        assert (path, headers, response.status_code) == (path, headers, 402)
    assert not simulated.seen(mark)


ELSEWHERE = (
    ("POST", "/v1beta/models/gemini-2.5-flash:tuneModel"), ("PUT", "/v1/chat/completions"),
    ("POST", "/v1/unheard_of"), ("POST", "/v2/images/generations"), ("POST", "/openai/v1/../../admin"),
    ("POST", "/openai/v1/images/%2e%2e/%2e%2e/x"), ("POST", "/openai/v1/chat/completions/"),
    ("POST", "//v1/chat/completions"), ("POST", "/v1/chat/completions/"), ("POST", "/V1/chat/completions"),
    ("POST", "/v1/../v1/chat/completions"), ("POST", "/openai/openai/v1/chat/completions"),
    ("POST", "/@project=other/@project=web/v1/chat/completions"), ("POST", "/v1/chat%2Fcompletions"),
    ("POST", "/anthropic/v1/chat/completions"), ("POST", "/gemini/v1/messages"),
)  # fmt: skip


def test_nothing_reaches_a_provider_without_a_row(gateways: Gateways, simulated: SimulatedProvider) -> None:
    """Paths that look like an endpoint, and those of a provider that are none of ours."""
    gateway = gateways.start(PRICES + budget("{}"))
    mark, passed = simulated.mark(), []
    for method, path in ELSEWHERE:
        before = len(simulated.seen(mark))
        headers = CHAT.credential(gateway.token)
        response = gateway.http.request(method, path, json=CHAT.ask(WORK), headers=headers)
        assert response.status_code in (400, 402, 404, 405), (path, response.status_code)
        if len(simulated.seen(mark)) > before:
            passed.append(response.headers["x-llmconsole-request-id"])
    wait_for(lambda: set(passed) <= {row["id"] for row in gateway.export()}, what="a row for each")
    assert not [row for row in gateway.export() if row["id"] in passed and row["model"]], "calls of a model"
    wait_for(lambda: the_budget(gateway) == (NOTHING, NOTHING), what="nothing to be held")
