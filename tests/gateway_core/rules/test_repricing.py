"""Past calls at another price: what had none gets one, what the old price explains moves with it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gateway_core.model.policy import Price, Rates, Tier
from gateway_core.model.rows import Certainty, Outcome
from gateway_core.model.usage import ZERO, Usage
from gateway_core.rules.pricing import cost
from gateway_core.rules.repricing import Booked, Repriced, Stays, repriced

USAGE = Usage(input=1000, cached_input=500, output=200)


def price(input: str, output: str = "10", id: str = "user:openai/gpt-5", **more: Any) -> Price:
    return Price(id, Rates(input=Decimal(input), output=Decimal(output)), **more)


OLD, NEW = price("100"), price("1")


def booked(usage: Usage = USAGE, **changes: Any) -> Booked:
    values: dict[str, Any] = {
        "usage": usage,
        "cost_nano": cost(usage, OLD),
        "certainty": Certainty.COMPUTED,
        "price_id": OLD.id,
        "outcome": Outcome.OK,
        "doubtful": False,
    }
    return Booked(**{**values, **changes})


def test_a_mistyped_price_is_replaced() -> None:
    assert repriced(booked(), OLD, NEW) == Repriced(1500 * 1000 + 200 * 10_000, Certainty.COMPUTED, NEW.id)


def test_a_price_that_is_the_same_changes_nothing() -> None:
    assert repriced(booked(), OLD, OLD) == Repriced(booked().cost_nano, Certainty.COMPUTED, OLD.id)


@pytest.mark.parametrize(
    ("changes", "certainty"),
    [
        ({}, Certainty.COMPUTED),
        ({"outcome": Outcome.CANCELLED}, Certainty.ESTIMATED),
        ({"doubtful": True}, Certainty.ESTIMATED),
    ],
)
def test_what_had_no_price_gets_one(changes: dict[str, Any], certainty: Certainty) -> None:
    unpriced = booked(cost_nano=0, certainty=Certainty.UNPRICED, price_id=None, **changes)
    assert repriced(unpriced, None, NEW) == Repriced(3_500_000, certainty, NEW.id)


def test_what_still_has_no_price_stays_unpriced() -> None:
    unpriced = booked(cost_nano=0, certainty=Certainty.UNPRICED, price_id=None)
    assert repriced(unpriced, None, None) is Stays.UNPRICED
    assert repriced(unpriced, None, Price("user:x", Rates(input=Decimal(1)))) is Stays.UNPRICED


def test_what_the_provider_stated_stays() -> None:
    assert repriced(booked(certainty=Certainty.REPORTED), OLD, NEW) is Stays.STATED
    assert repriced(booked(ZERO, cost_nano=0), OLD, NEW) is Stays.STATED


def test_a_call_that_is_booked_at_its_hold_stays() -> None:
    at_hold = booked(cost_nano=777, certainty=Certainty.ESTIMATED, outcome=Outcome.CANCELLED)
    assert repriced(at_hold, OLD, NEW) is Stays.UNEXPLAINED
    assert repriced(booked(ZERO, cost_nano=777, certainty=Certainty.ESTIMATED), OLD, NEW) is Stays.STATED
    assert repriced(booked(cost_nano=777), OLD, NEW) is Stays.UNEXPLAINED


def test_an_estimate_stays_one() -> None:
    found = repriced(booked(certainty=Certainty.ESTIMATED, outcome=Outcome.CANCELLED), OLD, NEW)
    assert found == Repriced(3_500_000, Certainty.ESTIMATED, NEW.id)


def test_the_tier_that_was_asked_for_is_found_again() -> None:
    """It stands on no row: half of the old price tells that the call went as a batch."""
    old, new = (
        price(each, multipliers={"batch": Decimal("0.5"), "priority": Decimal(2)}) for each in ("100", "1")
    )
    as_batch = booked(cost_nano=cost(USAGE, old, service_tier="batch"))
    assert repriced(as_batch, old, new) == Repriced(1_750_000, Certainty.COMPUTED, new.id)
    assert repriced(as_batch, old, old) == Repriced(as_batch.cost_nano, Certainty.COMPUTED, old.id)


def test_the_region_that_was_asked_for_is_found_again() -> None:
    fees = {"web_search": Decimal("0.01")}
    factors = {"us": Decimal("1.1"), "batch": Decimal("0.5")}
    old, new = (price(each, multipliers=factors, per_call=fees) for each in ("100", "1"))
    usage = Usage(input=1000, output=200, server_tools={"web_search": 1})
    was, now = (cost(usage, each, region="us", service_tier="batch") for each in (old, new))
    assert now is not None
    assert repriced(booked(usage, cost_nano=was), old, new) == Repriced(now, Certainty.COMPUTED, new.id)


def test_the_old_price_need_not_be_known() -> None:
    """A table of prices that was upgraded: its old figures are gone."""
    gone = booked(cost_nano=123, price_id="genai-prices:1:openai:gpt-5")
    assert repriced(gone, OLD, NEW) == Repriced(3_500_000, Certainty.COMPUTED, NEW.id)
    unchanged = booked(cost_nano=3_500_000, price_id="genai-prices:1:openai:gpt-5")
    assert repriced(unchanged, OLD, NEW) == Repriced(3_500_000, Certainty.COMPUTED, NEW.id)


def test_size_tiers_and_steps_count_as_ever() -> None:
    tiers = (Tier(1200, Rates(input=Decimal(200))),)
    steps = Usage(input=2000, output=10, steps=(Usage(input=1500), Usage(input=500, output=10)))
    old, new = price("100", tiers=tiers), price("1", tiers=tiers)
    found = repriced(booked(steps, cost_nano=cost(steps, old)), old, new)
    assert found == Repriced(1500 * 200_000 + 500 * 1000 + 10 * 10_000, Certainty.COMPUTED, new.id)


def test_steps_of_other_models_cost_their_own_prices() -> None:
    usage = Usage(input=30, steps=(Usage(input=10), Usage(input=20, model="other")))
    old_book = {"other": price("7", id="other")}.get
    new_book = {"other": price("8", id="other")}.get
    was = cost(usage, OLD, price_of=old_book)
    assert was == 10 * 100_000 + 20 * 7000
    found = repriced(booked(usage, cost_nano=was), OLD, NEW, price_before=old_book, price_after=new_book)
    assert found == Repriced(10 * 1000 + 20 * 8000, Certainty.COMPUTED, NEW.id)
