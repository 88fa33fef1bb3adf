"""A conversation in plain words, in every format."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway_core.formats.conversation import REQUEST, told_around
from gateway_core.model.call import Ask, DialectName, Operation

CHAT, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
ANTHROPIC, GEMINI = DialectName.ANTHROPIC, DialectName.GEMINI
BODIES: dict[DialectName, dict[str, Any]] = {
    CHAT: {
        "messages": [
            {"role": "system", "content": "Answer in French."},
            {"role": "user", "content": "Which boat?"},
            {"role": "assistant", "content": "Le bleu."},
            {"role": "user", "content": "And why?"},
        ]
    },
    RESPONSES: {
        "instructions": "Answer in French.",
        "input": [
            {"role": "user", "content": "Which boat?"},
            {"role": "assistant", "content": "Le bleu."},
            {"role": "user", "content": "And why?"},
        ],
    },
    ANTHROPIC: {
        "system": "Answer in French.",
        "max_tokens": 9,
        "messages": [
            {"role": "user", "content": "Which boat?"},
            {"role": "assistant", "content": [{"type": "text", "text": "Le bleu."}]},
            {"role": "user", "content": [{"type": "text", "text": "And why?"}]},
        ],
    },
    GEMINI: {
        "systemInstruction": {"parts": [{"text": "Answer in French."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "Which boat?"}]},
            {"role": "model", "parts": [{"text": "Le bleu."}]},
            {"role": "user", "parts": [{"text": "And why?"}]},
        ],
    },
}


def told(dialect: DialectName, body: dict[str, Any]) -> list[tuple[str, str]]:
    return told_around(Ask(dialect, Operation.GENERATE, "m"), json.dumps({"model": "m"} | body).encode())


@pytest.mark.parametrize("dialect", DialectName)
def test_the_turns_before_the_request(dialect: DialectName) -> None:
    assert told(dialect, BODIES[dialect]) == [
        ("system", "Answer in French."),
        ("user", "Which boat?"),
        ("assistant", "Le bleu."),
    ]


def test_what_tools_have_answered_since_stands_after_the_request() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "find", "arguments": '{"x":1}'}}
    messages = [
        {"role": "user", "content": "Which boat?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "the blue one"},
    ]
    assert told(CHAT, {"messages": messages}) == [
        ("user", REQUEST),
        ("assistant", '[calls find with {"x":1}]'),
        ("user", "[the tool answers: the blue one]"),
    ]


@pytest.mark.parametrize("dialect", DialectName)
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"messages": 3, "input": 3, "contents": 3}'])
def test_of_what_cannot_be_read_nothing_is_told(dialect: DialectName, body: bytes) -> None:
    assert told_around(Ask(dialect, Operation.GENERATE, "m"), body) == []
