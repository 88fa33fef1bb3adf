"""Escalation by what the call itself says: the form that it wants its answer in, and how the answer ended."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from decimal import Decimal
from typing import Any

import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, WIRES, Json, Wire
from tests.way.test_escalation import ALL, CHEAP, ROUTE, STRONG, attempts, spent

STREAMS = ROUTE + "escalate_streams = true\n" + ALL
SCHEMA: Json = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "masts": {"type": "integer"}},
    "required": ["name", "masts"],
    "additionalProperties": False,
}
_SCHEMA = {"type": "json_schema", "name": "boat", "strict": True, "schema": SCHEMA}
_CHAT = {"name": "boat", "strict": True, "schema": SCHEMA}
FORMS: dict[str, Json] = {
    "chat": {"response_format": {"type": "json_schema", "json_schema": _CHAT}},
    "chat object": {"response_format": {"type": "json_object"}},
    "responses": {"text": {"format": _SCHEMA}},
    "responses object": {"text": {"format": {"type": "json_object"}}},
    "anthropic": {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
    "gemini": {"responseMimeType": "application/json", "responseJsonSchema": SCHEMA},
    "gemini object": {"responseMimeType": "application/json"},
}
CASES = [
    (CHAT, "chat", '{"name": "Ann"}', "schema"),
    (CHAT, "chat", '{"name": "An', "form"),
    (CHAT, "chat object", "A boat of two masts.", "form"),
    (RESPONSES, "responses", '{"name": 3, "masts": 2}', "schema"),
    (RESPONSES, "responses object", '```json\n{"a": 1}\n```', "form"),
    (MESSAGES, "anthropic", '{"name": "Ann", "masts": 2, "more": 1}', "schema"),
    (GEMINI, "gemini", '{"name": "Ann", "masts": "two"}', "schema"),
    (GEMINI, "gemini object", "Ann", "form"),
]


def says(words: str, *models: str) -> str:
    """The knob by which these models say just these words."""
    packed = urlsafe_b64encode(words.encode()).decode().rstrip("=")
    return f"says={','.join(f'{model}:{packed}' for model in models)}"


def formed(wire: Wire, body: Json, form: str) -> Json:
    if wire is GEMINI:
        return {**body, "generationConfig": {**body["generationConfig"], **FORMS[form]}}
    return {**body, **FORMS[form]}


def sent(gateway: RunningGateway, wire: Wire, body: Json, *, stream: bool) -> dict[str, Any]:
    """The row of a call."""
    answer = gateway.http.post(wire.at(stream), json=body, headers=wire.credential(gateway.token))
    assert answer.status_code == 200, answer.text
    return dict(gateway.rows(1)[0])


def asked_both(gateway: RunningGateway, row: dict[str, Any], check: str) -> None:
    """The cheap answer was set aside for one check, both are booked, and nothing is held."""
    assert f"{CHEAP} distrusted 1.00 ({check}), asked {STRONG}" in row["route_reason"]
    assert (row["model"], row["attempts"], row["outcome"]) == ("claude-sonnet-4-5", 2, "ok")
    (cheap,) = attempts(gateway, row)
    assert (cheap["model"], cheap["error"]) == ("gpt-4.1-mini", f"distrusted 1.00: {check}")
    assert spent(gateway) == Decimal(row["cost_usd"]) > Decimal(cheap["cost_usd"]) > 0
    assert not gateway.doctor()


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    ("wire", "form", "words", "check"), CASES, ids=[f"{form}, {words[:14]}" for _, form, words, _ in CASES]
)
def test_what_has_not_the_asked_form_is_distrusted(
    gateways: Gateways, wire: Wire, form: str, words: str, check: str, stream: bool
) -> None:
    """Whatever the prompt says: of its words alone no check makes anything."""
    gateway = gateways.start(STREAMS)
    prompt = f"Tell me of a boat, json. [[sim {says(words, 'gpt-4.1-mini')}]]"
    body = formed(wire, wire.ask(prompt, cap=4000, stream=stream), form)
    asked_both(gateway, sent(gateway, wire, body, stream=stream), check)


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_what_has_it_stands(gateways: Gateways, simulated: SimulatedProvider, wire: Wire) -> None:
    gateway = gateways.start(STREAMS)
    form = {"openai": "chat"}.get(wire.name, wire.name)
    before = simulated.mark()
    row = sent(gateway, wire, formed(wire, wire.ask("Tell me of a boat.", cap=4000), form), stream=False)
    assert (row["model"], row["attempts"]) == ("gpt-4.1-mini", 1)
    assert len(simulated.seen(before)) == 1


@pytest.mark.parametrize("how", ["words", "filter", "prompt"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_a_refusal_is_asked_of_the_next_model(gateways: Gateways, wire: Wire, stream: bool, how: str) -> None:
    gateway = gateways.start(STREAMS)
    words = f"Refused by one of them. [[sim refuse={how} at=gpt-4.1-mini]]"
    row = sent(gateway, wire, wire.ask(words, cap=4000, stream=stream), stream=stream)
    asked_both(gateway, row, "declined")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_a_cut_answer_is_asked_of_the_next_model(gateways: Gateways, wire: Wire, stream: bool) -> None:
    gateway = gateways.start(STREAMS)
    words = f"Cut short. [[sim {says('So many words. ' * 40, 'gpt-4.1-mini')}]]"
    row = sent(gateway, wire, wire.ask(words, cap=60, stream=stream), stream=stream)
    asked_both(gateway, row, "capped")


def test_the_last_model_s_refusal_is_given(gateways: Gateways) -> None:
    gateway = gateways.start(STREAMS)
    body = CHAT.ask("Refused by both. [[sim refuse=filter]]", cap=4000)
    answer = gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))
    assert answer.json()["choices"][0]["finish_reason"] == "content_filter"
    (row,) = gateway.rows(1)
    asked_both(gateway, row, "declined")
