"""What becomes of odd calls: said otherwise, said in words, or dropped by name."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from gateway_core.formats.bridge import Bridge
from gateway_core.formats.translator import Goal, Reply
from gateway_core.model.call import DialectName
from tests.gateway_core.formats.translation.answers import MINIMAL
from tests.gateway_core.formats.translation.calls import ANTHROPIC, CHAT, GEMINI, RESPONSES, Body, ask_of
from tests.gateway_core.formats.translation.odd import ODD
from tests.gateway_core.formats.translation.test_rules import crossed

GPT, CLAUDE, FLASH = "gpt-5-mini", "claude-sonnet-4-5", "gemini-3.8-flash"


def odd(here: DialectName, name: str, there: DialectName, model: str) -> tuple[Body, set[str]]:
    sent, dropped = crossed(here, there, model, ODD[here][name])
    return sent, set(dropped)


def test_a_cap_that_responses_refuse_is_raised_and_held_for() -> None:
    """Agents ask for one token to try a key."""
    body = {**MINIMAL[ANTHROPIC], "max_tokens": 1}
    ask = ask_of(ANTHROPIC, body)
    bridge = Bridge(ask, RESPONSES, Reply(ask, "01TEST"))
    sent = msgspec.json.decode(bridge.prepare(msgspec.json.encode(body), Goal(GPT), None))
    assert (sent["max_output_tokens"], bridge.ask(hides_nothing=True).output_cap) == (16, 16)
    assert bridge.dropped == ("output cap below 16",)
    assert Bridge(ask, CHAT, Reply(ask, "01TEST")).ask(hides_nothing=True).output_cap == 1


@pytest.mark.parametrize("there", [CHAT, RESPONSES])
def test_a_list_as_the_answer_is_asked_for_in_words(there: DialectName) -> None:
    """OpenAI takes schemas of objects only."""
    sent, dropped = odd(GEMINI, "a list as the answer", there, GPT)
    told = sent["messages"][0]["content"] if there is CHAT else sent["instructions"]
    assert told.endswith('{"type":"array","items":{"type":"string"}}')
    assert "response_format" not in sent and "text" not in sent
    assert dropped == {"schema of an answer that is no object (asked for in words)"}


def test_any_json_is_asked_of_openai_in_words_too() -> None:
    config = {"generationConfig": {"responseMimeType": "application/json"}}
    sent, _ = crossed(GEMINI, CHAT, GPT, config)
    assert sent["response_format"] == {"type": "json_object"}
    assert "JSON" in sent["messages"][0]["content"]
    said: Body = {**config, "contents": [{"parts": [{"text": "as Json"}]}]}
    assert len(crossed(GEMINI, CHAT, GPT, said)[0]["messages"]) == 1


def test_a_strict_tool_is_strict_where_its_schema_can_be() -> None:
    closed = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}

    def strict(schema: Any) -> tuple[Any, set[str]]:
        tool = {"name": "f", "input_schema": schema, "strict": True}
        sent, dropped = crossed(ANTHROPIC, CHAT, GPT, {"tools": [tool]})
        return sent["tools"][0]["function"]["strict"], set(dropped)

    assert strict({**closed, "additionalProperties": False}) == (True, set())
    assert strict(closed) == (False, {"strict tools"})
    for word in ({"default": "x"}, {"oneOf": [{"type": "string"}]}):
        loose = {**closed, "additionalProperties": False, "properties": {"a": {"type": "string", **word}}}
        assert strict(loose) == (False, {"strict tools"})
    assert "strict tools" in odd(CHAT, "a strict tool", ANTHROPIC, CLAUDE)[1]


def test_names_that_others_refuse_come_back_as_they_were() -> None:
    body = {**MINIMAL[GEMINI], **ODD[GEMINI]["tools in two lists"]}
    raw = msgspec.json.encode(body)
    ask = ask_of(GEMINI, body)
    bridge = Bridge(ask, CHAT, Reply(ask, "01TEST", body=raw))
    sent = msgspec.json.decode(bridge.prepare(raw, Goal(GPT), None))
    name = sent["tools"][1]["function"]["name"]
    assert name != "g.h:i-j" and sent["tool_choice"]["function"]["name"] == name
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": "{}"}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    answer = {"id": "c", "model": GPT, "choices": [{"message": message, "finish_reason": "tool_calls"}]}
    back = msgspec.json.decode(bridge.answer(msgspec.json.encode(answer), None))
    assert back["candidates"][0]["content"]["parts"][0]["functionCall"]["name"] == "g.h:i-j"


@pytest.mark.parametrize(
    ("here", "name", "there", "named"),
    [
        (CHAT, "a file", GEMINI, {"document.name"}),
        (GEMINI, "a picture with a name", ANTHROPIC, {"image.name"}),
        (GEMINI, "a picture with a name", CHAT, {"image.name"}),
        (CHAT, "the highest effort", RESPONSES, {"effort xhigh (high instead)"}),
        (CHAT, "an effort of tomorrow", GEMINI, {"effort ultra (medium instead)"}),
        (
            ANTHROPIC, "a system message in the middle", GEMINI,
            {"role of a system message inside the conversation"},
        ),
        (CHAT, "a custom tool", RESPONSES, {"tools.format"}),
        (
            GEMINI,
            "everything of Gemini's",
            ANTHROPIC,
            {
                "seed", "presence_penalty", "safetySettings", "generationConfig.responseLogprobs",
                "generationConfig.logprobs", "generationConfig.responseModalities",
                "generationConfig.mediaResolution",
            },
        ),
    ],
)  # fmt: skip
def test_what_is_not_said_is_named(here: DialectName, name: str, there: DialectName, named: set[str]) -> None:
    model = {ANTHROPIC: CLAUDE, GEMINI: FLASH}.get(there, GPT)
    assert odd(here, name, there, model)[1] == named


def test_what_both_formats_of_openai_know_is_kept() -> None:
    sent, dropped = odd(CHAT, "a picture by its address", RESPONSES, GPT)
    assert sent["input"][0]["content"][0]["detail"] == "high" and not dropped


def test_files_of_text_are_sent_as_words() -> None:
    sent, _ = odd(GEMINI, "a text file", CHAT, GPT)
    assert sent["messages"][0]["content"] == [{"type": "text", "text": "hi"}]
    sent, _ = odd(GEMINI, "a text file", ANTHROPIC, CLAUDE)
    source = {"type": "text", "media_type": "text/plain", "data": "hi"}
    assert sent["messages"][0]["content"] == [{"type": "document", "source": source}]


def test_findings_and_tools_that_a_result_names_are_words() -> None:
    """Claude Code's search for tools answers with references."""
    sent, _ = odd(ANTHROPIC, "a result that names a tool", CHAT, GPT)
    assert "g" in sent["messages"][-1]["content"]
    sent, _ = odd(ANTHROPIC, "a result that is a search", CHAT, GPT)
    assert sent["messages"][-1]["content"] == "t\n\ns\n\nw"


def test_an_answer_of_old_is_one_that_responses_take() -> None:
    """Only an answer that OpenAI gave has parts, an id and a status."""
    sent, _ = odd(CHAT, "an answer of two texts", RESPONSES, GPT)
    assert [item["content"] for item in sent["input"][1:3]] == ["b", "c"]
    sent, _ = odd(CHAT, "a refusal of old", RESPONSES, GPT)
    assert sent["input"][1]["content"] == "No."


def test_a_schema_of_more_than_properties_reaches_gemini() -> None:
    def declared(schema: Body) -> Any:
        tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
        sent, _ = crossed(CHAT, GEMINI, FLASH, {"tools": [tool]})
        return sent["tools"][0]["functionDeclarations"][0].get("parametersJsonSchema")

    assert declared({"type": "object", "properties": {}, "additionalProperties": False}) is None
    free = {"type": "object", "additionalProperties": {"type": "number"}}
    assert declared(free) == free
    either: Body = {"anyOf": [{"type": "object", "properties": {"a": {"type": "string"}}}]}
    assert declared(either) == either
