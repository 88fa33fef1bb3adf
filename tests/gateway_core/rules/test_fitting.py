"""How much output fits into several budgets at once."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules import fitting
from gateway_core.rules.budgets import Position
from gateway_core.rules.fitting import Claim, Fit, Short

AMOUNTS = st.tuples(st.integers(0, 1000), st.integers(0, 50))


def claim(name: str, fixed: int, each: int, limit: int, spent: int, held: int) -> Claim:
    return Claim(name, Position(limit, spent, held), lambda cap: fixed + cap * each)


def fit(claims: Sequence[Claim], cap: int, least: int, *, patient: bool) -> Fit | Short:
    """A call that holds its whole cap."""
    return fitting.fit(claims, cap, least, first=cap, patient=patient)


def test_all_of_it_fits() -> None:
    assert fit([claim("a", 10, 1, 1000, 0, 0)], 500, 16, patient=True) == Fit(500, 500)


def test_without_budgets_everything_fits() -> None:
    assert fit([], 500, 16, patient=True) == Fit(500, 500)


def test_the_cap_is_lowered_to_what_is_left() -> None:
    assert fit([claim("a", 10, 1, 1000, 590, 0)], 500, 250, patient=True) == Fit(400, 400)


def test_too_little_is_left_for_an_answer_worth_having() -> None:
    assert fit([claim("a", 10, 1, 1000, 900, 0)], 500, 250, patient=True) == Short("a", reserved=False)


def test_who_is_patient_waits_for_what_others_hold() -> None:
    held = claim("a", 10, 1, 1000, 0, 700)
    assert fit([held], 500, 250, patient=True) == Short("a", reserved=True)
    assert fit([held], 500, 250, patient=False) == Fit(290, 290)


def test_a_stream_holds_its_first_slice_of_what_it_may_use() -> None:
    roomy = claim("a", 10, 1, 1000, 0, 700)
    assert fitting.fit([roomy], 500, 250, first=100, patient=True) == Fit(500, 100)
    tight = claim("a", 10, 1, 1000, 700, 0)
    assert fitting.fit([tight], 500, 250, first=100, patient=True) == Fit(290, 100)


def test_a_stream_waits_for_room_for_its_first_slice_only() -> None:
    full = claim("a", 10, 1, 1000, 0, 950)
    assert fitting.fit([full], 500, 250, first=100, patient=True) == Short("a", reserved=True)
    assert fitting.fit([full], 500, 20, first=100, patient=False) == Fit(500, 40)


@given(
    st.lists(
        st.tuples(AMOUNTS, st.integers(0, 10**5), st.integers(0, 10**5), st.integers(0, 10**5)), max_size=4
    ),
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.booleans(),
)
def test_what_fits_never_passes_a_limit(
    budgets: list[tuple[tuple[int, int], int, int, int]], cap: int, least: int, first: int, patient: bool
) -> None:
    claims = [
        claim(str(number), fixed, each, limit, spent, held)
        for number, ((fixed, each), limit, spent, held) in enumerate(budgets)
    ]
    found = fitting.fit(claims, cap, min(least, cap), first=first, patient=patient)
    if isinstance(found, Fit):
        assert min(least, cap) <= found.cap <= cap
        assert found.slice <= found.cap
        assert all(each.amount(found.slice) <= each.position.free for each in claims)
        assert all(each.amount(found.cap) <= each.position.unspent for each in claims)
        if first >= cap:
            assert found.slice == found.cap
            # No larger cap would do.
            free = [each.position.free - each.amount(found.cap + 1) for each in claims]
            assert found.cap == cap or any(room < 0 for room in free)
