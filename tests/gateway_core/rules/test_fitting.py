"""How much output fits into several budgets at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.budgets import Position
from gateway_core.rules.fitting import Claim, Fit, Short, fit

AMOUNTS = st.tuples(st.integers(0, 1000), st.integers(0, 50))


def claim(name: str, fixed: int, each: int, limit: int, spent: int, held: int) -> Claim:
    return Claim(name, Position(limit, spent, held), lambda cap: fixed + cap * each)


def test_all_of_it_fits() -> None:
    assert fit([claim("a", 10, 1, 1000, 0, 0)], 500, 16, patient=True) == Fit(500)


def test_without_budgets_everything_fits() -> None:
    assert fit([], 500, 16, patient=True) == Fit(500)


def test_the_cap_is_lowered_to_what_is_left() -> None:
    assert fit([claim("a", 10, 1, 1000, 590, 0)], 500, 250, patient=True) == Fit(400)


def test_too_little_is_left_for_an_answer_worth_having() -> None:
    assert fit([claim("a", 10, 1, 1000, 900, 0)], 500, 250, patient=True) == Short("a", reserved=False)


def test_who_is_patient_waits_for_what_others_hold() -> None:
    held = claim("a", 10, 1, 1000, 0, 700)
    assert fit([held], 500, 250, patient=True) == Short("a", reserved=True)
    assert fit([held], 500, 250, patient=False) == Fit(290)


@given(
    st.lists(
        st.tuples(AMOUNTS, st.integers(0, 10**5), st.integers(0, 10**5), st.integers(0, 10**5)), max_size=4
    ),
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.booleans(),
)
def test_what_fits_never_passes_a_limit(
    budgets: list[tuple[tuple[int, int], int, int, int]], cap: int, least: int, patient: bool
) -> None:
    claims = [
        claim(str(number), fixed, each, limit, spent, held)
        for number, ((fixed, each), limit, spent, held) in enumerate(budgets)
    ]
    found = fit(claims, cap, min(least, cap), patient=patient)
    if isinstance(found, Fit):
        assert min(least, cap) <= found.cap <= cap
        assert all(each.amount(found.cap) <= each.position.free for each in claims)
        # No larger cap would do.
        assert found.cap == cap or any(each.amount(found.cap + 1) > each.position.free for each in claims)
