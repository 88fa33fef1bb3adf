"""Which marks count as told after the share has moved."""

from __future__ import annotations

from gateway_core.model.policy import Budget
from gateway_core.rules.budgets import Position
from gateway_core.rules.marks import counts, fallen, is_moving, unreached

TOLD = {50, 80, 100}


def test_a_mark_falls_with_a_distance_of_a_tenth() -> None:
    assert fallen(Position(1000, 720), TOLD) == {100}
    assert fallen(Position(1000, 719), TOLD) == {80, 100}
    assert fallen(Position(1000, 900), TOLD) == set()
    assert fallen(Position(1000, 0), TOLD) == TOLD


def test_another_limit_leaves_the_marks_that_are_still_reached() -> None:
    assert unreached(Position(1000, 800), TOLD) == {100}
    assert unreached(Position(1000, 799), TOLD) == {80, 100}


def test_a_limit_of_nothing_is_reached_for_ever() -> None:
    assert fallen(Position(0, 0), TOLD) == unreached(Position(0, 0), TOLD) == set()


def test_what_is_counted_is_match_window_and_unit_and_nothing_else() -> None:
    one = Budget("web", {"project": "web", "user": "ann"}, limit_nano=5, window="day")
    same = Budget("other", {"user": "ann", "project": "web"}, limit_nano=9, window="day", alerts=(10,))
    assert counts(one) == counts(same)
    others = [
        Budget("web", {"project": "web"}, limit_nano=5, window="day"),
        Budget("web", one.match, limit_nano=5, window="month"),
        Budget("web", one.match, limit_tokens=5, window="day"),
    ]
    assert len({counts(each) for each in (one, *others)}) == 4


def test_only_rolling_windows_move() -> None:
    assert is_moving(Budget("a", window="rolling:6h"))
    assert not any(is_moving(Budget("a", window=each)) for each in ("hour", "day", "month", "total"))
