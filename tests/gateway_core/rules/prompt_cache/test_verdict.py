"""Why less was read than could have been: each cause told apart, and its price."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway_core.model.call import DialectName, Target
from gateway_core.model.policy import Price, Rates
from gateway_core.model.usage import Usage
from gateway_core.rules.prompt_cache.verdict import (
    Traced,
    Verdict,
    Why,
    judge,
    nearest,
    read_saving,
    write_surcharge,
)
from tests.gateway_core.rules.prompt_cache.making import SONNET, prompt, traced

PRICE = Price(
    "p",
    Rates(
        input=Decimal(3),
        output=Decimal(15),
        cached_input=Decimal("0.3"),
        cache_write=Decimal("3.75"),
        cache_write_1h=Decimal(6),
    ),
)
RULES = "".join(f"Rule {number} of the harbour. " for number in range(400))
BLOCKS = prompt(RULES, "How many boats?")
LONGER = prompt(RULES, "How many boats?", "Ten.", "And captains?")
WRITTEN = Usage(cache_write=2500, output=10)
READ = Usage(cached_input=2500, cache_write=20, output=10)


def said(
    now: Traced, before: Traced | None, usage: Usage, dialect: DialectName = DialectName.ANTHROPIC
) -> Verdict:
    return judge(now, before, dialect, usage, PRICE)


BEFORE = traced(BLOCKS, warm=2500)


@pytest.mark.parametrize(
    ("before", "now", "usage", "why"),
    [
        (None, traced(BLOCKS), WRITTEN, Why.FIRST),
        (None, traced(BLOCKS), Usage(input=900), Why.SHORT),
        (None, traced(BLOCKS), Usage(input=2500), Why.UNMARKED),
        (BEFORE, traced(LONGER, at=10), READ, Why.KEPT),
        (BEFORE, traced(LONGER, at=10), Usage(input=2520), Why.UNMARKED),
        (BEFORE, traced(LONGER, at=10), WRITTEN, Why.MISSED),
        (BEFORE, traced(LONGER, at=301), WRITTEN, Why.EXPIRED),
        (traced(BLOCKS, warm=2500, life=3600), traced(LONGER, at=301), READ, Why.KEPT),
        (BEFORE, traced(LONGER, at=10, place="other"), WRITTEN, Why.OTHER_KEY),
        (BEFORE, traced(LONGER, at=10, target=Target("a", "b")), WRITTEN, Why.MOVED),
        (BEFORE, traced(prompt(f"x{RULES}", "How many?"), at=10), WRITTEN, Why.CHANGED),
        (BEFORE, traced(prompt("Quite another one. " * 500, "Hi"), at=10), WRITTEN, Why.FIRST),
    ],
)  # fmt: skip
def test_each_cause_is_told_apart(before: Traced | None, now: Traced, usage: Usage, why: Why) -> None:
    assert said(now, before, usage).why is why


def test_what_was_paid_again_costs_the_difference_to_reading_it() -> None:
    found = said(traced(prompt(f"x{RULES}", "How many boats?"), at=10), BEFORE, WRITTEN)
    assert 2400 < found.again <= 2500
    assert found.again_nano == found.again * 3450, "written at 3.75 instead of read at 0.30"
    an_hour = said(traced(LONGER, at=10), BEFORE, Usage(cache_write_1h=2000, cache_write=500))
    assert an_hour.again_nano == 2000 * 5700 + (an_hour.again - 2000) * 3450
    plain = said(traced(LONGER, at=10), BEFORE, Usage(input=2500), DialectName.OPENAI_CHAT)
    assert (plain.why, plain.again_nano) == (Why.MISSED, plain.again * 2700)


def test_a_shortened_history_is_not_paid_again() -> None:
    """What is gone from the prompt costs nothing, though the provider had it."""
    long = prompt(RULES, *(f"Message {number}. " * 60 for number in range(20)))
    before = traced(long, warm=8000)
    summary = traced(prompt(RULES, "In short: ten boats.", "And captains?"), at=10)
    found = said(summary, before, Usage(cached_input=2500, cache_write=30))
    assert (found.why, found.again) == (Why.KEPT, 0)


def test_savings_and_surcharges_add_up() -> None:
    usage = Usage(input=10, cached_input=1000, cache_write=100, cache_write_1h=10, output=5)
    saved = read_saving(usage, PRICE, service_tier=None, region=None)
    dearer = write_surcharge(usage, PRICE, service_tier=None, region=None)
    assert (saved, dearer) == (1000 * 2700, 100 * 750 + 10 * 3000)


def test_the_nearest_call_is_one_that_is_still_warm() -> None:
    here, there = (
        traced(BLOCKS, warm=1, call="here"),
        traced(LONGER, warm=1, call="there", target=Target("a", "b")),
    )
    now = traced(LONGER, at=10)
    assert nearest(now, [here, there], [10, 20]) == here
    assert nearest(traced(LONGER, at=900), [here, there], [10, 20]) == there, "where none is, the longest"
    assert nearest(now, [here], [0]) is None
    assert SONNET == now.target
