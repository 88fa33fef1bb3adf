"""Signed thinking survives a tool round through clients that bring back only id, name and arguments."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from gateway_core.formats.bridge import TRANSLATORS, Bridge
from gateway_core.formats.marks import without_marks
from gateway_core.formats.neutral.riding import MARK, SHOWN_SIGNATURE
from gateway_core.formats.translator import Goal, Reply
from gateway_core.model.call import DialectName
from tests.gateway_core.formats.translation.answers import ANSWERS, STREAMED
from tests.gateway_core.formats.translation.calls import (
    ANTHROPIC,
    CHAT,
    GEMINI,
    MODELS,
    RESPONSES,
    Body,
    ask_of,
)

TOOLS: dict[DialectName, Any] = {
    CHAT: [{"type": "function", "function": {"name": name}} for name in "fg"],
    RESPONSES: [{"type": "function", "name": name, "strict": False} for name in "fg"],
    ANTHROPIC: [{"name": name, "input_schema": {"type": "object"}} for name in "fg"],
}


def first_call(here: DialectName) -> Body:
    asked: Any = [{"role": "user", "content": "Hi"}]
    body: Body = {"model": "m", "tools": TOOLS[here], "input" if here is RESPONSES else "messages": asked}
    return {**body, "max_tokens": 9000} if here is ANTHROPIC else body


def bridged(here: DialectName, there: DialectName, body: Body, model: str) -> tuple[Bridge, Body]:
    raw = msgspec.json.encode(body)
    ask = ask_of(here, body)
    bridge = Bridge(ask, there, Reply(ask, "01TEST", body=raw))
    return bridge, msgspec.json.decode(bridge.prepare(raw, Goal(model), None))


def calls_in(here: DialectName, answer: Body) -> list[tuple[str, str]]:
    """Id and name, all that such a client keeps beside the arguments."""
    if here is CHAT:
        return [(c["id"], c["function"]["name"]) for c in answer["choices"][0]["message"]["tool_calls"]]
    if here is RESPONSES:
        return [(c["call_id"], c["name"]) for c in answer["output"] if c["type"] == "function_call"]
    return [(c["id"], c["name"]) for c in answer["content"] if c["type"] == "tool_use"]


def second_call(here: DialectName, calls: list[tuple[str, str]]) -> Body:
    body = first_call(here)
    if here is CHAT:
        made = [{"id": i, "type": "function", "function": {"name": n, "arguments": "{}"}} for i, n in calls]
        results = [{"role": "tool", "tool_call_id": i, "content": "calm"} for i, _ in calls]
        return {**body, "messages": [*body["messages"], {"role": "assistant", "tool_calls": made}, *results]}
    if here is RESPONSES:
        said = [{"type": "function_call", "call_id": i, "name": n, "arguments": "{}"} for i, n in calls]
        results = [{"type": "function_call_output", "call_id": i, "output": "calm"} for i, _ in calls]
        return {**body, "input": [*body["input"], *said, *results]}
    uses = [{"type": "tool_use", "id": i, "name": n, "input": {}} for i, n in calls]
    shown = {"type": "thinking", "thinking": "Hm", "signature": SHOWN_SIGNATURE}
    results = [{"type": "tool_result", "tool_use_id": i, "content": "calm"} for i, _ in calls]
    turns = [{"role": "assistant", "content": [shown, *uses]}, {"role": "user", "content": results}]
    return {**body, "messages": [*body["messages"], *turns]}


CLIENTS = [CHAT, RESPONSES, ANTHROPIC]


@pytest.mark.parametrize("here", CLIENTS)
def test_gemini_gets_its_signature_back(here: DialectName) -> None:
    bridge, _ = bridged(here, GEMINI, first_call(here), MODELS[GEMINI])
    calls = calls_in(here, msgspec.json.decode(bridge.answer(ANSWERS[GEMINI], None)))
    _, sent = bridged(here, GEMINI, second_call(here, calls), MODELS[GEMINI])
    model = next(content for content in sent["contents"] if content["role"] == "model")
    first, second = model["parts"]
    assert first["thoughtSignature"] == "c2ln" and "thoughtSignature" not in second
    results = [part["functionResponse"] for part in sent["contents"][-1]["parts"]]
    assert [each["name"] for each in results] == ["f", "g"]
    assert [each["id"] for each in results] == [each["functionCall"]["id"] for each in model["parts"]]
    assert MARK.encode() not in msgspec.json.encode(sent)


@pytest.mark.parametrize("here", [CHAT, RESPONSES])
def test_claude_gets_its_thinking_back(here: DialectName) -> None:
    bridge, _ = bridged(here, ANTHROPIC, first_call(here), MODELS[ANTHROPIC])
    calls = calls_in(here, msgspec.json.decode(bridge.answer(ANSWERS[ANTHROPIC], None)))
    body = second_call(here, calls)
    body |= {"reasoning": {"effort": "high"}} if here is RESPONSES else {"reasoning_effort": "high"}
    _, sent = bridged(here, ANTHROPIC, body, MODELS[ANTHROPIC])
    thought, *uses = sent["messages"][1]["content"]
    assert thought == {"type": "thinking", "thinking": "Hm", "signature": "EqsiSIG=="}
    assert [use["id"] for use in uses] == ["toolu_1", "toolu_2"]
    assert sent["thinking"]["type"] == "enabled"
    assert [each["tool_use_id"] for each in sent["messages"][2]["content"]] == ["toolu_1", "toolu_2"]


@pytest.mark.parametrize("here", [CHAT, ANTHROPIC])
def test_responses_get_their_reasoning_back(here: DialectName) -> None:
    bridge, _ = bridged(here, RESPONSES, first_call(here), MODELS[RESPONSES])
    calls = calls_in(here, msgspec.json.decode(bridge.answer(ANSWERS[RESPONSES], None)))
    _, sent = bridged(here, RESPONSES, second_call(here, calls), MODELS[RESPONSES])
    kinds = [item["type"] for item in sent["input"]]
    assert kinds == ["message", "reasoning", *["function_call"] * 2, *["function_call_output"] * 2]
    assert sent["input"][1]["encrypted_content"] == "gAAA"


@pytest.mark.parametrize(("here", "there"), [(CHAT, GEMINI), (CHAT, ANTHROPIC), (ANTHROPIC, GEMINI)])
def test_a_stream_hands_out_the_same_ids(here: DialectName, there: DialectName) -> None:
    bridge, _ = bridged(here, there, first_call(here), MODELS[there])
    meter = bridge.meter()
    streamed = meter.feed(STREAMED[there]) + meter.close()
    whole = calls_in(here, msgspec.json.decode(bridge.answer(ANSWERS[there], None)))
    assert MARK in whole[0][0]
    assert all(id.encode() in streamed for id, _ in whole)


def test_what_another_provider_signed_stays_away() -> None:
    """A conversation that moves on to another provider."""
    bridge, _ = bridged(CHAT, GEMINI, first_call(CHAT), MODELS[GEMINI])
    calls = calls_in(CHAT, msgspec.json.decode(bridge.answer(ANSWERS[GEMINI], None)))
    body = {**second_call(CHAT, calls), "reasoning_effort": "high"}
    moved, sent = bridged(CHAT, ANTHROPIC, body, MODELS[ANTHROPIC])
    assert [block["type"] for block in sent["messages"][1]["content"]] == ["tool_use", "tool_use"]
    assert "thinking" not in sent, "the provider would refuse a round without its own signed thinking"
    assert any(name.startswith("thinking (") for name in moved.dropped)
    assert b"c2ln" not in msgspec.json.encode(sent)


def test_calls_that_another_model_made_are_told_apart_for_gemini() -> None:
    body = second_call(CHAT, [("call_1", "f"), ("call_2", "g")])
    _, sent = bridged(CHAT, GEMINI, body, "gemini-3.8-flash")
    first, second = sent["contents"][1]["parts"]
    assert first["thoughtSignature"] == "skip_thought_signature_validator"
    assert "thoughtSignature" not in second
    _, older = bridged(CHAT, GEMINI, body, "gemini-2.5-flash")
    assert "thoughtSignature" not in older["contents"][1]["parts"][0]


@pytest.mark.parametrize("here", CLIENTS)
def test_a_conversation_that_comes_back_holds_nothing_of_others(here: DialectName) -> None:
    """As when a route falls back to the provider of the client's own format."""
    bridge, _ = bridged(here, GEMINI, first_call(here), MODELS[GEMINI])
    calls = calls_in(here, msgspec.json.decode(bridge.answer(ANSWERS[GEMINI], None)))
    body = {**second_call(here, calls), "own_field": {"kept": True}}
    if here is ANTHROPIC:
        body["thinking"] = {"type": "enabled", "budget_tokens": 2000}
    raw = msgspec.json.encode(body)
    cleaned = without_marks(raw, ask_of(here, body), TRANSLATORS[here])
    assert MARK.encode() not in cleaned and SHOWN_SIGNATURE.encode() not in cleaned
    found = msgspec.json.decode(cleaned)
    assert found["own_field"] == {"kept": True} and "thinking" not in found
    assert [id for id, _ in calls if id.partition(MARK)[0].encode() not in cleaned] == []


@pytest.mark.parametrize("here", CLIENTS)
def test_any_other_body_stays_the_very_same(here: DialectName) -> None:
    body = second_call(here, [("call_1", "f"), ("call_2", "g")])
    raw = msgspec.json.encode(body).replace(SHOWN_SIGNATURE.encode(), b"RXFzaQ==")
    assert without_marks(raw, ask_of(here, body), TRANSLATORS[here]) is raw
