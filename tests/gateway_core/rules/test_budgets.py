"""Budgets: positions, states and marks, in whole numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.budgets import Position, State, is_reached, state

ALERTS = (50, 80, 95, 100)


@pytest.mark.parametrize(
    ("spent", "expected"),
    [
        (0, State.OK),
        (799, State.OK),
        (800, State.WARN),
        (999, State.WARN),
        (1000, State.OVER),
        (1200, State.OVER),
    ],
)
def test_states(spent: int, expected: State) -> None:
    assert state(Position(1000, spent), ALERTS) is expected


def test_a_limit_of_zero_is_full_from_the_start() -> None:
    assert state(Position(0, 0), ALERTS) is State.OVER


def test_held_money_reaches_no_mark() -> None:
    assert not is_reached(Position(1000, 499, held=501), 50)
    assert [mark for mark in ALERTS if is_reached(Position(1000, 950, held=0), mark)] == [50, 80, 95]


@given(st.integers(1, 10**18), st.integers(0, 2 * 10**18), st.integers(1, 1000))
def test_marks_are_exact_at_any_size(limit: int, spent: int, mark: int) -> None:
    assert is_reached(Position(limit, spent), mark) == (spent * 100 >= limit * mark)
