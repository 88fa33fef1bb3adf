"""Schemas: what fits, also what was made by one; what is unknown asks for nothing."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.schemas import fits
from gateway_core.simulated.schema import instance

PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": ["integer", "null"]}},
    "required": ["name"],
    "additionalProperties": False,
}
NEXT: dict[str, Any] = {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}
TREE: dict[str, Any] = {
    "$ref": "#/$defs/node",
    "$defs": {"node": {"type": "object", "properties": {"next": NEXT}}},
}


@pytest.mark.parametrize(
    ("found", "schema", "good"),
    [
        ({"name": "Ana", "age": 3}, PERSON, True),
        ({"name": "Ana", "age": None}, PERSON, True),
        ({"name": "Ana", "age": True}, PERSON, False),
        ({"name": "Ana", "age": 3.5}, PERSON, False),
        ({"age": 3}, PERSON, False),
        ({"name": "Ana", "more": 1}, PERSON, False),
        ([1, 2], {"type": "ARRAY", "items": {"type": "INTEGER"}, "maxItems": 2}, True),
        ([1, 2, 3], {"type": "array", "items": {"type": "integer"}, "maxItems": 2}, False),
        ([1, "2"], {"type": "array", "items": {"type": "integer"}}, False),
        ("red", {"enum": ["red", "blue"]}, True),
        ("green", {"enum": ["red", "blue"]}, False),
        (None, {"type": "STRING", "nullable": True}, True),
        ({"next": {"next": None}}, TREE, True),
        ({"next": {"next": 5}}, TREE, False),
        ({"a": 1}, {"allOf": [{"required": ["a"]}, {"required": ["b"]}]}, False),
        (5, {"pattern": "unknown words ask for nothing"}, True),
        (5, False, False),
    ],
)
def test_fits(found: Any, schema: Any, good: bool) -> None:
    assert fits(found, schema) is good


_NAMES = st.sampled_from(["a", "b", "c"])
_LEAVES = st.sampled_from(["string", "integer", "number", "boolean", "null"]).map(lambda kind: {"type": kind})
_SCHEMAS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda items: {"type": "array", "items": items, "minItems": 1}),
        st.dictionaries(_NAMES, inner, min_size=1).map(
            lambda known: {"type": "object", "properties": known, "required": list(known)}
        ),
        st.lists(inner, min_size=1, max_size=2).map(lambda some: {"anyOf": some}),
    ),
    max_leaves=6,
)


@given(_SCHEMAS)
def test_what_was_made_by_a_schema_fits_it(schema: dict[str, Any]) -> None:
    assert fits(instance(schema), schema)


@pytest.mark.parametrize(
    "word", ["type", "enum", "anyOf", "oneOf", "allOf", "properties", "required", "items"]
)
@pytest.mark.parametrize("odd", [True, 7, "x", None, {}], ids=str)
def test_a_malformed_word_never_raises(word: str, odd: Any) -> None:
    for found in ({"name": "Ana"}, [1], "red"):
        assert fits(found, {word: odd, "minItems": "1", "maxItems": None}) in (True, False)


@pytest.mark.parametrize("word", ["allOf", "anyOf", "oneOf"])
def test_a_schema_that_leads_to_itself_ends(word: str) -> None:
    """Without a bound on its steps it would go on for hours: ten ways at each of forty levels."""
    schema: dict[str, Any] = {word: [{"$ref": "#"}] * 10, "type": "object"}
    began = time.process_time()
    assert fits({}, schema)
    assert time.process_time() - began < 5


_MANY = [f"v{number}" for number in range(30_000)]


@pytest.mark.parametrize(
    "items",
    [{"enum": _MANY}, {"properties": dict.fromkeys(_MANY, {})}, {"required": ["v0", *["v0"] * 30_000]}],
    ids=["enum", "properties", "required"],
)
def test_a_huge_schema_of_many_items_ends(items: dict[str, Any]) -> None:
    """Each item against each word of it would hold up all calls for minutes."""
    found: Any = _MANY[-1] if "enum" in items else {"v0": 1}
    began = time.process_time()
    assert fits([found] * 15_000, {"type": "array", "items": items})
    assert time.process_time() - began < 5


def test_an_item_that_is_no_option_is_seen_among_many() -> None:
    assert not fits(["v1", "x"], {"items": {"enum": _MANY[:5_000]}})
    assert fits(_MANY[:5_000], {"items": {"enum": _MANY[:5_000]}})


def test_a_long_list_is_read_whole() -> None:
    schema = {"type": "array", "items": {"type": "integer"}}
    assert not fits([*range(10_000), "x"], schema)
