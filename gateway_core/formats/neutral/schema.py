"""JSON schemas for providers that know only a part of JSON Schema: the rest is taken out and named."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from gateway_core.formats.neutral.notes import Notes

_MAPS = ("properties", "$defs", "definitions", "patternProperties")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_TYPED = frozenset({"type", "$ref", "anyOf", "enum", "const"})
_NEVER_STRICT = frozenset(
    {
        "allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "default",
        "patternProperties", "propertyNames", "prefixItems", "contains", "uniqueItems", "minProperties",
        "maxProperties",
    }
)  # fmt: skip
_SINGLE = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")


def narrowed(
    schema: Mapping[str, Any], known: Collection[str], notes: Notes, *, closed: bool = False
) -> dict[str, Any]:
    """The schema in these keywords only. What a keyword says that is not among them is said otherwise where
    it can be (const, oneOf, allOf of one, exclusive bounds), else dropped with a note.

    closed: every object says that it has no further properties, as strict readers want it.
    """
    out: dict[str, Any] = {}
    for key, value in _reworded(schema, known).items():
        if key not in known:
            notes.drop_if(f"schema.{key}", value)
        elif key in _MAPS and isinstance(value, dict):
            out[key] = {name: _within(each, known, notes, closed) for name, each in value.items()}
        elif key in _LISTS and isinstance(value, list):
            out[key] = [_within(each, known, notes, closed) for each in value]
        else:
            out[key] = _within(value, known, notes, closed) if key in _SINGLE else value
    if closed and _is_object(out) and out.get("additionalProperties") is not False:
        if "additionalProperties" in out:
            notes.drop("schema.additionalProperties")
        out["additionalProperties"] = False
    return out


def _within(value: Any, known: Collection[str], notes: Notes, closed: bool) -> Any:
    return narrowed(value, known, notes, closed=closed) if isinstance(value, dict) else value


def _reworded(schema: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    found = dict(schema)
    if "const" in found and "const" not in known:
        found["enum"] = [found.pop("const")]
    parts = found.get("allOf")
    if isinstance(parts, list) and "allOf" not in known and len(parts) == 1 and isinstance(parts[0], dict):
        del found["allOf"]
        found = {**parts[0], **found}
    if "oneOf" in found and "oneOf" not in known and "anyOf" in known and "anyOf" not in found:
        found["anyOf"] = found.pop("oneOf")
    for key, loose in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        bound = found.get(key)
        if key not in known and loose in known and loose not in found and isinstance(bound, int | float):
            whole = found.get("type") == "integer" and isinstance(bound, int)
            found[loose] = bound + (1 if loose == "minimum" else -1) if whole else bound
            if whole:
                del found[key]
    return found


def _is_object(schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type")
    return "properties" in schema or kind == "object" or (isinstance(kind, list) and "object" in kind)


def is_strict(schema: Any) -> bool:
    """Whether OpenAI takes it as strict: every object names all its properties as required and allows no
    others, everything has a type, and no keyword goes beyond what is supported there
    (platform.openai.com, structured outputs)."""
    if not isinstance(schema, dict) or schema.keys() & _NEVER_STRICT or not schema.keys() & _TYPED:
        return False
    if _is_object(schema):
        names = set(schema.get("properties") or ())
        if schema.get("additionalProperties") is not False or names != set(schema.get("required") or ()):
            return False
    inner = [value for key in _MAPS for value in (schema.get(key) or {}).values()]
    inner += schema.get("anyOf") or ()
    inner += [schema["items"]] if "items" in schema else []
    return all(is_strict(each) for each in inner)
