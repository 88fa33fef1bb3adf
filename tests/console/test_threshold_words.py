"""The thresholds in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from console.shapes import Classes, Thresholds
from console.threshold_words import MEANINGS, changed, class_words, length, said

USUAL = Thresholds(
    medium=0.3,
    hard=0.55,
    margin=0.02,
    always_score=False,
    learn=False,
    pin="3600s",
    most_loss_usd=Decimal("0.25"),
)


@pytest.mark.parametrize(
    ("pin", "told"), [("3600s", "1h"), ("5400s", "90m"), ("61s", "61s"), ("172800s", "2d"), ("60s", "1m")]
)
def test_a_length_is_said_in_the_largest_unit_that_loses_nothing(pin: str, told: str) -> None:
    assert length(pin) == told


def test_every_field_is_said_as_it_is_written() -> None:
    assert [said(USUAL, name) for name in MEANINGS] == ["0.3", "0.55", "0.02", "no", "no", "1h", "0.25"]


def test_only_what_differs_has_changed() -> None:
    other = replace(USUAL, hard=0.7, learn=True, revision="other")
    assert changed(USUAL, other) == [("hard", ("0.55", "0.7")), ("learn", ("no", "yes"))]
    assert not changed(USUAL, replace(USUAL, pin="3600s", revision="other"))


def test_calls_without_a_score_are_told_where_there_are_some() -> None:
    found = Classes(since="2026-11-16T00:00:00Z", simple=1_412, medium=3, hard=0, unscored=0)
    assert class_words(found) == "1,412 simple, 3 medium, 0 hard"
    assert class_words(replace(found, simple=0, medium=0)) == "no calls"
    assert class_words(replace(found, unscored=2)).endswith("; 2 not scored, as no route asked")
