"""A small valid instance of a JSON schema, as a model under structured output would write one."""

from __future__ import annotations

import math
from typing import Any

_FORMATS = {
    "date-time": "2026-11-23T09:30:00Z",
    "date": "2026-11-23",
    "time": "09:30:00Z",
    "duration": "PT5M",
    "email": "ana@example.com",
    "uuid": "6f1c2b1e-8a37-4c55-9d0e-2f4b7a9c1d11",
    "uri": "https://example.com/",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}
_MAX_DEPTH = 24


def instance(schema: Any, root: Any = None, depth: int = 0) -> Any:
    """A value that the schema accepts. Types may be upper case, as Gemini writes them.

    Knows $ref within the document, const, enum, allOf, anyOf, oneOf, type lists, the bounds of numbers,
    strings and arrays, and formats; a `pattern` is not solved.
    """
    if not isinstance(schema, dict) or depth > _MAX_DEPTH:
        return {} if schema is not False else None
    root = schema if root is None else root
    if "$ref" in schema:
        return instance(_resolve(str(schema["$ref"]), root), root, depth + 1)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for word in ("anyOf", "oneOf"):
        if schema.get(word):
            return instance(schema[word][0], root, depth + 1)
    if schema.get("allOf"):
        return _all_of(schema, root, depth)
    return _typed(schema, root, depth)


def _resolve(reference: str, root: Any) -> Any:
    found = root
    for word in reference.removeprefix("#").strip("/").split("/"):
        key = word.replace("~1", "/").replace("~0", "~")
        found = found.get(key, {}) if key and isinstance(found, dict) else found
    return found


def _all_of(schema: dict[str, Any], root: Any, depth: int) -> Any:
    values = [instance(part, root, depth + 1) for part in schema["allOf"]]
    if all(isinstance(value, dict) for value in values):
        return {key: item for value in values for key, item in value.items()}
    return values[0]


def _type_of(schema: dict[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((word for word in kind if word != "null"), "null")
    if isinstance(kind, str):
        return kind.lower()
    if "properties" in schema:
        return "object"
    return "array" if "items" in schema else "string"


def _typed(schema: dict[str, Any], root: Any, depth: int) -> Any:
    match _type_of(schema):
        case "object":
            return _object(schema, root, depth)
        case "array":
            return [
                instance(schema.get("items", {}), root, depth + 1) for _ in range(_length(schema, "Items"))
            ]
        case "integer":
            return math.ceil(_number(schema, 1))
        case "number":
            return _number(schema, 1.5)
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return _string(schema)


def _object(schema: dict[str, Any], root: Any, depth: int) -> dict[str, Any]:
    properties = schema.get("properties") or {}
    required = schema.get("required")
    names = required if required is not None else list(properties)
    return {name: instance(properties.get(name, {}), root, depth + 1) for name in names}


def _length(schema: dict[str, Any], what: str) -> int:
    least, most = int(schema.get(f"min{what}") or 0), schema.get(f"max{what}")
    return least if most is None else min(max(least, 0), int(most))


def _number(schema: dict[str, Any], default: float) -> float:
    step = schema.get("multipleOf")
    low = schema.get("minimum")
    above = schema.get("exclusiveMinimum")
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    value = default
    if isinstance(above, int | float) and not isinstance(above, bool):
        value = above + (step or 1)
    elif low is not None:
        value = low
    elif high is not None and value >= high:
        value = high - (step or 1)
    return math.ceil(value / step) * step if step else value


def _string(schema: dict[str, Any]) -> str:
    text = _FORMATS.get(str(schema.get("format", "")), "sample")
    least, most = int(schema.get("minLength") or 0), schema.get("maxLength")
    text = text.ljust(least, "x")
    return text if most is None else text[: int(most)]
