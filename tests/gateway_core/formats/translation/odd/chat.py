"""Odd chats."""

from __future__ import annotations

from typing import Any

from tests.gateway_core.formats.translation.calls import Body
from tests.gateway_core.formats.translation.odd.said import BREAKS, PDF, PNG, SCHEMA, URL, said


def _chat_call(id: str, name: str = "f", arguments: str = "{}") -> Body:
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def _chat_round(*calls: Body, results: Any = "ok", more: Any = ()) -> Body:
    answers = [{"role": "tool", "tool_call_id": call["id"], "content": results} for call in calls]
    return {
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": None, "tool_calls": list(calls)},
            *reversed(answers),
            *more,
        ]
    }


def _function(name: str, **more: Any) -> Body:
    return {"type": "function", "function": {"name": name, **more}}


ODD_CHATS: dict[str, Body] = {
    "nulls": {
        "temperature": None,
        "tools": None,
        "tool_choice": None,
        "stop": None,
        "n": None,
        "user": None,
        "response_format": None,
        "stream": None,
        "stream_options": None,
        "max_tokens": None,
        "reasoning_effort": None,
        "parallel_tool_calls": None,
        "metadata": None,
        "logprobs": None,
    },
    "an empty list of tools": {"tools": []},
    "empty texts": said({"type": "text", "text": ""}, {"type": "text", "text": "a"}),
    "no text at all": {"messages": [{"role": "user", "content": ""}]},
    "no content parts": {"messages": [{"role": "user", "content": []}, {"role": "user", "content": "a"}]},
    "line breaks of all kinds": {"messages": [{"role": "user", "content": BREAKS}]},
    "a picture by its address": said({"type": "image_url", "image_url": {"url": URL, "detail": "high"}}),
    "a picture without words": said(
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}
    ),
    "a file": said({"type": "file", "file": {"filename": "a.pdf", "file_data": PDF}}),
    "a kept file": said({"type": "file", "file": {"file_id": "file-1"}}),
    "a recording": said({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}),
    "answers aloud": {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}},
    "a refusal of old": {
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": None, "refusal": "No."},
            {"role": "user", "content": "b"},
        ]
    },
    "a refusal as a part": {
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
            {"role": "user", "content": "b"},
        ]
    },
    "an answer of two texts": {
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": [{"type": "text", "text": "b"}, {"type": "text", "text": "c"}]},
            {"role": "user", "content": "d"},
        ]
    },
    "names of speakers": {"messages": [{"role": "user", "name": "ann", "content": "a"}]},
    "instructions in the middle and at the end": {
        "messages": [
            {"role": "system", "content": "a"},
            {"role": "developer", "content": [{"type": "text", "text": "b"}]},
            {"role": "user", "content": "c"},
            {"role": "developer", "content": "d"},
            {"role": "assistant", "content": "e"},
            {"role": "system", "content": "f"},
        ]
    },
    "instructions alone": {"messages": [{"role": "system", "content": "a"}]},
    "the model speaks first": {
        "messages": [{"role": "assistant", "content": "a"}, {"role": "user", "content": "b"}]
    },
    "the model speaks last": {
        "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b "}]
    },
    "an empty answer of old": {
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": ""},
            {"role": "user", "content": "b"},
        ]
    },
    "calls answered in another order": _chat_round(_chat_call("c1"), _chat_call("c2", "g"), _chat_call("c3")),
    "a user's word after the results": _chat_round(
        _chat_call("c1"), more=[{"role": "user", "content": "and?"}]
    ),
    "instructions after the results": _chat_round(
        _chat_call("c1"), more=[{"role": "system", "content": "hurry"}]
    ),
    "arguments that are no JSON": _chat_round(_chat_call("c1", arguments='{"a": ')),
    "arguments that are a list": _chat_round(_chat_call("c1", arguments="[1, 2]")),
    "no arguments": _chat_round(_chat_call("c1", arguments="")),
    "huge arguments": _chat_round(_chat_call("c1", arguments='{"a":"' + "ü\\n" * 60_000 + '"}')),
    "numbers that floats cannot hold": _chat_round(
        _chat_call("c1", arguments='{"a":12345678901234567890123}')
    ),
    "an empty result": _chat_round(_chat_call("c1"), results=""),
    "a result in parts": _chat_round(
        _chat_call("c1"), results=[{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    ),
    "a result that is a list": _chat_round(_chat_call("c1"), results="[1, 2]"),
    "an id of odd letters": _chat_round(_chat_call("call|1:é.x/y=")),
    "a long id": _chat_round(_chat_call("c" * 90)),
    "tools with odd names": {
        "tools": [_function("mcp__a-b_c"), _function("-lead"), _function("9lives"), _function("x" * 64)]
    },
    "a tool without anything": {"tools": [{"type": "function", "function": {"name": "f"}}]},
    "a tool with an empty schema": {"tools": [_function("f", parameters={})]},
    "a tool with everything in its schema": {"tools": [_function("f", parameters=SCHEMA, strict=False)]},
    "a strict tool": {"tools": [_function("f", parameters=SCHEMA, strict=True)]},
    "one of some tools": {
        "tools": [_function("f"), _function("g")],
        "tool_choice": {
            "type": "allowed_tools",
            "allowed_tools": {
                "mode": "required",
                "tools": [{"type": "function", "function": {"name": "f"}}],
            },
        },
    },
    "a custom tool": {
        "tools": [{"type": "custom", "custom": {"name": "sh", "format": {"type": "text"}}}],
        "tool_choice": {"type": "custom", "custom": {"name": "sh"}},
    },
    "a structured answer": {
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}}
    },
    "any JSON": {
        "messages": [{"role": "user", "content": "as json"}],
        "response_format": {"type": "json_object"},
    },
    "plain text, said so": {"response_format": {"type": "text"}},
    "one answer, said so": {"n": 1},
    "two answers": {"n": 2},
    "log probabilities": {"logprobs": True, "top_logprobs": 3, "logit_bias": {"50256": -100}},
    "five stops": {"stop": ["a", "b", "c", "d"]},
    "one stop": {"stop": "\n"},
    "everything of OpenAI's": {
        "metadata": {"a": "b"},
        "store": False,
        "service_tier": "flex",
        "prompt_cache_key": "k",
        "prediction": {"type": "content", "content": "x"},
        "safety_identifier": "s",
        "verbosity": "low",
        "web_search_options": {},
        "seed": 7,
        "presence_penalty": 0.5,
        "frequency_penalty": -0.5,
    },
    "the highest effort": {"reasoning_effort": "xhigh"},
    "an effort of tomorrow": {"reasoning_effort": "ultra"},
    "both caps": {"max_tokens": 5, "max_completion_tokens": 9},
}
