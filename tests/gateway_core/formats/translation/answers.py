"""Answers of each provider that say the same: a thought, some words, two calls of tools."""

from __future__ import annotations

import json
from typing import Any

from gateway_core.model.call import DialectName
from tests.gateway_core.formats.translation.calls import ANTHROPIC, CHAT, GEMINI, MODELS, RESPONSES, Body

TEXT = ("Grü", "ße \u2028[DONE]")
ARGUMENTS = '{"a":"ü]}"}'

MINIMAL: dict[DialectName, Body] = {
    CHAT: {"model": MODELS[CHAT], "messages": [{"role": "user", "content": "Hi"}]},
    RESPONSES: {"model": MODELS[RESPONSES], "input": "Hi"},
    ANTHROPIC: {"model": MODELS[ANTHROPIC], "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]},
    GEMINI: {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
}


def _data(*events: Any, end: str = "\n\n") -> bytes:
    return "".join(f"data: {json.dumps(event, ensure_ascii=False)}{end}" for event in events).encode()


def _chunk(delta: Any, finish: str | None = None) -> Any:
    choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {"id": "chatcmpl-9", "model": "gpt-5-mini", "created": 5, "choices": choices, "usage": None}


def _chat_call(at: int, id: str, name: str) -> Any:
    return {"index": at, "id": id, "type": "function", "function": {"name": name, "arguments": ""}}


CHAT_USAGE = {
    "prompt_tokens": 20,
    "completion_tokens": 30,
    "total_tokens": 50,
    "prompt_tokens_details": {"cached_tokens": 5},
    "completion_tokens_details": {"reasoning_tokens": 10},
}
_CHAT = (
    _data(
        _chunk({"role": "assistant", "content": ""}),
        _chunk({"reasoning_content": "Hm"}),
        _chunk({"content": TEXT[0]}),
        _chunk({"content": TEXT[1]}),
        _chunk({"tool_calls": [_chat_call(0, "call_1", "f")]}),
        _chunk({"tool_calls": [{"index": 0, "function": {"arguments": ARGUMENTS[:5]}}]}),
        _chunk({"tool_calls": [{"index": 0, "function": {"arguments": ARGUMENTS[5:]}}]}),
        _chunk({"tool_calls": [_chat_call(1, "call_2", "g")]}),
        _chunk({"tool_calls": [{"index": 1, "function": {"arguments": "{}"}}]}),
        _chunk({}, "tool_calls"),
        {"id": "chatcmpl-9", "model": "gpt-5-mini", "choices": [], "usage": CHAT_USAGE},
    )
    + b"data: [DONE]\n\n"
)

_OUTPUT: list[Any] = [
    {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [{"type": "summary_text", "text": "Hm"}],
        "encrypted_content": "gAAA",
    },
    {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "content": [{"type": "output_text", "text": "".join(TEXT)}],
    },
    {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": ARGUMENTS},
    {"type": "function_call", "id": "fc_2", "call_id": "call_2", "name": "g", "arguments": "{}"},
]
_RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "status": "completed",
    "error": None,
    "model": "gpt-5-mini",
    "output": _OUTPUT,
    "usage": {
        "input_tokens": 20,
        "input_tokens_details": {"cached_tokens": 5},
        "output_tokens": 30,
        "output_tokens_details": {"reasoning_tokens": 10},
        "total_tokens": 50,
    },
}
_RESPONSES = _data(
    {
        "type": "response.created",
        "response": {**_RESPONSE, "status": "in_progress", "output": [], "usage": None},
    },
    {"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning", "id": "rs_1"}},
    {"type": "response.reasoning_summary_text.delta", "item_id": "rs_1", "delta": "Hm"},
    {"type": "response.output_item.done", "output_index": 0, "item": _OUTPUT[0]},
    {"type": "response.output_item.added", "output_index": 1, "item": {"type": "message", "id": "msg_1"}},
    {"type": "response.output_text.delta", "item_id": "msg_1", "delta": TEXT[0]},
    {"type": "response.output_text.delta", "item_id": "msg_1", "delta": TEXT[1]},
    {"type": "response.output_item.added", "output_index": 2, "item": {**_OUTPUT[2], "arguments": ""}},
    {"type": "response.function_call_arguments.delta", "item_id": "fc_1", "delta": ARGUMENTS},
    {"type": "response.output_item.added", "output_index": 3, "item": {**_OUTPUT[3], "arguments": ""}},
    {"type": "response.function_call_arguments.delta", "item_id": "fc_2", "delta": "{}"},
    {"type": "response.completed", "response": _RESPONSE},
)

_BLOCKS: list[Any] = [
    {"type": "thinking", "thinking": "Hm", "signature": "EqsiSIG=="},
    {"type": "text", "text": "".join(TEXT)},
    {"type": "tool_use", "id": "toolu_1", "name": "f", "input": json.loads(ARGUMENTS)},
    {"type": "tool_use", "id": "toolu_2", "name": "g", "input": {}},
]
_USAGE = {
    "input_tokens": 12,
    "cache_read_input_tokens": 5,
    "cache_creation_input_tokens": 3,
    "output_tokens": 30,
}
_HEAD = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-5-5", "content": []}
_DELTAS: list[list[Any]] = [
    [{"type": "thinking_delta", "thinking": "Hm"}, {"type": "signature_delta", "signature": "EqsiSIG=="}],
    [{"type": "text_delta", "text": text} for text in TEXT],
    [{"type": "input_json_delta", "partial_json": part} for part in ("", ARGUMENTS[:5], ARGUMENTS[5:])],
    [{"type": "input_json_delta", "partial_json": "{}"}],
]
_EMPTY = {"thinking": "", "signature": "", "text": "", "input": {}}


def _block(at: int) -> list[Any]:
    begun = {key: _EMPTY.get(key, value) for key, value in _BLOCKS[at].items()}
    return [
        {"type": "content_block_start", "index": at, "content_block": begun},
        *({"type": "content_block_delta", "index": at, "delta": delta} for delta in _DELTAS[at]),
        {"type": "content_block_stop", "index": at},
    ]


_ANTHROPIC = _data(
    {"type": "message_start", "message": {**_HEAD, "usage": {**_USAGE, "output_tokens": 1}}},
    {"type": "ping"},
    *(event for at in range(len(_BLOCKS)) for event in _block(at)),
    {
        "type": "message_delta",
        "delta": {"stop_reason": "tool_use", "stop_sequence": None},
        "usage": {"output_tokens": 30},
    },
    {"type": "message_stop"},
)

_PARTS: list[Any] = [
    {"text": "Hm", "thought": True},
    *({"text": text} for text in TEXT),
    {"functionCall": {"name": "f", "args": json.loads(ARGUMENTS)}, "thoughtSignature": "c2ln"},
    {"functionCall": {"id": "x9", "name": "g", "args": {}}},
]
_COUNTS = {
    "promptTokenCount": 20,
    "candidatesTokenCount": 20,
    "thoughtsTokenCount": 10,
    "totalTokenCount": 50,
}


def _content(parts: list[Any], **more: Any) -> Any:
    candidate = {"content": {"parts": parts, "role": "model"}, "index": 0, **more}
    return {
        "candidates": [candidate],
        "usageMetadata": _COUNTS,
        "modelVersion": "gemini-3-pro",
        "responseId": "r1",
    }


_GEMINI = _data(*(_content([part]) for part in _PARTS), _content([], finishReason="STOP"))

STREAMED = {CHAT: _CHAT, RESPONSES: _RESPONSES, ANTHROPIC: _ANTHROPIC, GEMINI: _GEMINI}
_MESSAGE = {
    "role": "assistant",
    "content": "".join(TEXT),
    "reasoning_content": "Hm",
    "tool_calls": [
        {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": ARGUMENTS}},
        {"id": "call_2", "type": "function", "function": {"name": "g", "arguments": "{}"}},
    ],
}
ANSWERS = {
    name: json.dumps(value).encode()
    for name, value in {
        CHAT: {
            "id": "chatcmpl-9",
            "model": "gpt-5-mini",
            "created": 5,
            "choices": [{"index": 0, "message": _MESSAGE, "finish_reason": "tool_calls"}],
            "usage": CHAT_USAGE,
        },
        RESPONSES: _RESPONSE,
        ANTHROPIC: {
            **_HEAD,
            "content": _BLOCKS,
            "stop_reason": "tool_use",
            "stop_sequence": None,
            "usage": _USAGE,
        },
        GEMINI: _content(_PARTS, finishReason="STOP"),
    }.items()
}
