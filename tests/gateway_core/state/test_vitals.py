"""Vital signs in virtual time."""

from __future__ import annotations

import pytest

from gateway_core.model.call import Target
from gateway_core.state.vitals import ERRORS_HALVE, LATELY, MOST_TARGETS, Vitals

T = Target("openai", "gpt-5")


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_latency_is_the_median_of_what_was_served_lately() -> None:
    time = Time()
    vitals = Vitals(time)
    assert vitals.latency_ms(T) is None
    for first in (100.0, 120.0, 5000.0):
        vitals.began(T)
        vitals.ended(T, failed=False, first_byte_ms=first, duration_ms=2 * first, output_tokens=20)
    assert vitals.latency_ms(T) == 120.0
    time.now += LATELY + 1
    assert vitals.latency_ms(T) is None


def test_errors_weigh_and_fade() -> None:
    time = Time()
    vitals = Vitals(time)
    for _ in range(50):
        vitals.began(T)
        vitals.ended(T, failed=True)
    assert vitals.error_rate(T) > 0.9
    before = vitals.error_rate(T)
    time.now += ERRORS_HALVE
    assert vitals.error_rate(T) == pytest.approx(before / 2)
    assert (vitals.all()[T].calls, vitals.all()[T].errors) == (50, 50)


def test_who_leaves_counts_neither_way() -> None:
    vitals = Vitals(Time())
    vitals.began(T)
    assert vitals.running(T) == 1
    vitals.ended(T, failed=None)
    assert (vitals.running(T), vitals.all()[T].calls, vitals.error_rate(T)) == (0, 0, 0.0)


def test_pace_is_tokens_over_the_whole_time() -> None:
    vitals = Vitals(Time())
    vitals.began(T)
    vitals.ended(T, failed=False, first_byte_ms=500, duration_ms=2000, output_tokens=100)
    assert vitals.all()[T].tokens_per_second == 50.0


def test_no_more_targets_than_fit_and_running_ones_stay() -> None:
    vitals = Vitals(Time())
    vitals.began(T)
    for number in range(MOST_TARGETS + 10):
        each = Target("openai", str(number))
        vitals.began(each)
        vitals.ended(each, failed=False)
    assert len(vitals.all()) == MOST_TARGETS and vitals.running(T) == 1
