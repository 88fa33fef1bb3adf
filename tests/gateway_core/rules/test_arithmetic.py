"""Sums in an answer are found as a person reads them, and computed as a person computes them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.arithmetic import sums


@pytest.mark.parametrize(
    "true",
    [
        "10 / 4 = 2.5",
        "1,000 + 24 = 1,024",
        "5 - 8 = -3",
        "20 / 3 = 6.67",
        "2 x 6 = 12",
        "3 + 4 + 5 = 12",
        "2 * (3 + 4) - 1 = 13",
        "so it costs $3 × 4 = $12.",
        "20% * 50 = 10",
        "(12 / 20) * 100% = 60%",
        "12 / 20 = 60%",
        "7 - -2 = 9",
    ],
)
def test_a_true_sum_holds(true: str) -> None:
    assert [each.holds for each in sums(true)] == [True]


@pytest.mark.parametrize(
    "false", ["3 + 4 = 8", "$3 * $4 = $11", "4 / 0 = 4", "2 * (3 + 4) = 10", "3 + 4 + 5 = 13"]
)
def test_a_false_sum_does_not(false: str) -> None:
    assert [each.holds for each in sums(false)] == [False]


@pytest.mark.parametrize(
    "no_sum", ["x = 4", "n + 2 = 4", "= 4", "7 = 7", "(3 + = 4", "3 + 4 = 2 * 3.5", "v1.2.3 = 4"]
)
def test_what_is_no_sum_is_passed_over(no_sum: str) -> None:
    assert not list(sums(no_sum))


def test_a_chain_is_judged_by_what_stands_last() -> None:
    assert [each.holds for each in sums("2 + 3 + 4 = 5 + 4 = 9")] == [True]


@given(st.integers(-9999, 9999), st.integers(1, 9999), st.sampled_from("+-*/"))
def test_any_sum_of_two_numbers(left: int, right: int, sign: str) -> None:
    result = {"+": left + right, "-": left - right, "*": left * right, "/": left / right}[sign]
    (found,) = sums(f"It is {left} {sign} {right} = {result:.4f}")
    assert found.holds


@given(st.text(alphabet="0123456789+-*/().,$%= x", max_size=400))
def test_nothing_makes_it_fail(text: str) -> None:
    list(sums(text))


def test_a_hostile_text_costs_little() -> None:
    """The time grows with the text, not with its square."""
    began = time.monotonic()
    list(sums("(1+" * 20_000 + "=1" * 20_000))
    assert time.monotonic() - began < 20
