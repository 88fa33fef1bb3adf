"""The shapes of the admin plane's answers: made of its JSON, and what they say of themselves."""

from __future__ import annotations

import pickle
from dataclasses import Field, asdict, field, fields, is_dataclass, replace
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import msgspec
import pytest

from console import shapes
from console.shapes import Budget, Question
from console.shapes.frame import shape
from console.shapes.prompt_cache import PromptCacheRow, PromptCacheSums


@shape
class Named:
    name: str
    revision: str = field(default="", compare=False)


PLAIN: dict[str, Any] = {
    "name": "web",
    "match": {"project": "web"},
    "limit_usd": "30.00",
    "window": "month",
    "at_limit": "block",
    "alerts": [80],
    "spent_usd": "10.00",
    "held_usd": "0",
    "spent_tokens": 0,
    "held_tokens": 0,
    "share": 0.33,
    "state": "ok",
    "window_start": "2026-11-01T00:00:00Z",
}


def budget(**more: Any) -> Budget:
    return msgspec.convert({**PLAIN, **more}, Budget)


def test_what_a_newer_gateway_adds_is_ignored_and_what_an_older_one_lacks_has_its_default() -> None:
    assert budget(of_tomorrow=[1, 2]) == budget()
    assert (budget().unbounded, budget().ask_seconds, budget().raised_until) == ("refuse", 60, None)
    with pytest.raises(msgspec.ValidationError):
        budget(limit_usd=[])


def test_the_limit_in_force_is_the_temporary_one_while_there_is_one() -> None:
    raised = budget(limit_now_usd="40.00", raised_to_usd="40.00", raised_until="2026-12-01T00:00:00Z")
    assert (raised.in_force_usd, raised.raised) == (Decimal(40), True)
    over = budget(limit_now_usd="30.00", raised_to_usd="40.00", raised_until="2026-11-02T00:00:00Z")
    assert (over.in_force_usd, over.raised) == (Decimal(30), False)
    tokens = budget(limit_usd=None, limit_tokens=1_000, limit_now_tokens=5_000)
    assert (tokens.in_force_tokens, tokens.raised) == (5_000, True)


def test_a_question_brings_what_a_person_needs_to_decide() -> None:
    told = {
        "id": "q1",
        "asked_at": "2026-11-26T14:00:00Z",
        "until": "2026-11-26T14:01:00Z",
        "budget": "web",
        "spent": "$30.00",
        "limit": "$30.00",
        "model": "gpt-5-mini",
        "tags": {"user": "ann"},
        "token": "laptop",
        "may_cost_usd": "0.4471",
    }
    assert msgspec.convert(told, Question).may_cost_usd == Decimal("0.4471")


def test_a_shape_is_a_dataclass_to_those_who_ask() -> None:
    before = budget(revision="one")
    assert is_dataclass(before)
    assert [each.name for each in fields(before)][:3] == ["name", "match", "limit_usd"]
    after = replace(before, at_limit="alert")
    assert (after.at_limit, after.name, after.revision) == ("alert", "web", "one")
    assert asdict(after)["match"] == {"project": "web"}
    with pytest.raises(AttributeError):
        after.name = "other"  # type: ignore[misc]


def test_shapes_are_equal_by_what_a_person_wrote() -> None:
    assert budget(revision="one") == budget(revision="two")
    assert budget(name="one") != budget(name="two")
    assert budget() != object()


def test_equal_shapes_are_one_in_a_set_and_come_whole_from_afar() -> None:
    one, other = Named(name="web", revision="one"), Named(name="web", revision="two")
    assert {one, other} == {one} != {Named(name="api")}
    assert pickle.loads(pickle.dumps(budget(revision="one"))).revision == "one"
    with pytest.raises(TypeError, match="wrong"):
        replace(one, wrong=1)  # type: ignore[call-arg]


def test_a_shape_that_extends_another_has_the_fields_of_both() -> None:
    sums = {each.name: 0 for each in fields(PromptCacheSums)}
    assert "key" not in sums
    row = msgspec.convert({**sums, "key": "web"}, PromptCacheRow, strict=False)
    assert replace(row, key="other") == replace(row, key="other", calls=0) != row
    assert {each.name for each in fields(row)} == {*sums, "key"}


def test_no_shape_has_a_default_that_only_dataclasses_understand() -> None:
    named = [import_module(f"{shapes.__name__}.{each.name}") for each in iter_modules(shapes.__path__)]
    made = {each for module in (shapes, *named) for each in vars(module).values() if is_shape(each)}
    assert len(made) > 100
    wrong = [each for each in made if any(isinstance(one, Field) for one in each.__struct_defaults__)]
    assert not wrong


def is_shape(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, msgspec.Struct)
