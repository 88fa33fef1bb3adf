"""The bound on wrong answers: it holds however often one looks, opens when it may, closes when it must."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.proving import ALPHA, RUNGS, Trial, bound, refuted, rungs, standing


def trials(wrong: int, right: int, likeness: float = 1.0) -> list[Trial]:
    return [Trial(likeness, True)] * wrong + [Trial(likeness, False)] * right


def test_of_nothing_it_knows_nothing() -> None:
    state = standing([], rate=0.01, threshold=0.9)
    assert (state.open, state.trials) == (False, 0)
    assert state.bound > 0.999
    assert state.needed > 300


def test_it_opens_exactly_when_enough_was_right() -> None:
    needed = standing([], rate=0.01, threshold=0.9).needed
    assert not standing(trials(0, needed - 1), rate=0.01, threshold=0.9).open
    opened = standing(trials(0, needed), rate=0.01, threshold=0.9)
    assert opened.open
    assert opened.bound <= 0.01
    assert standing(trials(0, needed - 5), rate=0.01, threshold=0.9).needed == 5


def test_wrong_ones_close_it_again() -> None:
    good = trials(0, 600)
    assert standing(good, rate=0.01, threshold=0.9).open
    assert not standing([*good, *trials(6, 0)], rate=0.01, threshold=0.9).open


def test_a_long_good_past_does_not_hide_a_bad_present() -> None:
    good = trials(0, 50_000)
    assert standing(good, rate=0.01, threshold=0.9).open
    assert not standing([*good, *trials(10, 100)], rate=0.01, threshold=0.9).open


def test_it_serves_from_where_it_is_right() -> None:
    """Wrong where questions are only somewhat alike, right where they are very much."""
    mixed = [each for _ in range(700) for each in (Trial(0.905, True), Trial(0.99, False))]
    state = standing(mixed, rate=0.01, threshold=0.9)
    assert state.open
    assert state.threshold == rungs(0.9)[1] > 0.905
    assert state.wrong == 0


@given(st.integers(0, 2_000), st.integers(0, 50))
def test_the_bound_is_above_what_was_seen_and_falls_with_what_is_right(right: int, wrong: int) -> None:
    seen = wrong / (right + wrong) if right + wrong else 0.0
    here = bound(right, wrong)
    assert here >= seen
    assert bound(right + 100, wrong) <= here + 1e-6
    assert bound(right, wrong + 1) >= here - 1e-6


@pytest.mark.parametrize("rate", [0.01, 0.05])
def test_looked_at_after_every_trial_it_is_broken_in_few_runs(rate: float) -> None:
    """A cache that is just wrong enough must not be opened: in a twentieth of the runs at the most."""
    runs, opened = 300, 0
    for seed in range(runs):
        chance = random.Random(seed)
        right = wrong = 0
        for _ in range(round(30 / rate)):
            if chance.random() < rate:
                wrong += 1
            else:
                right += 1
            if refuted(rate, right, wrong):
                opened += 1
                break
    # One-sided: above the twentieth by three deviations of chance would be a fault.
    assert opened / runs <= ALPHA + 3 * (ALPHA * (1 - ALPHA) / runs) ** 0.5


def test_the_rungs_share_the_confidence() -> None:
    """Whichever of them it opens at, the stated bound is broken in few runs."""
    rate, runs, broken = 0.05, 200, 0
    for seed in range(runs):
        chance = random.Random(seed)
        made: list[Trial] = []
        for _ in range(600):
            made.append(Trial(chance.uniform(0.9, 1.0), chance.random() < rate))
            if len(made) % 20 == 0 and standing(made, rate=rate, threshold=0.9).open:
                broken += 1
                break
    assert broken / runs <= ALPHA + 3 * (ALPHA * (1 - ALPHA) / runs) ** 0.5


def test_rungs_begin_at_the_threshold() -> None:
    assert rungs(0.8) == [0.8, 0.85, 0.9, 0.95]
    assert len(rungs(0.5)) == RUNGS


@pytest.mark.parametrize("share", [0.0, 0.002])
def test_a_good_cache_opens_in_a_reasonable_time(share: float) -> None:
    chance = random.Random(3)
    made: list[Trial] = []
    while not (made and standing(made, rate=0.01, threshold=0.9).open):
        made += [Trial(1.0, chance.random() < share) for _ in range(50)]
        assert len(made) < 5_000
