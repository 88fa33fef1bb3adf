"""Counts that no call can have, and answers that say nothing, are neither booked nor fatal."""

from __future__ import annotations

from typing import Any

import pytest

from gateway_core.formats import DIALECTS
from gateway_core.model.call import DialectName, Operation, Reading
from tests.gateway_core.formats.answers import ANTHROPIC, CHAT, GEMINI, RESPONSES, read

STATED: dict[DialectName, tuple[str, dict[str, Any]]] = {
    CHAT: ("usage", {"prompt_tokens": 1, "completion_tokens": 2}),
    RESPONSES: ("usage", {"input_tokens": 1, "output_tokens": 2}),
    ANTHROPIC: ("usage", {"input_tokens": 1, "output_tokens": 2}),
    GEMINI: ("usageMetadata", {"promptTokenCount": 1, "candidatesTokenCount": 2}),
}


@pytest.mark.parametrize("dialect", STATED)
@pytest.mark.parametrize("field", [0, 1])
@pytest.mark.parametrize(
    ("value", "why"),
    [
        (-1, "negative {}"),
        (-0.5, "{} is no whole number"),
        (1.5, "{} is no whole number"),
        ("12", "{} is no whole number"),
        (True, "{} is no whole number"),
        ([], "{} is no whole number"),
        ({}, "{} is no whole number"),
        (2**40 + 1, "{} beyond reason"),
        (1e30, "{} beyond reason"),
    ],
)
def test_a_count_no_call_can_have_is_not_believed(
    dialect: DialectName, field: int, value: Any, why: str
) -> None:
    key, stated = STATED[dialect]
    name = list(stated)[field]
    reading = read(dialect, {key: stated | {name: value}})
    assert reading.usage is None
    assert reading.impossible == why.format(name)


@pytest.mark.parametrize(
    ("dialect", "stated"),
    [
        (CHAT, {"prompt_tokens": 5, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 6}}),
        (CHAT, {"prompt_tokens": 5, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": -6}}),
        (
            CHAT,
            {
                "prompt_tokens": 5,
                "completion_tokens": 1,
                "completion_tokens_details": {"reasoning_tokens": "x"},
            },
        ),
        (CHAT, {"prompt_tokens": 5, "completion_tokens": 1, "prompt_tokens_details": 7}),
        (CHAT, "lots"),
        (CHAT, [1, 2]),
        (
            RESPONSES,
            {"input_tokens": 5, "output_tokens": 1, "input_tokens_details": {"cache_write_tokens": 9}},
        ),
        (ANTHROPIC, {"input_tokens": 5, "output_tokens": 1, "cache_read_input_tokens": -1}),
        (ANTHROPIC, {"input_tokens": 5, "output_tokens": 1, "iterations": {"a": 1}}),
        (
            ANTHROPIC,
            {"input_tokens": 5, "output_tokens": 1, "cache_creation": {"ephemeral_1h_input_tokens": 0.5}},
        ),
        (GEMINI, {"promptTokenCount": 5, "candidatesTokenCount": 1, "cachedContentTokenCount": 6}),
        (GEMINI, {"promptTokenCount": 5, "totalTokenCount": 1}),
        (GEMINI, {"promptTokenCount": 5, "candidatesTokenCount": 1, "thoughtsTokenCount": -1}),
    ],
)
def test_parts_no_call_can_have_are_not_believed(dialect: DialectName, stated: Any) -> None:
    reading = read(dialect, {STATED[dialect][0]: stated})
    assert reading.usage is None
    assert reading.impossible


@pytest.mark.parametrize("dialect", STATED)
@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b'{"usage":', b"[" * 5000, b'{"model":"\xff","modelVersion":"\xff"}'],
)
def test_what_cannot_be_read_says_nothing(dialect: DialectName, body: bytes) -> None:
    assert DIALECTS[dialect].read_answer(Operation.GENERATE, body) == Reading(finished=False)


@pytest.mark.parametrize(
    ("dialect", "answer"),
    [
        (CHAT, {"error": {"message": "m"}}),
        (RESPONSES, {"error": {"message": "m"}}),
        (ANTHROPIC, {"type": "error", "error": {"type": "api_error"}}),
        (GEMINI, {"error": {"code": 500}}),
    ],
)
def test_an_error_is_no_finished_answer(dialect: DialectName, answer: dict[str, Any]) -> None:
    assert not read(dialect, answer).finished


@pytest.mark.parametrize(
    ("dialect", "key"),
    [(CHAT, "model"), (RESPONSES, "model"), (ANTHROPIC, "model"), (GEMINI, "modelVersion")],
)
def test_the_model_that_served_is_read(dialect: DialectName, key: str) -> None:
    assert read(dialect, {key: "served-2026"}).model == "served-2026"
    assert read(dialect, {key: 7}).model is None
