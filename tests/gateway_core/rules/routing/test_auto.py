"""`auto`: the cheapest that is good enough, then dearer ones, never a weaker one."""

from __future__ import annotations

from decimal import Decimal

from gateway_core.model.call import Target
from gateway_core.model.policy import Price, Rates
from gateway_core.rules.complexity import Complexity
from gateway_core.rules.routing.auto import auto

NANO, MINI, LARGE, HUGE = (Target("openai", name) for name in ("nano", "mini", "large", "huge"))
COSTS = {NANO: 1, MINI: 2, LARGE: 5, HUGE: 9}
OF_CLASS = {
    Complexity.SIMPLE: (MINI, NANO),
    Complexity.MEDIUM: (MINI,),
    Complexity.HARD: (HUGE, LARGE),
}


def price(target: Target) -> Price:
    rate = Decimal(COSTS[target])
    return Price(target.model, Rates(rate, rate))


def test_the_cheapest_of_the_class_comes_first_and_stronger_ones_follow() -> None:
    found = auto(OF_CLASS, COSTS, Complexity.SIMPLE, "0.10", price)
    assert found is not None
    assert found.targets == (NANO, MINI, LARGE, HUGE)
    assert (found.why, found.baseline) == ("auto, simple (0.10)", LARGE)


def test_nothing_weaker_than_the_class_is_asked() -> None:
    found = auto(OF_CLASS, COSTS, Complexity.HARD, "0.90", price)
    assert found is not None and found.targets == (LARGE, HUGE)


def test_those_that_cannot_be_called_are_left_out() -> None:
    found = auto(OF_CLASS, {HUGE}, Complexity.SIMPLE, "0.10", price)
    assert found is not None and found.targets == (HUGE,)
    assert auto(OF_CLASS, (), Complexity.SIMPLE, "0.10", price) is None
