"""Odd calls of Gemini."""

from __future__ import annotations

from typing import Any

from tests.gateway_core.formats.translation.calls import Body
from tests.gateway_core.formats.translation.odd.said import BREAKS, PNG, SCHEMA, URL


def _parts(*parts: Any, role: str | None = "user") -> Body:
    return {"contents": [{**({"role": role} if role else {}), "parts": list(parts)}]}


def _called(name: str = "f", **more: Any) -> Body:
    return {"functionCall": {"name": name, **more}}


def _answered(name: str = "f", response: Any = None, **more: Any) -> Body:
    return {"functionResponse": {"name": name, "response": response or {"result": "ok"}, **more}}


def _gemini_round(calls: list[Body], results: list[Body], role: str = "user") -> Body:
    return {
        "contents": [
            {"role": "user", "parts": [{"text": "a"}]},
            {"role": "model", "parts": calls},
            {"role": role, "parts": results},
        ]
    }


ODD_CONTENTS: dict[str, Body] = {
    "nulls": {"tools": None, "toolConfig": None, "systemInstruction": None, "generationConfig": None},
    "no role": _parts({"text": "a"}, role=None),
    "empty texts": _parts({"text": ""}, {"text": "a"}),
    "line breaks of all kinds": _parts({"text": BREAKS}),
    "snake case": {
        "contents": [{"parts": [{"inline_data": {"mime_type": "image/png", "data": PNG}}]}],
        "system_instruction": {"parts": [{"text": "a"}]},
        "generation_config": {"max_output_tokens": 9, "response_mime_type": "application/json"},
    },
    "several parts of instructions": {
        "systemInstruction": {"role": "user", "parts": [{"text": "a"}, {"text": "b"}]}
    },
    "a picture by its address": _parts({"fileData": {"mimeType": "image/png", "fileUri": URL}}),
    "a video by its address": _parts({"fileData": {"fileUri": "https://www.youtube.com/watch?v=1"}}),
    "a kept file": _parts(
        {"fileData": {"fileUri": "https://generativelanguage.googleapis.com/v1beta/files/1"}}
    ),
    "a picture with a name": _parts(
        {"inlineData": {"mimeType": "image/png", "data": PNG, "displayName": "a.png"}}
    ),
    "a recording": _parts({"inlineData": {"mimeType": "audio/x-wav", "data": "AAAA"}}),
    "a text file": _parts({"inlineData": {"mimeType": "text/plain", "data": "aGk="}}),
    "a model's picture": {
        "contents": [
            {"parts": [{"text": "a"}]},
            {"role": "model", "parts": [{"inlineData": {"mimeType": "image/png", "data": PNG}}]},
            {"parts": [{"text": "b"}]},
        ]
    },
    "calls without ids": _gemini_round(
        [_called("f", args={"a": 1}), _called("f"), _called("g", args={})],
        [_answered("f"), _answered("g"), _answered("f")],
    ),
    "results under the older role": _gemini_round([_called()], [_answered()], "function"),
    "a result of many words": _gemini_round([_called()], [_answered(response={"a": [1, None], "b": {}})]),
    "a failed result": _gemini_round([_called()], [_answered(response={"error": {"code": 3}})]),
    "a result with a picture": _gemini_round(
        [_called()],
        [_answered(parts=[{"inlineData": {"mimeType": "image/png", "data": PNG}}])],
    ),
    "words between results": _gemini_round(
        [{"text": "b", "thoughtSignature": "c2ln"}, _called()], [_answered(), {"text": "c"}]
    ),
    "thoughts of old": _gemini_round(
        [{"text": "Hm", "thought": True}, {**_called(), "thoughtSignature": "c2ln"}], [_answered()]
    ),
    "code that ran": {
        "contents": [
            {"parts": [{"text": "a"}]},
            {"role": "model", "parts": [{"executableCode": {"language": "PYTHON", "code": "1"}}]},
        ]
    },
    "tools in two lists": {
        "tools": [
            {"functionDeclarations": [{"name": "f"}]},
            {"functionDeclarations": [{"name": "g.h:i-j"}]},
            {"googleSearch": {}},
        ],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["g.h:i-j"]}},
    },
    "a schema of OpenAPI's": {
        "tools": [
            {
                "functionDeclarations": [
                    {
                        "name": "f",
                        "parameters": {
                            "type": "OBJECT",
                            "nullable": False,
                            "properties": {
                                "a": {
                                    "type": "STRING",
                                    "nullable": True,
                                    "enum": ["x", "y"],
                                    "format": "enum",
                                },
                                "b": {"type": "ARRAY", "items": {"type": "INTEGER"}, "minItems": "1"},
                                "c": {"anyOf": [{"type": "NUMBER"}, {"type": "NULL"}]},
                                "type": {"type": "STRING"},
                            },
                            "required": ["a"],
                            "propertyOrdering": ["a", "b"],
                        },
                        "response": {"type": "STRING"},
                        "behavior": "BLOCKING",
                    }
                ]
            }
        ]
    },
    "an enum as the answer": {
        "generationConfig": {
            "responseMimeType": "text/x.enum",
            "responseSchema": {"type": "STRING", "enum": ["a", "b"]},
        }
    },
    "a list as the answer": {
        "generationConfig": {
            "responseMimeType": "application/json",
            "responseSchema": {"type": "ARRAY", "items": {"type": "STRING"}},
        }
    },
    "a structured answer": {
        "generationConfig": {"responseMimeType": "application/json", "responseJsonSchema": SCHEMA}
    },
    "thinking as it likes": {"generationConfig": {"thinkingConfig": {"thinkingBudget": -1}}},
    "two answers": {"generationConfig": {"candidateCount": 2}},
    "a conversation that Google keeps": {"cachedContent": "cachedContents/1"},
    "everything of Gemini's": {
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
        "generationConfig": {
            "responseLogprobs": True,
            "logprobs": 3,
            "responseModalities": ["TEXT"],
            "mediaResolution": "MEDIA_RESOLUTION_LOW",
            "presencePenalty": 0.5,
            "seed": 3,
            "topK": 40,
        },
    },
}
