"""Final answers: said outright, or all that there is."""

from __future__ import annotations

import pytest

from gateway_core.rules.opinions.finals import final_of

CHOICE = "Which one?\nA. this\nB. that\nC. those\nD. these"
SUM = "Tom has 12 boats and buys 30 more. How many boats does Tom have in total?"


@pytest.mark.parametrize(
    ("prompt", "answer", "final"),
    [
        (SUM, "12 + 30 = 1,042 in all", "1042"),
        (SUM, "First 12. The answer is 42.50", "42.5"),
        (SUM, "None.", None),
        ("What is a sloop?", "It has 1 mast.", None),
        ("What is a sloop?", "The answer is B.", "B"),
        (CHOICE, "B", "B"),
        (CHOICE, "**B) that**", "B"),
        (CHOICE, "A boat.", None),
        (CHOICE, "A long story of A, B and C, and no more.", None),
    ],
)  # fmt: skip
def test_final(prompt: str, answer: str, final: str | None) -> None:
    assert final_of(prompt, answer) == final
