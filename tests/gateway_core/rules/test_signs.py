"""The signs of a prompt are what a person counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.signs import SEEN, Kind, read

CHOICE = "Which of these, if any, is not red?\nA. milk\nB. blood\nC. wine"


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        (CHOICE, Kind.CHOICE),
        ("Pick one.\n(A) yes\n(B) no", Kind.CHOICE),
        ("Is it so?\nOptions:\n- Yes\n- No", Kind.CHOICE),
        ("Write a python function that adds two lists.", Kind.CODE),
        ("def f():\n    pass", Kind.CODE),
        ("Simplify $\\frac{1}{2} + \\sqrt{2}$.", Kind.MATHS),
        ("What is the largest prime factor of 5! + 6!, an integer?", Kind.MATHS),
        ("Find the area. [asy] draw((0,0)--(10,0)); [/asy]", Kind.MATHS),
        ("The area of Ann's garden is 30 and she sells 4. What has she now?", Kind.NUMBERS),
        ("Ann has 3 apples and buys 4 more. What has she now?", Kind.NUMBERS),
        ("How many legs have a dog and a hen?", Kind.NUMBERS),
        ("Write a poem about the sea.", Kind.WRITING),
        ("Who wrote Faust?", Kind.QUESTION),
        ("What is the usual return on a bond?", Kind.QUESTION),
        ("Things to buy:\n- milk\n- bread", Kind.QUESTION),
        ("", Kind.QUESTION),
    ],
)
def test_the_kind(prompt: str, kind: Kind) -> None:
    assert read(prompt).kind is kind


def test_the_counts() -> None:
    found = read(
        "If Ann, who has 3 apples, buys twice as many, what does she not need? (Explain why.) Then stop."
    )
    assert (found.conditions, found.people, found.proportions, found.negations) == (2, 1, 1, 1)
    assert (found.numbers, found.clauses, found.questions, found.brackets) == (1, 3, 1, 1)
    assert (found.reasoning, found.asking, found.sentences) == (2, 2, 1)


def test_the_length_of_a_choice_is_that_of_its_question() -> None:
    assert read(CHOICE).words == read(CHOICE + " " + "of old " * 50).words
    assert read(CHOICE).options == 3


def test_letters_outside_ascii_change_nothing() -> None:
    plain, other = read("Ann has 3 apples, he has 4."), read("Änn has 3 apples, he has 4.")
    assert (plain.numbers, plain.people, plain.kind) == (other.numbers, other.people, other.kind)


def test_a_language_without_spaces_has_length() -> None:
    assert read("日本の首都はどこですか。" * 20).words >= 20


def test_only_the_ends_of_a_long_text_are_read() -> None:
    long = "why " * SEEN
    assert read(long).words <= 2 * SEEN


@given(st.text(max_size=300))
def test_nothing_makes_it_fail(text: str) -> None:
    assert read(text).words >= 0
