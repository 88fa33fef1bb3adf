"""The semantic cache, end to end: it watches, proves itself, serves, goes on measuring, and closes again."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import httpx

from tests.support.gateway import Gateways, RunningGateway
from tests.support.money import total_cost
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, Json

DOCS = {"x-llmconsole-tags": "project=docs"}
WORDS = '[cache]\nsemantic = { when = { project = "docs" }, rate = 0.5, sample = 0.0 }\n'
MODEL = WORDS.replace("rate", 'endpoint = "openai/text-embedding-3-small", threshold = 0.7, rate')
CITIES = ("Paris", "Rome", "Berlin", "Madrid", "Lisbon", "Vienna", "Prague", "Warsaw", "Dublin", "Athens")
ALIKE = {
    "type": "json_schema",
    "json_schema": {
        "name": "one",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"answer": {"type": "string", "enum": ["the same for all"]}},
            "required": ["answer"],
            "additionalProperties": False,
        },
    },
}
"""Makes the simulated model answer every question in the same words; without it each has its own."""


def ask(
    gateway: RunningGateway, text: str, *, alike: bool = True, headers: dict[str, str] = DOCS, **more: Any
) -> httpx.Response:
    body: Json = {**CHAT.ask(text, cap=2000), **({"response_format": ALIKE} if alike else {}), **more}
    sent = {**CHAT.credential(gateway.token), **headers}
    response = gateway.http.post(CHAT.path, json=body, headers=sent)
    assert response.status_code == 200, response.text
    return response


def stats(gateway: RunningGateway) -> dict[str, Any]:
    return dict(gateway.admin("GET", "cache/stats"))


def rule(gateway: RunningGateway) -> dict[str, Any]:
    (found,) = stats(gateway)["rules"]
    return dict(found)


def known(gateway: RunningGateway, count: int) -> None:
    """Waits until the meaning of that many questions is kept."""
    wait_for(lambda: stats(gateway)["semantic"] >= count, what=f"{count} vectors", seconds=30)


def tried(gateway: RunningGateway, count: int) -> dict[str, Any]:
    """The rule once it knows that many trials."""
    wait_for(lambda: rule(gateway)["trials"] >= count, what=f"{count} trials", seconds=30)
    return rule(gateway)


def pairs(gateway: RunningGateway, cities: tuple[str, ...], *, alike: bool = True) -> dict[str, Any]:
    """Asks two questions alike about each city, until the rule serves; the rule as it stands then."""
    for city in cities:
        before, trials = stats(gateway)["semantic"], rule(gateway)["trials"]
        ask(gateway, f"How do I get rid of tourists in {city}?", alike=alike)
        known(gateway, before + 1)
        ask(gateway, f"How can I get rid of tourists in {city}?", alike=alike)
        known(gateway, before + 2)
        if tried(gateway, trials + 1)["state"] == "open":
            break
    return rule(gateway)


def test_in_shadow_it_serves_nothing_and_measures(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(WORDS.replace("rate = 0.5", "rate = 0.01"))
    before = simulated.mark()
    assert rule(gateway)["state"] == "shadow"
    found = pairs(gateway, CITIES[:2])
    assert (found["state"], found["trials"], found["wrong"], found["served"]) == ("shadow", 2, 0, 0)
    assert found["needed"] > 100
    assert len(simulated.seen(before)) == 4
    again = ask(gateway, "How do I get rid of tourists in Paris?")
    assert again.headers["x-llmconsole-cache-kind"] == "exact"
    assert {row["cache"] for row in gateway.rows(5)} == {"miss", "hit"}


def test_it_opens_serves_and_is_marked(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(WORDS)
    assert pairs(gateway, CITIES)["state"] == "open"
    count, vectors = len(gateway.export()), stats(gateway)["semantic"]
    paid = ask(gateway, "How do I learn Spanish quickly?")
    known(gateway, vectors + 1)
    before = simulated.mark()
    hit = ask(gateway, "How can I learn Spanish quickly?")
    assert not simulated.seen(before)
    assert hit.content == paid.content
    told = {name: hit.headers[f"x-llmconsole-cache{name}"] for name in ("", "-kind", "-likeness")}
    assert told == {"": "hit", "-kind": "semantic", "-likeness": "1.000"}
    row = gateway.rows(count + 2)[-1]
    assert (row["cache"], row["outcome"], row["cost_usd"]) == ("semantic", "cache_hit", "0.00")
    assert row["saved_usd"] == gateway.export()[-2]["cost_usd"] != "0.00"
    assert stats(gateway)["total"]["hits"] == 1
    # What differs in a number, a negation, an order, a name or elsewhere in the call is another question.
    for text in (
        "How can I not learn Spanish quickly?",
        "How can I learn Spanish quickly in 3 days?",
        "How can I learn French quickly?",
        "Why can I learn Spanish quickly?",
    ):
        assert ask(gateway, text).headers["x-llmconsole-cache"] == "miss", text
    assert ask(gateway, "How to learn Spanish quickly?", seed=7).headers["x-llmconsole-cache"] == "miss"
    assert gateway.doctor() == []


def test_no_other_token_and_no_other_project(gateways: Gateways) -> None:
    gateway = gateways.start(WORDS)
    assert pairs(gateway, CITIES)["state"] == "open"
    twin = "How could I get rid of tourists in Paris?"
    made = gateway.admin("POST", "tokens", json={"name": "ann"})["token"]
    other = {**DOCS, **CHAT.credential(made)}
    assert ask(gateway, twin, headers=other).headers["x-llmconsole-cache"] == "miss"
    web = {"x-llmconsole-tags": "project=web"}
    assert ask(gateway, twin, headers=web).headers["x-llmconsole-cache"] == "bypass"
    off = {**DOCS, "x-llmconsole-cache": "off"}
    assert ask(gateway, twin, headers=off).headers["x-llmconsole-cache"] == "bypass"
    assert ask(gateway, twin).headers["x-llmconsole-cache-kind"] == "semantic"


def test_wrong_answers_keep_it_shut(gateways: Gateways) -> None:
    gateway = gateways.start(WORDS)
    found = pairs(gateway, CITIES[:4], alike=False)
    assert (found["state"], found["trials"], found["wrong"]) == ("shadow", 4, 4)
    assert found["bound"] > 0.5


def test_it_closes_when_what_it_gave_is_discarded(gateways: Gateways) -> None:
    gateway = gateways.start(WORDS)
    assert pairs(gateway, CITIES)["state"] == "open"
    for city in CITIES:
        if rule(gateway)["state"] != "open":
            break
        hit = ask(gateway, f"How could I get rid of tourists in {city}?")
        assert hit.headers["x-llmconsole-cache-kind"] == "semantic"
        call = hit.headers["x-llmconsole-request-id"]
        wait_for(lambda: _entries(gateway, call), what="the entry", seconds=10)  # noqa: B023
        (entry,) = _entries(gateway, call)
        assert entry["key"] == hit.headers["x-llmconsole-cache-key"]
        gone = gateway.admin("DELETE", f"cache/entries/{entry['key']}")
        assert (gone["discarded"], gone["counted_wrong"]) == (1, 1)
    found = rule(gateway)
    assert found["state"] == "shadow"
    assert found["wrong"] > 0
    # What is proved outlives the gateway.
    gateway.stop()
    again = gateways.again(gateway.data, gateway.config)
    assert rule(again) == found


def _entries(gateway: RunningGateway, call: str) -> list[dict[str, Any]]:
    return list(gateway.admin("GET", "cache/entries", params={"where": f"call={call}"})["entries"])


def test_once_open_it_goes_on_measuring(gateways: Gateways) -> None:
    gateway = gateways.start(WORDS.replace("sample = 0.0", "sample = 1.0"))
    found = pairs(gateway, CITIES)
    assert found["state"] == "open"
    asked = ask(gateway, "How could I get rid of tourists in Paris?")
    assert asked.headers["x-llmconsole-cache"] == "miss"
    assert tried(gateway, found["trials"] + 1)["served"] == 0


def test_embeddings_of_a_model_are_booked_and_paid_once(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    gateway = gateways.start(MODEL)
    before = simulated.mark()
    ask(gateway, "How do I get rid of tourists in Oslo?")
    known(gateway, 1)
    rows = gateway.rows(2)
    (embedding,) = [row for row in rows if row["tags"].get("purpose") == "embedding"]
    assert (embedding["model"], embedding["tags"]["project"]) == ("text-embedding-3-small", "docs")
    assert Decimal(embedding["cost_usd"]) > 0
    assert embedding["path"] == "/v1/embeddings"
    # Another conversation asks the same: the vector of its words is known.
    ask(gateway, "How do I get rid of tourists in Oslo?", seed=1)
    known(gateway, 2)
    paths = [each["path"] for each in simulated.seen(before)]
    assert sum(path.endswith("/embeddings") for path in paths) == 1
    summary = gateway.admin("GET", "summary")
    assert Decimal(summary["today_usd"]) == total_cost(gateway.export())


def test_questions_alike_by_a_model(gateways: Gateways) -> None:
    gateway = gateways.start(MODEL)
    assert pairs(gateway, CITIES)["state"] == "open"
    hit = ask(gateway, "How could I get rid of tourists in Paris?")
    assert hit.headers["x-llmconsole-cache-kind"] == "semantic"
    assert 0.7 <= float(hit.headers["x-llmconsole-cache-likeness"]) <= 1.0
    other = ask(gateway, "How could I get rid of tourists in Paris and Oslo?")
    assert other.headers["x-llmconsole-cache"] == "miss"


def test_a_budget_that_is_spent_embeds_nothing_and_answers_all_the_same(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    stop = (
        '[[budgets]]\nname = "none"\nmatch = { purpose = "embedding" }\nlimit_usd = "0.000000001"\n'
        'window = "day"\nat_limit = "block"\n'
    )
    gateway = gateways.start(MODEL + stop)
    before = simulated.mark()
    ask(gateway, "Who pays for this?")
    refused = next(row for row in gateway.rows(2) if row["tags"].get("purpose") == "embedding")
    assert refused["outcome"] == "refused"
    assert not [each for each in simulated.seen(before) if each["path"].endswith("/embeddings")]


def test_another_format_has_its_own(gateways: Gateways) -> None:
    gateway = gateways.start(WORDS)
    assert pairs(gateway, CITIES)["state"] == "open"
    body = MESSAGES.ask("How could I get rid of tourists in Paris?")
    sent = {**MESSAGES.credential(gateway.token), **DOCS}
    answer = gateway.http.post(MESSAGES.path, json=body, headers=sent)
    assert answer.headers["x-llmconsole-cache"] == "miss"
    time.sleep(0.1)
