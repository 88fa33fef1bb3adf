"""Cache marks that are set for a client: what the provider is sent, what the row says, what it saved."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.money import NANO
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, Wire

RULES = "Every boat in the harbour has a name, a number and a captain, who signs for it. " * 150
MARKS = '[cache]\nmarks = { when = { project = "boats" } }\n'
TAGS = {"x-llmconsole-tags": "project=boats", "session-id": "s"}


def marks_in(body: str) -> int:
    return body.count("cache_control")


def turns(wire: Wire, count: int, about: str) -> dict[str, Any]:
    """A conversation of so many questions, in the wire's format, asked of Claude. The provider serves many
    tests: each asks about something else."""
    rules = f"About {about}, {wire.name}. {RULES}"
    said = [f"Question {number}?" for number in range(count)]
    body = wire.ask(said[-1], model="claude-sonnet-4-5")
    pairs = [(role, text) for text in said for role, text in (("user", text), ("assistant", "ok"))][:-1]
    if wire is CHAT:
        talk = [{"role": role, "content": text} for role, text in pairs]
        return {**body, "messages": [{"role": "system", "content": rules}, *talk]}
    if wire is RESPONSES:
        return {
            **body,
            "instructions": rules,
            "input": [{"role": role, "content": text} for role, text in pairs],
        }
    if wire is GEMINI:
        roles = {"user": "user", "assistant": "model"}
        contents = [{"role": roles[role], "parts": [{"text": text}]} for role, text in pairs]
        return {**body, "contents": contents, "systemInstruction": {"parts": [{"text": rules}]}}
    return {**body, "system": rules, "messages": [{"role": role, "content": text} for role, text in pairs]}


def ask(gateway: RunningGateway, wire: Wire, body: dict[str, Any], **headers: str) -> None:
    path = wire.for_model("claude-sonnet-4-5")
    sent = {**wire.credential(gateway.token), **TAGS, **headers}
    answer = gateway.http.post(path, json=body, headers=sent)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("wire", [MESSAGES, CHAT, RESPONSES, GEMINI], ids=lambda wire: wire.name)
def test_a_conversation_reads_what_it_wrote(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire
) -> None:
    """In Anthropic's own format, and translated to it."""
    gateway = gateways.start(MARKS)
    before = simulated.mark()
    for count in (1, 2, 3):
        ask(gateway, wire, turns(wire, count, "reading"))
    bodies = [each["body"] for each in simulated.seen(before, bodies=True)]
    assert [marks_in(body) for body in bodies] == [1, 3, 3]
    first, second, third = gateway.rows(3)
    assert first["cache_write_tokens"] > 2500
    assert second["cached_input_tokens"] >= first["cache_write_tokens"]
    assert third["cached_input_tokens"] > second["cached_input_tokens"]
    assert first["route_reason"].endswith("cache marks set: system")
    assert "cache marks set: system, message 0, message 2" in second["route_reason"]
    for row in (first, second, third):
        tokens = (3, row["input_tokens"]), (Decimal("0.3"), row["cached_input_tokens"])
        paid = sum((price * count for price, count in tokens), Decimal("3.75") * row["cache_write_tokens"])
        assert Decimal(row["cost_usd"]) == ((paid + 15 * row["output_tokens"]) / 10**6).quantize(NANO)

    def shown() -> bool:
        found = gateway.admin("GET", "prompt-cache", params={"by": "tag:project"})
        return bool(found["total"]["marked_calls"] == 3)

    wait_for(shown, what="the calls with marks", seconds=10)
    (row,) = gateway.admin("GET", "prompt-cache")["rows"]
    assert row["marked_saved_usd"] == row["net_usd"]
    assert Decimal(row["net_usd"]) > 0
    assert [each["why"] for each in gateway.admin("GET", "prompt-cache")["breaks"]] == []


def test_a_client_that_marks_keeps_its_own(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(MARKS)
    before = simulated.mark()
    body = turns(MESSAGES, 2, "own marks")
    body["system"] = [{"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}]
    ask(gateway, MESSAGES, body)
    ask(gateway, MESSAGES, turns(MESSAGES, 2, "cars"), **{"x-llmconsole-tags": "project=cars"})
    own, other = simulated.seen(before, bodies=True)
    assert json.loads(own["body"]) == body
    assert marks_in(other["body"]) == 0, "the policy does not match"
    assert all("cache marks" not in row["route_reason"] for row in gateway.rows(2))


def test_an_hour_costs_what_an_hour_costs(gateways: Gateways) -> None:
    gateway = gateways.start('[cache]\nmarks = { when = {}, life = "1h" }\n')
    ask(gateway, MESSAGES, turns(MESSAGES, 2, "an hour"))
    (row,) = gateway.rows(1)
    assert (row["cache_write_tokens"], row["cache_write_1h_tokens"] > 2500) == (0, True)


def test_marks_are_part_of_the_policy(gateways: Gateways) -> None:
    gateway = gateways.start(MARKS)
    shown = gateway.admin("GET", "policy")["toml"]
    assert 'marks = {when = {project = "boats"}, life = "5m"}' in shown or "[cache.marks]" in shown
    gateway.admin("PUT", "policy", json={"toml": shown})
    ask(gateway, MESSAGES, turns(MESSAGES, 2, "policy"))
    assert "cache marks set" in gateway.rows(1)[0]["route_reason"]
    wrong = gateway.admin_response(
        "PUT", "policy", json={"toml": '[cache]\nmarks = { when = {}, life = "2h" }\n'}
    )
    assert wrong.status_code == 400
    assert "choose one of 5m, 1h" in wrong.text
