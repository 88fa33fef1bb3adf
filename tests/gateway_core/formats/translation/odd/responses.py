"""Odd calls of Responses."""

from __future__ import annotations

from typing import Any

from tests.gateway_core.formats.translation.calls import Body
from tests.gateway_core.formats.translation.odd.said import BREAKS, PDF, PNG, SCHEMA, URL


def _input(*items: Any) -> Body:
    return {"input": list(items)}


def _user(*parts: Any) -> Body:
    return {"role": "user", "content": list(parts)}


_ASKED = {"role": "user", "content": "a"}
ODD_RESPONSES: dict[str, Body] = {
    "nulls": {
        "temperature": None,
        "tools": None,
        "tool_choice": None,
        "instructions": None,
        "reasoning": None,
        "text": None,
        "previous_response_id": None,
        "conversation": None,
        "prompt": None,
        "store": None,
        "include": None,
        "metadata": None,
        "user": None,
        "background": None,
        "truncation": None,
    },
    "no input but instructions": {"input": [], "instructions": "Go."},
    "line breaks of all kinds": {"input": BREAKS},
    "empty texts": _input(_user({"type": "input_text", "text": ""}, {"type": "input_text", "text": "a"})),
    "a picture by its address": _input(
        _user({"type": "input_image", "image_url": URL, "detail": "original"})
    ),
    "a file by its address": _input(_user({"type": "input_file", "file_url": "https://x.test/a.pdf"})),
    "a file": _input(_user({"type": "input_file", "filename": "a.pdf", "file_data": PDF})),
    "a kept file": _input(_user({"type": "input_file", "file_id": "file-1"})),
    "an answer with all that it came with": _input(
        _ASKED,
        {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "phase": "commentary",
            "content": [
                {
                    "type": "output_text",
                    "text": "b",
                    "logprobs": [],
                    "annotations": [
                        {"type": "url_citation", "url": URL, "title": "t", "start_index": 0, "end_index": 1}
                    ],
                },
                {"type": "refusal", "refusal": "No."},
            ],
        },
        _ASKED,
    ),
    "thinking that nobody encrypted": _input(
        _ASKED,
        {"type": "reasoning", "id": "rs_1", "summary": [], "content": None, "encrypted_content": None},
        {"type": "message", "role": "assistant", "content": "b"},
        _ASKED,
    ),
    "calls and their outputs in turn": _input(
        _ASKED,
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}", "status": "completed"},
        {"type": "function_call_output", "call_id": "c1", "output": "1"},
        {"type": "function_call", "call_id": "c2", "name": "g", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "2"}]},
    ),
    "calls first, then outputs in another order": _input(
        _ASKED,
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
        {"type": "function_call", "call_id": "c2", "name": "g", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c2", "output": "2"},
        {"type": "function_call_output", "call_id": "c1", "output": "1"},
        {"role": "user", "content": "and?"},
    ),
    "a word between a call and its output": _input(
        _ASKED,
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
        {"type": "message", "role": "assistant", "content": "wait"},
        {"type": "function_call_output", "call_id": "c1", "output": "1"},
    ),
    "a custom tool's round": {
        **_input(
            _ASKED,
            {"type": "custom_tool_call", "call_id": "c1", "name": "sh", "input": "ls 'a b'"},
            {"type": "custom_tool_call_output", "call_id": "c1", "output": "x"},
        ),
        "tools": [{"type": "custom", "name": "sh"}],
    },
    "a tool that shows a picture": _input(
        _ASKED,
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
        {
            "type": "function_call_output",
            "call_id": "c1",
            "output": [
                {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}", "detail": "auto"}
            ],
        },
    ),
    "a tool without anything": {
        "tools": [{"type": "function", "name": "f", "parameters": None, "strict": None}]
    },
    "a strict tool": {"tools": [{"type": "function", "name": "f", "parameters": SCHEMA, "strict": True}]},
    "tools of the provider": {"tools": [{"type": "web_search"}], "tool_choice": "auto"},
    "a structured answer": {"text": {"format": {"type": "json_schema", "name": "n", "schema": SCHEMA}}},
    "any JSON": {"input": "as json", "text": {"format": {"type": "json_object"}}},
    "thinking, hidden": {"reasoning": {"effort": "minimal", "summary": None}},
    "thinking, shown": {"reasoning": {"effort": "high", "summary": "detailed"}},
    "log probabilities": {"top_logprobs": 3, "include": ["message.output_text.logprobs"]},
}
