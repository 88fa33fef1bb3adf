"""Whether a value is what a JSON schema asks for, as far as structured outputs of providers go.

Source: json-schema.org/draft/2020-12; known are type, enum, const, properties, required,
additionalProperties = false, items, minItems, maxItems, anyOf, oneOf, allOf and $ref within the document.
What is not known, or malformed, asks for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MOST_DEPTH = 40
MOST_STEPS = 20_000
"""A client's schema may lead to itself again and again, and has to end. What is beyond asks for nothing."""
_KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def fits(found: Any, schema: Any) -> bool:
    """Whether the schema accepts a value. Types may be upper case, as Gemini writes them."""
    return _Fitting(schema).fits(found, schema, 0)


class _Fitting:
    """One value held against one schema: `$ref` leads within the root, and the steps are counted. What many
    items are held against is looked at once, so that a step costs no more where the schema is huge."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._steps = 0
        self._plain: dict[int, frozenset[Any]] = {}

    def fits(self, found: Any, schema: Any, depth: int) -> bool:
        self._steps += 1
        if not isinstance(schema, Mapping) or depth > MOST_DEPTH or self._steps > MOST_STEPS:
            return schema is not False
        if "$ref" in schema:
            return self.fits(found, _referred(str(schema["$ref"]), self._root), depth + 1)

        def accepts(part: Any) -> bool:
            return self.fits(found, part, depth + 1)

        one_of = [part for word in ("anyOf", "oneOf") for part in _several(schema, word)]
        return (
            ("const" not in schema or found == schema["const"])
            and (not _several(schema, "enum") or self._among(found, _several(schema, "enum")))
            and (not one_of or any(map(accepts, one_of)))
            and all(map(accepts, _several(schema, "allOf")))
            and _is_kind(found, schema)
            and self._inside(found, schema, depth)
        )

    def _inside(self, found: Any, schema: Mapping[str, Any], depth: int) -> bool:
        if isinstance(found, dict):
            properties = schema.get("properties")
            known = properties if isinstance(properties, Mapping) else {}
            needed = self._without_doubles(_several(schema, "required"))
            return (
                len(needed) <= len(found)
                and all(str(name) in found for name in needed)
                and (schema.get("additionalProperties") is not False or all(name in known for name in found))
                and all(self.fits(found[name], known[name], depth + 1) for name in found if name in known)
            )
        if isinstance(found, list):
            few, many = _number(schema, "minItems", 0), _number(schema, "maxItems", len(found))
            return few <= len(found) <= many and all(
                self.fits(each, schema.get("items"), depth + 1) for each in found
            )
        return True

    def _among(self, found: Any, options: Sequence[Any]) -> bool:
        if isinstance(found, dict | list):
            self._steps += len(options)
            return found in options
        return found in self._without_doubles(options)

    def _without_doubles(self, words: Sequence[Any]) -> frozenset[Any]:
        """Those of the schema's words that are no objects and lists."""
        there = self._plain.get(id(words))
        if there is None:
            there = frozenset(word for word in words if not isinstance(word, dict | list))
            self._plain[id(words)] = there
        return there


def _is_kind(found: Any, schema: Mapping[str, Any]) -> bool:
    wanted = schema.get("type")
    names = [wanted] if isinstance(wanted, str) else _several(schema, "type")
    if found is None and schema.get("nullable"):
        return True
    return not names or any(_is(found, str(name).lower()) for name in names)


def _is(found: Any, name: str) -> bool:
    if name == "integer" and isinstance(found, float):
        return found.is_integer()
    kinds = _KINDS.get(name, (object,))
    return isinstance(found, kinds) and (not isinstance(found, bool) or bool in kinds or object in kinds)


def _several(schema: Mapping[str, Any], word: str) -> Sequence[Any]:
    found = schema.get(word)
    return found if isinstance(found, list) else ()


def _number(schema: Mapping[str, Any], word: str, usual: int) -> float:
    found = schema.get(word)
    return found if isinstance(found, int | float) else usual


def _referred(reference: str, root: Any) -> Any:
    found = root
    for word in reference.removeprefix("#").strip("/").split("/"):
        key = word.replace("~1", "/").replace("~0", "~")
        found = found.get(key, {}) if key and isinstance(found, Mapping) else found
    return found
