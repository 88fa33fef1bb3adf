"""The retry budget in virtual time."""

from __future__ import annotations

from gateway_core.state.retrying import RetryBudget


def test_three_are_always_allowed_and_come_back() -> None:
    budget = RetryBudget()
    budget.called("a", 0.0)
    assert [budget.take("a", 0.0) for _ in range(5)] == [True, True, True, False, False]
    assert budget.take("b", 0.0), "each provider has its own"
    assert budget.take("a", 60.0)


def test_a_storm_gets_a_fifth() -> None:
    budget = RetryBudget()
    retries = 0
    for number in range(2000):
        budget.called("a", number / 100)
        retries += budget.take("a", number / 100) + budget.take("a", number / 100)
    assert 300 < retries <= 400
