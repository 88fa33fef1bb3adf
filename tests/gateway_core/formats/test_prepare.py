"""Bodies for a provider of the same format: byte for byte the client's, but for what has to change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.formats import DIALECTS
from gateway_core.model.call import DialectName, Operation

CHAT, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
ANTHROPIC, GEMINI = DialectName.ANTHROPIC, DialectName.GEMINI


def prepared(
    dialect: DialectName,
    body: bytes,
    *,
    model: str = "m",
    cap: int | None = None,
    ask_usage: bool = False,
    operation: Operation = Operation.GENERATE,
) -> bytes:
    ask = DIALECTS[dialect].read(operation, body, path_model="m")
    return DIALECTS[dialect].prepare(body, ask, model=model, output_cap=cap, ask_usage=ask_usage)


@pytest.mark.parametrize("dialect", DialectName)
def test_what_needs_no_change_is_the_very_object(dialect: DialectName) -> None:
    body = b'{ "model" : "m" ,"contents":[], "max_tokens":5 }'
    assert prepared(dialect, body) is body
    ask = DIALECTS[dialect].read(Operation.GENERATE, body, path_model="m")
    same = DIALECTS[dialect].prepare(body, ask, model="m", output_cap=ask.output_cap, ask_usage=False)
    assert same is body


@pytest.mark.parametrize(
    ("body", "model", "cap", "result"),
    [
        (b'{"model":"m","n":1}', "other", None, b'{"model":"other","n":1}'),
        (b'{"n":1, "model" : "m"}', 'o"x', None, b'{"n":1, "model" : "o\\"x"}'),
        (b'{"model":"m"}', "m", 7, b'{"model":"m","max_tokens":7}'),
        (b'{"model":"m","max_tokens":9}', "m", 7, b'{"model":"m","max_tokens":7}'),
        (b'{"model":"m","max_tokens":null}', "m", 7, b'{"model":"m","max_tokens":7}'),
        (b'{"model":"m","max_tokens":-1}', "m", 7, b'{"model":"m","max_tokens":7}'),
        (b'{"model":"m","max_completion_tokens":9}', "m", 7, b'{"model":"m","max_completion_tokens":7}'),
        (
            b'{"model":"m","max_completion_tokens":9,"max_tokens":8}',
            "m",
            7,
            b'{"model":"m","max_completion_tokens":7,"max_tokens":7}',
        ),
        # Newer models refuse the older word.
        (b'{"model":"m"}', "gpt-5-mini", 7, b'{"model":"gpt-5-mini","max_completion_tokens":7}'),
        (b'{"model":"m","max_tokens":9}', "o3", None, b'{"model":"o3","max_completion_tokens":9}'),
        (
            b'{"model":"m","max_tokens":9}',
            "openai/gpt-5.6",
            7,
            b'{"model":"openai/gpt-5.6","max_completion_tokens":7}',
        ),
        (b'{"model":"m","max_tokens":9}', "gpt-4o", None, b'{"model":"gpt-4o","max_tokens":9}'),
        (b'{"model":"m","max_tokens":9}', "olmo-2", None, b'{"model":"olmo-2","max_tokens":9}'),
    ],
)
def test_model_and_cap_of_a_chat(body: bytes, model: str, cap: int | None, result: bytes) -> None:
    assert prepared(CHAT, body, model=model, cap=cap) == result


def test_a_newer_models_own_client_keeps_its_words() -> None:
    """It would be refused without the gateway too."""
    body = b'{"model":"gpt-5","max_tokens":9,"stream":true}'
    assert prepared(CHAT, body, model="gpt-5") is body
    assert b'"max_tokens":9' in prepared(CHAT, body, model="gpt-5", ask_usage=True)


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (
            b'{"model":"m","stream":true}',
            b'{"model":"m","stream":true,"stream_options":{"include_usage":true}}',
        ),
        (
            b'{"model":"m","stream":true,"stream_options":null}',
            b'{"model":"m","stream":true,"stream_options":{"include_usage":true}}',
        ),
        (
            b'{"model":"m","stream_options":{"include_usage": false, "x":1},"stream":true}',
            b'{"model":"m","stream_options":{"include_usage": true, "x":1},"stream":true}',
        ),
        (
            b'{"model":"m","stream_options":{"include_usage":true},"stream":true}',
            b'{"model":"m","stream_options":{"include_usage":true},"stream":true}',
        ),
        (b'{"model":"m"}', b'{"model":"m"}'),
    ],
)
def test_usage_is_asked_for_where_the_client_did_not(body: bytes, result: bytes) -> None:
    assert prepared(CHAT, body, ask_usage=True) == result


def test_the_cap_of_a_response_and_of_a_message() -> None:
    assert prepared(RESPONSES, b'{"model":"m"}', cap=7) == b'{"model":"m","max_output_tokens":7}'
    assert prepared(ANTHROPIC, b'{"max_tokens":64,"model":"m"}', cap=7) == b'{"max_tokens":7,"model":"m"}'
    assert prepared(ANTHROPIC, b'{"model":"m"}', model="n") == b'{"model":"n"}'


@pytest.mark.parametrize(
    ("budget", "cap", "left"),
    [(5000, 4000, 3999), (5000, 6000, 5000), (2048, 1024, 2048), (1024, 1025, 1024)],
)
def test_a_thinking_budget_stays_below_a_lowered_cap(budget: int, cap: int, left: int) -> None:
    body = b'{"model":"m","thinking":{"type":"enabled", "budget_tokens":%d},"max_tokens":9000}'
    assert prepared(ANTHROPIC, body % budget, cap=cap) == (body % left).replace(b"9000", b"%d" % cap)


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b'{"contents":[]}', b'{"contents":[],"generationConfig":{"maxOutputTokens":7}}'),
        (
            b'{"generationConfig":{"temperature": 1}}',
            b'{"generationConfig":{"temperature": 1,"maxOutputTokens":7}}',
        ),
        (b'{"generationConfig":null}', b'{"generationConfig":{"maxOutputTokens":7}}'),
        (
            b'{"generation_config": {"max_output_tokens" :9}}',
            b'{"generation_config": {"max_output_tokens" :7}}',
        ),
    ],
)
def test_the_cap_of_gemini_stands_in_its_config(body: bytes, result: bytes) -> None:
    assert prepared(GEMINI, body, cap=7) == result


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b'{"contents":[]}', b'{"contents":[]}'),
        (b'{"model":"models/m","content":{}}', b'{"model":"models/n","content":{}}'),
        (
            b'{"requests":[{"model":"models/m","content":{}} , {"content":{}}]}',
            b'{"requests":[{"model":"models/n","content":{}},{"content":{}}]}',
        ),
        (
            b'{"generateContentRequest":{"model": "models/m"}}',
            b'{"generateContentRequest":{"model": "models/n"}}',
        ),
    ],
)
def test_gemini_repeats_the_model_in_some_bodies(body: bytes, result: bytes) -> None:
    assert prepared(GEMINI, body, model="n", operation=Operation.EMBED) == result


@pytest.mark.parametrize("operation", [Operation.EMBED, Operation.COUNT, Operation.OTHER])
@pytest.mark.parametrize("dialect", DialectName)
def test_only_what_generates_has_a_cap(dialect: DialectName, operation: Operation) -> None:
    body = b'{"model":"m","input":"x"}'
    assert prepared(dialect, body, cap=7, operation=operation) is body


@pytest.mark.parametrize("dialect", DialectName)
def test_a_body_that_is_no_json_passes(dialect: DialectName) -> None:
    body = b"--boundary\r\n\xff"
    ask = DIALECTS[dialect].read(Operation.OTHER, body)
    assert DIALECTS[dialect].prepare(body, ask, model="m", output_cap=7, ask_usage=False) is body


KEYS = {
    CHAT: ("model", "max_tokens", "stream_options"),
    RESPONSES: ("model", "max_output_tokens"),
    ANTHROPIC: ("model", "max_tokens"),
}
json_values = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=6)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
others = st.dictionaries(st.sampled_from(["messages", "input", "system", "x", "\u00e9", 'q"']), json_values)


@pytest.mark.parametrize("dialect", KEYS)
@given(
    other=others,
    stated=st.none() | st.integers(1, 99),
    cap=st.none() | st.integers(1, 99),
    model=st.text(min_size=1, max_size=5),
    indent=st.sampled_from([None, 1]),
    ascii_only=st.booleans(),
)
def test_only_the_named_fields_change(
    dialect: DialectName,
    other: dict[str, Any],
    stated: int | None,
    cap: int | None,
    model: str,
    indent: int | None,
    ascii_only: bool,
) -> None:
    name, cap_key = KEYS[dialect][:2]
    body: dict[str, Any] = {"model": "m", "stream": True} | other
    if stated is not None:
        body[cap_key] = stated
    text = json.dumps(body, indent=indent, ensure_ascii=ascii_only).encode()
    result = json.loads(prepared(dialect, text, model=model, cap=cap, ask_usage=True))
    expected = body | {name: model}
    if cap is not None:
        expected[cap_key] = cap
    if dialect is CHAT:
        expected["stream_options"] = {"include_usage": True}
    assert result == expected
