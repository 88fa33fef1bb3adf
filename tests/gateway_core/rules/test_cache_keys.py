"""The exact key, tried hard: no two requests that may be answered differently ever share one."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_core.model.call import Ask, DialectName, Operation, Target
from gateway_core.rules.caching import exact_key

BODIES: dict[DialectName, dict[str, Any]] = {
    DialectName.OPENAI_CHAT: {
        "model": "gpt-5.1",
        "messages": [
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "text", "text": "there"}]},
        ],
        "temperature": 0.5,
        "seed": 2**70,
        "stop": ["x", "y"],
        "response_format": {"type": "json_schema", "json_schema": {"schema": {"a": {"type": "string"}}}},
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"b": 1, "c": 2}}}],
        "stream": True,
        "stream_options": {"include_usage": True},
    },
    DialectName.OPENAI_RESPONSES: {
        "model": "gpt-5.1",
        "instructions": "be brief",
        "input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}],
        "metadata": {"ticket": "1"},
        "reasoning": {"effort": "low"},
        "max_output_tokens": 100,
    },
    DialectName.ANTHROPIC: {
        "model": "claude",
        "system": [{"type": "text", "text": "be brief", "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "{"}],
        "max_tokens": 100,
        "thinking": {"type": "enabled", "budget_tokens": 1024},
    },
    DialectName.GEMINI: {
        "contents": [{"role": "user", "parts": [{"text": "hi"}, {"text": "there"}]}],
        "systemInstruction": {"parts": [{"text": "be brief"}]},
        "generationConfig": {"temperature": 0.1, "topK": 4, "responseSchema": {"a": 1, "b": 2}},
        "safetySettings": [{"category": "x", "threshold": "y"}],
    },
}
AROUND = {"path": "/p", "query": "", "scope": "token a"}
HEADERS = ("accept-encoding", "anthropic-version", "anthropic-beta", "openai-beta", "openai-project")


def key(dialect: DialectName, body: Any, headers: dict[str, str] | None = None, **more: Any) -> bytes:
    ask = Ask(dialect, more.pop("operation", Operation.GENERATE), "m")
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    given: dict[str, Any] = {"target": Target("p", "m"), **AROUND, **more}
    return exact_key(ask=ask, body=text, headers=headers or {}, **given)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every value in a body, the whole of it last."""
    inner: list[tuple[Any, ...]] = []
    if isinstance(value, dict):
        inner = [each for name, below in value.items() for each in places(below, (*path, name))]
    elif isinstance(value, list):
        inner = [each for at, below in enumerate(value) for each in places(below, (*path, at))]
    return [*inner, path]


def with_value(body: dict[str, Any], path: tuple[Any, ...], change: Any) -> dict[str, Any]:
    """A copy in which the value at a place is another."""
    changed = copy.deepcopy(body)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = change
    return changed


Place = tuple[DialectName, tuple[Any, ...]]
ALL: list[Place] = [(dialect, path) for dialect, body in BODIES.items() for path in places(body) if path]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=600)
@given(st.sampled_from(ALL), VALUES)
def test_whatever_value_is_changed_is_another_key(
    place: tuple[DialectName, tuple[Any, ...]], change: Any
) -> None:
    dialect, path = place
    body = BODIES[dialect]
    changed = with_value(body, path, change)
    same = json.dumps(changed, sort_keys=True) == json.dumps(body, sort_keys=True)
    assert (key(dialect, changed) == key(dialect, body)) == same


@pytest.mark.parametrize(("dialect", "path"), ALL, ids=str)
def test_whatever_is_left_out_or_added_is_another_key(dialect: DialectName, path: tuple[Any, ...]) -> None:
    body = BODIES[dialect]
    without = copy.deepcopy(body)
    place: Any = without
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    assert key(dialect, without) != key(dialect, body)
    if isinstance(place, dict):
        place["of_tomorrow"] = 1
        assert key(dialect, without) != key(dialect, body)


@settings(max_examples=300)
@given(st.sampled_from(list(BODIES)), st.sampled_from([*AROUND, *HEADERS]), st.text(min_size=1, max_size=20))
def test_whatever_stands_around_the_body_is_another_key(dialect: DialectName, what: str, text: str) -> None:
    body = BODIES[dialect]
    if what in HEADERS:
        assert key(dialect, body, {what: text}) != key(dialect, body)
        others = {other: text for other in HEADERS if other != what}
        assert key(dialect, body, {what: text}) != key(dialect, body, others)
    elif text != AROUND[what]:
        changed: dict[str, Any] = {what: text}
        assert key(dialect, body, None, **changed) != key(dialect, body)


@given(st.text(), st.text(), st.text(), st.text())
def test_what_stands_side_by_side_never_runs_together(one: str, other: str, a: str, b: str) -> None:
    body = BODIES[DialectName.OPENAI_CHAT]
    left = key(DialectName.OPENAI_CHAT, body, path=one, query=other)
    right = key(DialectName.OPENAI_CHAT, body, path=a, query=b)
    assert (left == right) == ((one, other) == (a, b))


def test_each_format_and_model_has_its_own() -> None:
    body = BODIES[DialectName.OPENAI_CHAT]
    keys = {
        key(dialect, body, operation=operation, target=target)
        for dialect in DialectName
        for operation in (Operation.GENERATE, Operation.EMBED)
        for target in (Target("p", "m"), Target("p", "n"), Target("q", "m"))
    }
    assert len(keys) == 4 * 2 * 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"seed": 1180591620717411303424}', b'{"seed": 1180591620717411303425}'),
        (b'{"temperature": 1}', b'{"temperature": 1.0}'),
        (b'{"temperature": 0.1}', b'{"temperature": 0.10000000000000000001}'),
        (b'{"a": {"b": 1, "b": 2}}', b'{"a": {"b": 2, "b": 1}}'),
        (b'{"a": {"b": 1, "b": 2}}', b'{"a": {"b": 2}}'),
        (b'{"tools": [{"parameters": {"a": 1, "b": 2}}]}', b'{"tools": [{"parameters": {"b": 2, "a": 1}}]}'),
        (b'{"a": "1"}', b'{"a": 1}'),
        (b'{"a": null}', b'{"a": "null"}'),
        (b'{"a": []}', b'{"a": {}}'),
        (b'{"a": ["x", "y"]}', b'{"a": ["y", "x"]}'),
    ],
)
def test_what_looks_alike_and_is_not(one: bytes, other: bytes) -> None:
    assert key(DialectName.OPENAI_CHAT, one) != key(DialectName.OPENAI_CHAT, other)


@pytest.mark.parametrize("dialect", list(BODIES))
def test_white_space_escapes_and_the_order_of_labels_do_not_matter(dialect: DialectName) -> None:
    body = BODIES[dialect]
    turned = {
        name: [dict(reversed(each.items())) if isinstance(each, dict) else each for each in value]
        if isinstance(value, list)
        else value
        for name, value in reversed(body.items())
    }
    loose = json.dumps(turned, indent=3, ensure_ascii=False).encode()
    assert key(dialect, loose) == key(dialect, json.dumps(body, separators=(",", ":")).encode())
