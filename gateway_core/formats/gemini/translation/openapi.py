"""Gemini's own schemas, a part of OpenAPI 3.0 with types in capitals, as JSON Schema."""

from __future__ import annotations

from typing import Any

_NUMBERS = ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties")
"""Counts that Google writes as texts, as it does with all 64-bit numbers."""
_SCHEMAS = ("items", "additionalProperties")


def json_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema in the words of JSON Schema."""
    out: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "type" and isinstance(value, str):
            out[key] = value.lower()
        elif key == "properties" and isinstance(value, dict):
            out[key] = {name: _within(each) for name, each in value.items()}
        elif key in ("anyOf", "any_of") and isinstance(value, list):
            out["anyOf"] = [_within(each) for each in value]
        elif key in _SCHEMAS:
            out[key] = _within(value)
        elif key in _NUMBERS and isinstance(value, str) and value.isdigit():
            out[key] = int(value)
        elif key not in ("nullable", "propertyOrdering", "property_ordering", "example"):
            out[key] = value
    if schema.get("nullable") is True and isinstance(out.get("type"), str):
        out["type"] = [out["type"], "null"]
    return out


def _within(value: Any) -> Any:
    return json_schema(value) if isinstance(value, dict) else value
