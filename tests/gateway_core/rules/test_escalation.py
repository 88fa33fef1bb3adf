"""Distrust of an answer: every check finds its fault, gives its reason, and leaves a good answer alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.escalation import distrust

ASKED = "Ann has 3 apples and buys 4 more. How many apples has she now?"


@pytest.mark.parametrize(
    ("prompt", "answer", "check"),
    [
        (ASKED, "  \n", "empty"),
        (ASKED, "I'm sorry, but I can't help with 3 or 4 apples. 7", "refusal"),
        (ASKED, "She has many apples.", "no number"),
        (ASKED, "3 + 4 = 8, so she has 8.", "arithmetic"),
        (ASKED, "$3 * $4 = $11", "arithmetic"),
        (ASKED, "Perhaps 3 and 4 make 7.", "hedging"),
        (ASKED, "She has 3 apples.", "numbers left"),
        ("Write a function.", "```python\ndef f():", "cut off"),
        ("List them.", "\n".join(["the same long line again and again"] * 3), "repetition"),
        ("Which is red?\nA. milk\nB. blood", "Something of that colour, surely.", "no choice"),
        (ASKED, "The answer is 7. On reflection the answer is 8.", "two answers"),
        (ASKED, "With 3 and 4 she has 7 - 9 = -2", "implausible"),
        (ASKED, "With 3 and 4 she has 6.5", "implausible"),
        (
            ASKED,
            "She has 3, she buys 4, and that makes 7 apples, which she may eat, sell or keep, as she likes.",
            "no final answer",
        ),
        (ASKED, "With 3 and 4 she has 7.", "few sums"),
        (ASKED, "3 + 4 = 7. After she has eaten some of them, she has 6.", "unreckoned"),
        (
            "Which is red?\nA. milk\nB. blood",
            "The one that is not white, so (B).",
            "option unnamed",
        ),
        (ASKED, "The answer is 7. " * 30, "long"),
        ("Reply in JSON.", '{"a": 1', "json"),
        ("Reply in JSON.", "```json\n{'a': 1}\n```", "json"),
    ],
)
def test_a_check_finds_its_fault(prompt: str, answer: str, check: str) -> None:
    found = distrust(prompt, answer)
    assert check in {reason.check for reason in found.reasons}
    assert all(reason.why and reason.value > 0 for reason in found.reasons)
    assert found.value == pytest.approx(min(1.0, sum(reason.value for reason in found.reasons)))


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("Reply in JSON.", '```json\n{"a": 1}\n```'),
        ("Reply in JSON.", "[1, 2]"),
        ("Who wrote Faust?", "Goethe wrote it."),
        ("Which is red?\nA. milk\nB. blood", "B"),
        (ASKED, "3 + 4 = 7, so she has 7 apples."),
        (ASKED, "She buys 4 more: 3 + 4 = 7.0 apples, so 7"),
        ("Which is red?\nA. milk\nB. blood", "Milk is white, and blood is red: (B)"),
    ],
)
def test_a_good_answer_is_trusted(prompt: str, answer: str) -> None:
    """Nothing but how hard the question is, and how much it took, stands against it."""
    found = distrust(prompt, answer)
    assert {reason.check for reason in found.reasons} <= {"hard question", "long", "few sums"}
    assert found.value < 0.25


def test_a_harder_question_is_trusted_less() -> None:
    hard = "If Ann has twice as many apples as Bob, who has 3, and each gives half away, how many are left?"
    assert distrust(hard, "3 + 6 = 9").value > distrust(ASKED, "3 + 6 = 9").value


def test_notes_of_a_calculator_are_no_sums() -> None:
    assert distrust(ASKED, "3 + 4 = <<3+4=8>>7").value < 0.3


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_answer_can_be_judged(prompt: str, answer: str) -> None:
    assert 0 <= distrust(prompt, answer).value <= 1


def test_a_hostile_answer_costs_little() -> None:
    began = time.monotonic()
    for text in ("(1+" * 6_000, "answer " * 3_000, "<<" * 9_000, "=1" * 9_000, "\n(((" * 5_000):
        distrust(ASKED, text)
    assert time.monotonic() - began < 20
