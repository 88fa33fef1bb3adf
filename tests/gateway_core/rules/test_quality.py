"""APGR and CPT against values that were computed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.quality import apgr, apgr_interval, chance, cpt, difference, resampled, share_interval

GAINS = (1.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("scores", "by_hand"),
    [
        ((4, 3, 2, 1), 0.5),  # The gain comes first and last: (7/8 + 1/8) / 2.
        ((4, 2, 1, 3), 0.75),  # First and second: (7/8 + 5/8) / 2.
        ((1, 3, 4, 2), 0.25),  # Third and last: (3/8 + 1/8) / 2.
        ((1, 1, 1, 1), 0.5),  # No order at all.
        ((2, 1, 1, 2), 0.75),  # The first two in no order.
    ],
)
def test_apgr_by_hand(scores: tuple[float, ...], by_hand: float) -> None:
    assert apgr(scores, GAINS) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],
)
def test_a_share_and_its_interval_by_the_tables(count: int, of: int, low: float, high: float) -> None:
    found = share_interval(count, of)
    assert (found.value, found.low, found.high) == pytest.approx((count / of, low, high), abs=1e-4)


def test_a_loss_counts_against_it() -> None:
    # Gains 2 and -1: sent first and second of two, (2 * 3/4 - 1 * 1/4) / 1.
    assert apgr((2, 1), (2.0, -1.0)) == pytest.approx(1.25)


@pytest.mark.parametrize(
    ("scores", "share", "by_hand"),
    [
        ((4, 2, 1, 3), 0.5, 0.25),
        ((4, 2, 1, 3), 0.8, 0.40),  # All of the first, and 0.6 of the second quarter.
        ((4, 3, 2, 1), 0.8, 0.90),
        ((1, 1, 1, 1), 0.5, 0.5),
        ((1, 1, 1, 1), 0.8, 0.8),
    ],
)
def test_cpt_by_hand(scores: tuple[float, ...], share: float, by_hand: float) -> None:
    assert cpt(scores, GAINS, share) == pytest.approx(by_hand)


def test_without_a_gain_there_is_no_figure() -> None:
    with pytest.raises(ValueError, match="gains nothing"):
        apgr((1, 2), (1.0, -1.0))
    with pytest.raises(ValueError, match="gains nothing"):
        cpt((1, 2), (0.0, 0.0), 0.5)


@given(st.lists(st.tuples(st.floats(-9, 9), st.booleans()), min_size=2, max_size=40))
def test_turned_round_it_is_the_rest(rows: list[tuple[float, bool]]) -> None:
    scores, gains = [score for score, _ in rows], [float(gain) for _, gain in rows]
    if any(gains):
        assert apgr(scores, gains) + apgr([-score for score in scores], gains) == pytest.approx(1)


def test_the_interval_holds_the_figure_and_is_the_same_again() -> None:
    numbers = chance(3)
    gains = [float(next(numbers) % 2) for _ in range(200)]
    scores = [gain + next(numbers) % 3 for gain in gains]
    found = apgr_interval(scores, gains)
    assert 0.5 < found.low < found.value < found.high
    assert found == apgr_interval(scores, gains)
    better = difference(scores, [0.0] * 200, gains)
    assert better.low > 0 and better.value == pytest.approx(found.value - 0.5)


def test_rows_are_drawn_from_all() -> None:
    drawn = [row for rows in resampled(10, 50) for row in rows]
    assert set(drawn) == set(range(10)) and len(drawn) == 500
