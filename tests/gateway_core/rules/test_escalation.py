"""Distrust of an answer: every check finds its fault, gives its reason, and leaves a good answer alone."""

from __future__ import annotations

import pytest

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
        (ASKED, "With 3 and 4 she has 7 apples."),
    ],
)
def test_a_good_answer_is_trusted(prompt: str, answer: str) -> None:
    assert distrust(prompt, answer).value == 0


@pytest.mark.parametrize(
    "true", ["10 / 4 = 2.5", "1,000 + 24 = 1,024", "5 - 8 = -3", "20 / 3 = 6.67", "2 x 6 = 12"]
)
def test_a_true_sum_is_no_fault(true: str) -> None:
    assert "arithmetic" not in {reason.check for reason in distrust("?", true).reasons}


def test_a_division_by_nothing_is_a_fault() -> None:
    assert "arithmetic" in {reason.check for reason in distrust("?", "4 / 0 = 4").reasons}
