"""A conversation stays where it is, moves upwards only, and only for what its prompt cache is worth."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway_core.model.call import Plan, Target
from gateway_core.model.policy import Price, Rates
from gateway_core.rules.complexity import Complexity
from gateway_core.rules.routing import plan
from gateway_core.rules.routing.staying import Pin, stay
from tests.gateway_core.rules.routing.making import NOTHING_KNOWN, WANTED, call, resolve

SMALL, LARGE = Target("openai", "small"), Target("anthropic", "large")
PRICES = {
    SMALL: Price("s", Rates(Decimal(1), Decimal(2), cached_input=Decimal("0.1"))),
    LARGE: Price("l", Rates(Decimal(5), Decimal(25), cached_input=Decimal("0.5"))),
}
QUARTER = 250_000_000


def to(*targets: Target) -> Plan:
    found = plan([], call(), WANTED, resolve, NOTHING_KNOWN)
    return replace(found, targets=targets, reason="why")


def test_it_stays_where_it_is() -> None:
    found = stay(to(LARGE, SMALL), Pin(SMALL, None), None, PRICES.get, QUARTER)
    assert found.targets == (SMALL, LARGE)
    assert found.reason == "why; stays at openai/small, where the conversation is"
    assert found.decision is not None
    assert found.decision.targets == ("openai/small", "anthropic/large")
    assert found.decision.kept == "stays at openai/small, where the conversation is"


def test_the_same_target_again_is_no_news() -> None:
    there = to(SMALL, LARGE)
    assert stay(there, Pin(SMALL, None), None, PRICES.get, QUARTER) is there


@pytest.mark.parametrize("old", [None, Complexity.SIMPLE, Complexity.MEDIUM])
def test_it_moves_up_and_says_what_that_costs(old: Complexity | None) -> None:
    pin = Pin(SMALL, old, warm=50_000)
    found = stay(to(LARGE), pin, Complexity.HARD, PRICES.get, QUARTER)
    assert found.targets == (LARGE,)
    # 50,000 tokens at $5 in place of $0.10 a million.
    assert found.reason.endswith(
        "moves up from openai/small, now hard; 50,000 cached tokens are read anew for $0.245"
    )


def test_it_does_not_move_for_more_than_that_is_worth() -> None:
    pin = Pin(SMALL, Complexity.SIMPLE, warm=60_000)
    found = stay(to(LARGE), pin, Complexity.HARD, PRICES.get, QUARTER)
    assert found.targets == (SMALL, LARGE)
    assert "to move up to anthropic/large, 60,000 cached tokens are read anew for $0.294" in found.reason


def test_it_never_moves_down() -> None:
    found = stay(to(SMALL), Pin(LARGE, Complexity.HARD), Complexity.SIMPLE, PRICES.get, QUARTER)
    assert found.targets == (LARGE, SMALL)


def test_what_has_expired_is_not_lost() -> None:
    pin = Pin(SMALL, Complexity.SIMPLE, warm=60_000, until=300.0)
    assert pin.at(300.0) is pin
    found = stay(to(LARGE), pin.at(301.0), Complexity.HARD, PRICES.get, QUARTER)
    assert found.targets == (LARGE,)
    assert found.reason.endswith("0 cached tokens are read anew for $0.00")


def test_what_went_up_is_not_asked_to_check_itself() -> None:
    """Escalation asks the next target: behind the one where the conversation is stands the cheap one."""
    found = stay(replace(to(SMALL, LARGE), escalate=0.5), Pin(LARGE, None), None, PRICES.get, QUARTER)
    assert (found.targets, found.escalate) == ((LARGE, SMALL), None)
