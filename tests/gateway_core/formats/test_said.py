"""The words of an answer, in every format, whole and as a stream."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway_core.formats.said import spoken, taken_answer, wanted_form
from gateway_core.model.call import Ask, DialectName, Operation


def ask(dialect: DialectName) -> Ask:
    return Ask(dialect, Operation.GENERATE, "m")


def chat(message: dict[str, Any]) -> bytes:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", **message}}
    return json.dumps({"id": "1", "model": "m", "created": 1, "choices": [choice]}).encode()


def said(body: bytes, asked: Ask, *, stream: bool) -> str | None:
    answer = taken_answer(body, asked, stream=stream)
    return None if answer is None else spoken(answer)


CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def test_a_call_of_a_tool_is_not_said() -> None:
    found = said(
        chat({"content": "Let me see.", "tool_calls": [CALL]}), ask(DialectName.OPENAI_CHAT), stream=False
    )
    assert found is None


@pytest.mark.parametrize("body", [b"", b"{", b'{"choices": 3}', b"[]"])
def test_of_what_cannot_be_read_nothing_is_said(body: bytes) -> None:
    for dialect in DialectName:
        assert not said(body, ask(dialect), stream=False)


def test_nothing_said_is_empty() -> None:
    assert said(chat({"content": ""}), ask(DialectName.OPENAI_CHAT), stream=False) == ""


def test_a_stream_that_is_an_array() -> None:
    parts = [
        {"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}]}
        for text in ("Ten ", "boats.")
    ]
    parts[-1]["candidates"][0]["finishReason"] = "STOP"
    assert said(json.dumps(parts).encode(), ask(DialectName.GEMINI), stream=True) == "Ten boats."
    events = b"".join(b"data: " + json.dumps(part).encode() + b"\r\n\r\n" for part in parts)
    assert said(events, ask(DialectName.GEMINI), stream=True) == "Ten boats."


SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}
CHAT, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
ANTHROPIC, GEMINI = DialectName.ANTHROPIC, DialectName.GEMINI


@pytest.mark.parametrize(
    ("dialect", "body", "schema"),
    [
        (CHAT, {"response_format": {"type": "json_object"}}, None),
        (
            CHAT,
            {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}}},
            SCHEMA,
        ),
        (RESPONSES, {"text": {"format": {"type": "json_object"}}}, None),
        (RESPONSES, {"text": {"format": {"type": "json_schema", "name": "x", "schema": SCHEMA}}}, SCHEMA),
        (ANTHROPIC, {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}, SCHEMA),
        (ANTHROPIC, {"output_format": {"type": "json_schema", "schema": SCHEMA}}, SCHEMA),
        (GEMINI, {"generationConfig": {"responseMimeType": "application/json"}}, None),
        (GEMINI, {"generation_config": {"response_json_schema": SCHEMA}}, SCHEMA),
        (GEMINI, {"generationConfig": {"responseSchema": {"type": "OBJECT"}}}, {"type": "object"}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_form_that_is_asked_for(dialect: DialectName, body: dict[str, Any], schema: Any) -> None:
    """Also of a request that no other provider could be asked."""
    strange = {"messages": [{"role": "oracle"}], "input": 7, "contents": "?"}
    form = wanted_form(ask(dialect), json.dumps({**strange, **body}).encode())
    assert form is not None
    assert form.schema == schema


@pytest.mark.parametrize("dialect", DialectName)
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"text": 3, "response_format": 3, "output_config": 3}']
)
def test_any_words_will_do_where_no_form_is_asked_for(dialect: DialectName, body: bytes) -> None:
    assert wanted_form(ask(dialect), body) is None
