"""Odd messages."""

from __future__ import annotations

from typing import Any

from tests.gateway_core.formats.translation.calls import Body
from tests.gateway_core.formats.translation.odd.said import BREAKS, SCHEMA, URL, said


def _use(id: str, name: str = "f", **input: Any) -> Body:
    return {"type": "tool_use", "id": id, "name": name, "input": input}


def _result(id: str, content: Any = None, **more: Any) -> Body:
    return {
        "type": "tool_result",
        "tool_use_id": id,
        **({} if content is None else {"content": content}),
        **more,
    }


def _rounds(uses: list[Body], results: list[Body]) -> Body:
    return {
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": uses},
            {"role": "user", "content": results},
        ]
    }


_MARK = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
ODD_MESSAGES: dict[str, Body] = {
    "nulls": {"temperature": None, "tools": None, "tool_choice": None, "system": None, "metadata": None},
    "several system blocks": {
        "system": [{"type": "text", "text": "a", **_MARK}, {"type": "text", "text": "b"}]
    },
    "an empty list of system blocks": {"system": []},
    "line breaks of all kinds": {"messages": [{"role": "user", "content": BREAKS}]},
    "an empty message": {"messages": [{"role": "user", "content": []}, {"role": "user", "content": "a"}]},
    "turns that do not take turns": {
        "messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]
    },
    "the beginning of the answer": {
        "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "{"}]
    },
    "a system message in the middle": {
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "system", "content": [{"type": "text", "text": "b"}]},
            {"role": "user", "content": "c"},
        ]
    },
    "a picture by its address": said({"type": "image", "source": {"type": "url", "url": URL}}),
    "a document by its address": said(
        {"type": "document", "source": {"type": "url", "url": "https://x.test/a.pdf"}, "title": "t"}
    ),
    "a document of text": said(
        {
            "type": "document",
            "title": "t",
            "context": "c",
            "citations": {"enabled": True},
            "source": {"type": "text", "media_type": "text/plain", "data": "words"},
        }
    ),
    "a document of blocks": said(
        {
            "type": "document",
            "source": {"type": "content", "content": [{"type": "text", "text": "words"}]},
        }
    ),
    "a kept file": said({"type": "document", "source": {"type": "file", "file_id": "file_1"}}),
    "a search result": said(
        {"type": "search_result", "source": "s", "title": "t", "content": [{"type": "text", "text": "w"}]}
    ),
    "thinking, redacted and not, between calls": _rounds(
        [
            {"type": "redacted_thinking", "data": "EqsiREDACTED"},
            {"type": "thinking", "thinking": "", "signature": "EqsiSIG=="},
            _use("t1"),
            {"type": "thinking", "thinking": "Hm", "signature": "EqsiSIG=="},
            _use("t2", "g"),
        ],
        [_result("t2", "2"), _result("t1", [{"type": "text", "text": "1"}], **_MARK)],
    ),
    "words around results": _rounds(
        [{"type": "text", "text": "b"}, _use("t1")],
        [{"type": "text", "text": "c"}, _result("t1", "1"), {"type": "text", "text": "d"}],
    ),
    "results of nothing": _rounds([_use("t1")], [_result("t1", [])]),
    "a result without content": _rounds([_use("t1")], [_result("t1")]),
    "a failed result": _rounds([_use("t1")], [_result("t1", "no", is_error=True)]),
    "a result with a document": _rounds(
        [_use("t1")],
        [
            _result(
                "t1",
                [
                    {
                        "type": "document",
                        "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0xLjc="},
                    }
                ],
            )
        ],
    ),
    "a result that names a tool": _rounds(
        [_use("t1")], [_result("t1", [{"type": "tool_reference", "tool_name": "g"}])]
    ),
    "a result that is a search": _rounds(
        [_use("t1")],
        [
            _result(
                "t1",
                [
                    {
                        "type": "search_result",
                        "source": "s",
                        "title": "t",
                        "content": [{"type": "text", "text": "w"}],
                    }
                ],
            )
        ],
    ),
    "tools of all kinds": {
        "tools": [
            {"name": "f", "input_schema": {"type": "object"}},
            {"type": "custom", "name": "g", "input_schema": SCHEMA, "strict": True, **_MARK},
            {"name": "x" * 128, "input_schema": {"type": "object", "properties": {}}},
            {"type": "web_search_20260209", "name": "web_search"},
            {"type": "bash_20250124", "name": "bash"},
        ],
        "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
    },
    "no tool may be called": {
        "tools": [{"name": "f", "input_schema": {"type": "object"}}],
        "tool_choice": {"type": "none"},
    },
    "one tool by a long name": {
        "tools": [{"name": "x" * 100, "input_schema": {"type": "object"}}],
        "tool_choice": {"type": "tool", "name": "x" * 100},
    },
    "many stops": {"stop_sequences": ["a", "b", "c", "d", "e", "f"]},
    "a structured answer": {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
    "an older structured answer": {"output_format": {"type": "json_schema", "schema": SCHEMA}},
    "thinking of a word": {"thinking": {"type": "adaptive", "display": "omitted"}, "max_tokens": 4000},
    "everything of Anthropic's": {
        "service_tier": "standard_only",
        "container": "c",
        "context_management": {"edits": []},
        "mcp_servers": [{"type": "url", "url": "https://x.test", "name": "m"}],
        "inference_geo": "us",
        "top_k": 4,
        "cache_control": {"type": "ephemeral"},
        "metadata": {"user_id": None},
    },
}
