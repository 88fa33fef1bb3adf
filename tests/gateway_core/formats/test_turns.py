"""A request's turns in words, in every format; a body that is none has none."""

from __future__ import annotations

import json

import pytest

from gateway_core.formats.turns import turns
from gateway_core.model.call import DialectName

CHAT = {
    "messages": [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "content": [{"type": "text", "text": "See:"}, {"type": "image_url", "image_url": {}}],
        },
        {"role": "assistant", "tool_calls": [{"function": {"name": "read", "arguments": '{"a":1}'}}]},
        {"role": "tool", "content": "42"},
    ]
}
RESPONSES = {
    "instructions": "Be brief.",
    "input": [
        {"role": "user", "content": [{"type": "input_text", "text": "See."}]},
        {"type": "function_call", "name": "read", "arguments": "{}"},
        {"type": "function_call_output", "output": "42"},
    ],
}
MESSAGES = {
    "system": [{"type": "text", "text": "Be brief."}],
    "messages": [
        {"role": "user", "content": "See."},
        {"role": "assistant", "content": [{"type": "tool_use", "name": "read", "input": {"a": 1}}]},
        {"role": "user", "content": [{"type": "tool_result", "content": [{"type": "text", "text": "42"}]}]},
    ],
}
GEMINI = {
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "contents": [
        {"role": "user", "parts": [{"text": "See."}, {"inlineData": {"data": "…"}}]},
        {"role": "model", "parts": [{"functionCall": {"name": "read", "args": {"a": 1}}}]},
    ],
}
READ = {
    DialectName.OPENAI_CHAT: (
        CHAT,
        [
            ("system", "Be brief."),
            ("user", "See:\n[image_url]"),
            ("assistant", '[calls read]\n{"a":1}'),
            ("tool", "42"),
        ],
    ),
    DialectName.OPENAI_RESPONSES: (
        RESPONSES,
        [
            ("system", "Be brief."),
            ("user", "See."),
            ("function_call", "[calls read]\n{}"),
            ("function_call_output", "42"),
        ],
    ),
    DialectName.ANTHROPIC: (
        MESSAGES,
        [("system", "Be brief."), ("user", "See."), ("assistant", '[calls read]\n{"a":1}'), ("user", "42")],
    ),
    DialectName.GEMINI: (
        GEMINI,
        [("system", "Be brief."), ("user", "See.\n[inlineData]"), ("model", '{"a":1}')],
    ),
}


@pytest.mark.parametrize("dialect", READ)
def test_turns_in_words(dialect: DialectName) -> None:
    body, expected = READ[dialect]
    assert turns(dialect, json.dumps(body).encode()) == expected


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"messages": [', b'{"messages": 7}', b'{"messages": null}', b'"text"']
)
def test_what_is_no_request_has_no_turns(body: bytes) -> None:
    assert turns(DialectName.OPENAI_CHAT, body) == []


def test_a_bare_text_is_the_users() -> None:
    assert turns(DialectName.OPENAI_RESPONSES, b'{"input": "Hi."}') == [("user", "Hi.")]
