"""What is said otherwise, dropped with a note, or refused, rule by rule."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from gateway_core.formats.bridge import TRANSLATORS, Bridge
from gateway_core.formats.neutral.failure import Failure
from gateway_core.formats.translator import Goal, Reply
from gateway_core.model.call import ANY_THINKING, DialectName
from gateway_core.model.errors import Refusal
from tests.gateway_core.formats.translation.answers import MINIMAL
from tests.gateway_core.formats.translation.calls import ANTHROPIC, CHAT, GEMINI, RESPONSES, Body, ask_of


def crossed(
    here: DialectName,
    there: DialectName,
    model: str,
    more: Body,
    *,
    cap: int | None = None,
    most: int | None = None,
) -> tuple[Body, tuple[str, ...]]:
    """What is sent, and what was dropped."""
    body = {**MINIMAL[here], **more}
    raw = msgspec.json.encode(body)
    ask = ask_of(here, body)
    bridge = Bridge(ask, there, Reply(ask, "01TEST", body=raw))
    sent = msgspec.json.decode(bridge.prepare(raw, Goal(model, most), cap))
    return sent, bridge.dropped


SAMPLING: Body = {"temperature": 0.5, "top_p": 0.9}


def test_sampling_for_claude() -> None:
    sent, dropped = crossed(CHAT, ANTHROPIC, "claude-sonnet-4-5", SAMPLING)
    assert (sent["temperature"], dropped) == (0.5, ("top_p",))
    sent, dropped = crossed(CHAT, ANTHROPIC, "claude-sonnet-4-5", {"temperature": 1.4})
    assert (sent["temperature"], dropped) == (1, ("temperature above 1",))
    for model in ("claude-opus-4-7", "claude-sonnet-5-5", "claude-fable-5-2"):
        sent, dropped = crossed(CHAT, ANTHROPIC, model, SAMPLING)
        assert "temperature" not in sent and dropped == ("temperature", "top_p")


def test_sampling_for_models_of_openai_that_reason() -> None:
    more: Body = {"temperature": 0.5, "stop_sequences": ["x"], "top_k": 4}
    sent, dropped = crossed(ANTHROPIC, CHAT, "gpt-5-mini", more)
    assert "temperature" not in sent and "stop" not in sent
    assert dropped == ("temperature", "stop", "top_k")
    sent, dropped = crossed(ANTHROPIC, CHAT, "gpt-4o-mini", more)
    assert (sent["temperature"], sent["stop"], dropped) == (0.5, ["x"], ("top_k",))


@pytest.mark.parametrize(
    ("there", "model", "key"),
    [
        (CHAT, "gpt-5-mini", "max_completion_tokens"),
        (CHAT, "o4-mini", "max_completion_tokens"),
        (CHAT, "qwen3:4b", "max_tokens"),
        (RESPONSES, "gpt-5-mini", "max_output_tokens"),
    ],
)
def test_the_cap_in_the_words_of_the_model(there: DialectName, model: str, key: str) -> None:
    sent, _ = crossed(ANTHROPIC, there, model, {"max_tokens": 70})
    assert sent[key] == 70
    sent, _ = crossed(ANTHROPIC, there, model, {"max_tokens": 70}, cap=33)
    assert sent[key] == 33, "a cap of ours is sent instead"


def test_a_cap_that_anthropic_needs_is_the_models_own() -> None:
    assert crossed(CHAT, ANTHROPIC, "claude-x", {}, most=64_000)[0]["max_tokens"] == 64_000
    assert crossed(CHAT, ANTHROPIC, "claude-x", {})[0]["max_tokens"] == 8_192


@pytest.mark.parametrize(
    ("model", "effort", "thinking"),
    [
        ("claude-sonnet-4-5", "low", {"type": "enabled", "budget_tokens": 2048}),
        ("claude-sonnet-4-5", "high", {"type": "enabled", "budget_tokens": 8191}),
        ("claude-sonnet-4-5", "none", None),
        ("claude-opus-4-7", "high", {"type": "adaptive", "display": "summarized"}),
        ("claude-sonnet-5-5", "none", None),
    ],
)
def test_effort_for_claude(model: str, effort: str, thinking: Any) -> None:
    sent, dropped = crossed(CHAT, ANTHROPIC, model, {"reasoning_effort": effort})
    assert sent.get("thinking") == thinking and not dropped
    if thinking and thinking["type"] == "adaptive":
        assert sent["output_config"] == {"effort": "high"}


@pytest.mark.parametrize(
    ("model", "effort", "config"),
    [
        ("gemini-2.5-flash", "none", {"thinkingBudget": 0}),
        ("gemini-2.5-pro", "none", {"thinkingBudget": 128}),
        ("gemini-2.5-flash", "medium", {"thinkingBudget": 8192, "includeThoughts": True}),
        ("gemini-3.8-flash", "none", {"thinkingLevel": "MINIMAL"}),
        ("gemini-3.1-pro-preview", "minimal", {"thinkingLevel": "LOW", "includeThoughts": True}),
        ("gemini-3.8-flash", "high", {"thinkingLevel": "HIGH", "includeThoughts": True}),
    ],
)
def test_effort_for_gemini(model: str, effort: str, config: Body) -> None:
    sent, dropped = crossed(CHAT, GEMINI, model, {"reasoning_effort": effort})
    assert sent["generationConfig"]["thinkingConfig"] == config
    assert bool(dropped) == ("pro" in model), "what was asked for by name and is not sent so is named"


@pytest.mark.parametrize(
    ("model", "budget", "effort"),
    [
        ("gpt-5-mini", 1024, "minimal"),
        ("gpt-5.1", 1024, "low"),
        ("o4-mini", 30_000, "high"),
        ("gpt-4o", 2000, None),
    ],
)
def test_budgets_for_openai(model: str, budget: int, effort: str | None) -> None:
    sent, dropped = crossed(
        ANTHROPIC,
        CHAT,
        model,
        {"max_tokens": 40_000, "thinking": {"type": "enabled", "budget_tokens": budget}},
    )
    assert sent.get("reasoning_effort") == effort
    assert dropped == (() if effort else ("thinking",))


def test_what_a_hold_may_rely_on() -> None:
    """No budget of one format bounds what another provider thinks."""
    body = {
        **MINIMAL[ANTHROPIC],
        "thinking": {"type": "enabled", "budget_tokens": 2000},
        "service_tier": "auto",
    }
    ask = ask_of(ANTHROPIC, body)
    bridge = Bridge(ask, CHAT, Reply(ask, "01TEST"))
    assert bridge.ask(hides_nothing=False).thinking == ANY_THINKING
    off = ask_of(ANTHROPIC, {**body, "thinking": {"type": "disabled"}})
    bridge = Bridge(off, CHAT, Reply(off, "01TEST"))
    assert bridge.ask(hides_nothing=False).thinking is None, "it may think all the same"
    assert bridge.ask(hides_nothing=True).thinking == 0


def test_schemas_in_the_words_that_each_knows() -> None:
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "string", "pattern": "x", "minLength": 2, "const": "xx"},
            "b": {"type": "integer", "exclusiveMinimum": 3},
            "c": {"allOf": [{"type": "array", "items": {"type": "object", "properties": {}}}]},
        },
        "$schema": "https://json-schema.org/draft/2020-12/schema",
    }
    wanted = {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}}
    sent, dropped = crossed(CHAT, GEMINI, "gemini-3.8-flash", wanted)
    found = sent["generationConfig"]["responseJsonSchema"]["properties"]
    assert found["a"] == {"type": "string", "enum": ["xx"]}
    assert found["b"] == {"type": "integer", "minimum": 4}
    assert found["c"]["type"] == "array"
    assert set(dropped) == {"schema.pattern", "schema.minLength", "schema.$schema"}
    sent, _ = crossed(CHAT, ANTHROPIC, "claude-sonnet-4-5", wanted)
    closed = sent["output_config"]["format"]["schema"]
    assert closed["additionalProperties"] is False
    assert closed["properties"]["c"]["allOf"][0]["items"]["additionalProperties"] is False


def test_instructions_inside_a_conversation_become_the_users() -> None:
    messages = [
        {"role": "user", "content": "a"},
        {"role": "system", "content": "b"},
        {"role": "user", "content": "c"},
    ]
    sent, dropped = crossed(CHAT, ANTHROPIC, "claude-x", {"messages": messages})
    assert [block["text"] for block in sent["messages"][0]["content"]] == ["a", "b", "c"]
    assert dropped == ("role of a system message inside the conversation",)


@pytest.mark.parametrize("data", ["+/8=", "-_8=", "-_8", "+/8"])
def test_data_in_the_alphabet_of_googles_sdks(data: str) -> None:
    parts = [{"inlineData": {"mimeType": "image/png", "data": data}}]
    more: Body = {"contents": [{"role": "user", "parts": parts}]}
    sent, _ = crossed(GEMINI, ANTHROPIC, "claude-sonnet-4-5", more)
    assert sent["messages"][0]["content"][0]["source"]["data"] == "+/8="
    sent, _ = crossed(GEMINI, CHAT, "gpt-4o-mini", more)
    assert sent["messages"][0]["content"][0]["image_url"]["url"] == "data:image/png;base64,+/8="


def test_a_picture_that_a_tool_shows_follows_its_result() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": "AAAA"}
    result = {
        "type": "tool_result",
        "tool_use_id": "t1",
        "content": [{"type": "image", "source": source}],
        "is_error": True,
    }
    messages = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "f", "input": {}}]},
        {"role": "user", "content": [result]},
    ]
    sent, dropped = crossed(ANTHROPIC, CHAT, "gpt-4o", {"messages": messages})
    tool, user = sent["messages"][-2:]
    assert (tool["role"], user["content"][1]["image_url"]["url"]) == ("tool", "data:image/png;base64,AAAA")
    assert dropped == ("tool_result.is_error",)
    sent, dropped = crossed(ANTHROPIC, GEMINI, "gemini-3.8-flash", {"messages": messages})
    answer = sent["contents"][-1]["parts"][0]["functionResponse"]
    assert (answer["name"], list(answer["response"]), len(answer["parts"])) == ("f", ["error"], 1)
    assert not dropped


@pytest.mark.parametrize(
    ("here", "there", "more", "named"),
    [
        (CHAT, ANTHROPIC, {"n": 3}, "3 answers"),
        (CHAT, GEMINI, {"functions": [{"name": "f"}]}, "'functions'"),
        (CHAT, GEMINI, {"messages": [{"role": "critic", "content": "x"}]}, "'critic'"),
        (
            ANTHROPIC,
            CHAT,
            {"messages": [{"role": "user", "content": [{"type": "container_upload"}]}]},
            "'container_upload'",
        ),
        (RESPONSES, ANTHROPIC, {"previous_response_id": "resp_1"}, "'previous_response_id'"),
        (RESPONSES, GEMINI, {"input": [{"type": "computer_call"}]}, "'computer_call'"),
        (GEMINI, CHAT, {"contents": [{"parts": [{"executableCode": {"code": "x"}}]}]}, "'executableCode'"),
        (CHAT, GEMINI, {"messages": [{"role": "tool", "tool_call_id": "lost", "content": "x"}]}, "'lost'"),
    ],
)
def test_what_is_refused_is_named(here: DialectName, there: DialectName, more: Body, named: str) -> None:
    with pytest.raises(Refusal) as raised:
        crossed(here, there, "m", more)
    assert raised.value.status == 400 and named in raised.value.message


def test_a_prompt_that_is_too_long_is_said_as_agents_listen_for_it() -> None:
    told = TRANSLATORS[CHAT].read_failure(
        400,
        b'{"error":{"message":"The maximum context length is 9.","code":"context_length_exceeded"}}',
    )
    assert b"prompt is too long" in TRANSLATORS[ANTHROPIC].write_failure(told, "01TEST")
    error = {"type": "invalid_request_error", "message": "prompt is too long: 9 > 8"}
    told = TRANSLATORS[ANTHROPIC].read_failure(400, msgspec.json.encode({"type": "error", "error": error}))
    assert b'"context_length_exceeded"' in TRANSLATORS[CHAT].write_failure(told, "01TEST")


@pytest.mark.parametrize("dialect", TRANSLATORS)
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error":"no"}', b'{"error":null}', b"\xff"])
def test_any_body_can_be_an_error(dialect: DialectName, body: bytes) -> None:
    failure = TRANSLATORS[dialect].read_failure(503, body)
    assert failure.status == 503 and failure.message
    for translator in TRANSLATORS.values():
        assert msgspec.json.decode(translator.write_failure(failure, "01TEST"))


def test_googles_wait_is_read() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3.2s"}]
    body = msgspec.json.encode(
        {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "x", "details": details}}
    )
    assert TRANSLATORS[GEMINI].read_failure(429, body) == Failure(
        429, "x", "rate_limit_exceeded", retry_after=4
    )


def test_a_user_that_is_too_long_for_openai() -> None:
    """Claude Code sends a JSON text."""
    sent, dropped = crossed(ANTHROPIC, CHAT, "gpt-5-mini", {"metadata": {"user_id": "x" * 65}})
    assert "user" not in sent and dropped == ("user",)
    sent, dropped = crossed(ANTHROPIC, CHAT, "gpt-5-mini", {"metadata": {"user_id": "ann"}})
    assert sent["user"] == "ann" and not dropped


def test_a_call_of_claude_code_for_gpt() -> None:
    """The fields of its calls: what matters arrives, the rest is named."""
    more: Body = {
        "max_tokens": 64_000,
        "system": [
            {"type": "text", "text": "x-anthropic-billing-header: v=1"},
            {"type": "text", "text": "You are an agent.", "cache_control": {"type": "ephemeral"}},
        ],
        "tools": [
            {
                "name": "mcp__" + "long_" * 20,
                "description": "d",
                "input_schema": {"type": "object", "properties": {}},
            }
        ],
        "thinking": {"type": "adaptive"},
        "output_config": {"effort": "high"},
        "context_management": {"edits": [{"type": "clear_thinking_20251015"}]},
        "metadata": {"user_id": '{"device_id":"' + "a" * 64 + '"}'},
        "temperature": 1,
    }
    sent, dropped = crossed(ANTHROPIC, CHAT, "gpt-5-mini", more)
    assert [each["text"] for each in sent["messages"][0]["content"]][1] == "You are an agent."
    assert (sent["max_completion_tokens"], sent["reasoning_effort"]) == (64_000, "high")
    assert len(sent["tools"][0]["function"]["name"]) == 64
    assert set(dropped) == {"text.cache_control", "context_management", "user", "temperature"}


def test_ids_of_calls_in_the_letters_that_anthropic_takes() -> None:
    ids = ("functions.f:0", "functions.f.0")
    function = {"name": "f", "arguments": "not JSON"}
    calls = [{"id": id, "type": "function", "function": function} for id in ids]
    messages = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "", "tool_calls": calls},
        *({"role": "tool", "tool_call_id": id, "content": "b"} for id in ids),
    ]
    sent, _ = crossed(CHAT, ANTHROPIC, "claude-x", {"messages": messages})
    used = sent["messages"][1]["content"]
    sent_ids = [use["id"] for use in used]
    assert all(re.fullmatch("functions_f_0_[0-9a-f]{8}", id) for id in sent_ids)
    assert len(set(sent_ids)) == 2, "what is written alike is told apart"
    assert used[0]["input"] == {"arguments": "not JSON"}
    assert [result["tool_use_id"] for result in sent["messages"][2]["content"]] == sent_ids
