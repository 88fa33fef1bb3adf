"""What odd calls of several formats hold."""

from __future__ import annotations

from typing import Any

from tests.gateway_core.formats.translation.calls import Body

URL = "https://x.test/a.png?size=1"
PDF = "data:application/pdf;base64,JVBERi0xLjc="
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
BREAKS = "a\u2028b\u2029c\u0085d\x0be\x0cf\r\ng\rh\0i"
"""Everything that somebody takes for the end of a line, and a zero."""
SCHEMA: Body = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "next": {"$ref": "#/$defs/node"},
        "either": {"anyOf": [{"type": "string", "pattern": "^a"}, {"type": "null"}]},
        "one": {"oneOf": [{"type": "integer", "multipleOf": 2}, {"type": "boolean"}]},
        "maybe": {"type": ["string", "null"], "default": None},
        "level": {"type": "integer", "enum": [1, 2, 3]},
        "fixed": {"const": 7},
        "any": True,
        "map": {"type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0}},
        "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}], "items": False},
    },
    "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}},
    "required": ["next"],
}


def said(*content: Any, role: str = "user") -> Body:
    return {"messages": [{"role": role, "content": list(content)}]}
