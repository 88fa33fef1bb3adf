"""Instances of JSON schemas: small, and valid."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, Field

from gateway_core.simulated.schema import instance


class Leaf(BaseModel):
    kind: str = Field(min_length=9)
    weight: float = Field(gt=2, multiple_of=0.5)


class Tree(BaseModel):
    name: str
    age: int = Field(ge=7, le=9)
    tags: list[str] = Field(min_length=2)
    leaf: Leaf
    twin: Leaf | None
    children: list[Tree]


def test_a_model_with_references_reads_its_instance() -> None:
    tree = Tree.model_validate(instance(Tree.model_json_schema()))
    assert (tree.age, len(tree.tags), tree.children) == (7, 2, [])


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"const": 4}, 4),
        ({"enum": ["red", "green"]}, "red"),
        ({"type": ["null", "boolean"]}, True),
        ({"type": "null"}, None),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, 1),
        ({"allOf": [{"properties": {"a": {"type": "integer"}}}, {"properties": {"b": {"const": 2}}}]},
         {"a": 1, "b": 2}),
        ({"type": "integer", "maximum": -3}, -4),
        ({"type": "integer", "exclusiveMinimum": 10, "multipleOf": 4}, 16),
        ({"type": "string", "format": "date"}, "2026-11-23"),
        ({"type": "string", "maxLength": 3}, "sam"),
        ({"type": "OBJECT", "properties": {"n": {"type": "NUMBER"}}, "required": ["n"]}, {"n": 1.5}),
        ({"type": "object", "properties": {"n": {"type": "number"}}, "required": []}, {}),
        ({"items": {"type": "integer"}, "minItems": 2}, [1, 1]),
        ({}, "sample"),
    ],
)  # fmt: skip
def test_instances(schema: dict[str, Any], expected: Any) -> None:
    assert instance(schema) == expected


def test_a_schema_without_an_end_has_one() -> None:
    endless = {"$defs": {"a": {"properties": {"a": {"$ref": "#/$defs/a"}}}}, "$ref": "#/$defs/a"}
    assert isinstance(instance(endless), dict)
