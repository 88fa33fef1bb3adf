"""The words of an answer, in every format, whole and as a stream."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway_core.formats.said import said
from gateway_core.model.call import Ask, DialectName, Operation


def ask(dialect: DialectName) -> Ask:
    return Ask(dialect, Operation.GENERATE, "m")


def chat(message: dict[str, Any]) -> bytes:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", **message}}
    return json.dumps({"id": "1", "model": "m", "created": 1, "choices": [choice]}).encode()


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
