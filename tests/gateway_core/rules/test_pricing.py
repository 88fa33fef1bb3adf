"""What calls cost: figures worked out by hand, and an independent reading of the rules in fractions."""

from __future__ import annotations

import math
import timeit
from dataclasses import fields, replace
from decimal import Decimal as D
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.policy import Price, Rates, Tier
from gateway_core.model.usage import Usage
from gateway_core.rules.pricing import cost, covers, uncached_cost, worst_case

CLAUDE = Price(
    "claude",
    Rates(input=D(3), output=D(15), cached_input=D("0.3"), cache_write=D("3.75"), cache_write_1h=D(6)),
    per_call={"web_search": D("0.01")},
)
GEMINI = Price(
    "gemini",
    Rates(input=D("1.25"), output=D(10), cached_input=D("0.125"), audio_input=D(3)),
    tiers=(Tier(200_000, Rates(input=D("2.5"), output=D(15), cached_input=D("0.25"))),),
)
PLAIN = Price("plain", Rates(input=D(2), output=D(8)), multipliers={"batch": D("0.5"), "free": D(0)})
FINE = Price("fine", Rates(input=D("0.003625"), output=D("0.87")))
EMBED = Price("embed", Rates(input=D("0.02")))
IMAGES = Price("images", Rates(input=D(2), output=D(12), image_output=D(120), image_input=D(4)))
SERVED = Price(
    "served",
    Rates(input=D(5), output=D(30)),
    tiers=(Tier(272_000, Rates(input=D(10), output=D(45))),),
    services={"priority": Price("served#priority", Rates(input=D("12.5"), output=D(75)))},
    multipliers={"priority": D(9), "flex": D("0.5")},
)
STEPS = Usage(
    input=250_000, output=20, steps=(Usage(input=150_000, output=10), Usage(input=100_000, output=10))
)


@pytest.mark.parametrize(
    ("price", "usage", "nano"),
    [
        # 1,000 × 3,000 + 500 × 15,000 nano-dollars
        (CLAUDE, Usage(input=1_000, output=500), 10_500_000),
        # + 10,000 × 300 + 2,000 × 3,750 + 1,000 × 6,000
        (CLAUDE, Usage(1_000, 10_000, 2_000, 1_000, 500), 27_000_000),
        # reasoning is part of the output
        (CLAUDE, Usage(output=500, reasoning=400), 7_500_000),
        # two searches at a cent; a tool without a fee is free by the use
        (CLAUDE, Usage(output=1, server_tools={"web_search": 2, "web_fetch": 9}), 20_015_000),
        # at the mark the lower tier, one token over it every token moves
        (GEMINI, Usage(input=200_000, output=100), 251_000_000),
        (GEMINI, Usage(input=200_001, output=100), 501_502_500),
        # what decides the tier is all input: uncached, cached and written
        (GEMINI, Usage(input=1, cached_input=199_999, cache_write=1), 50_004_750),
        # no cached price: cached and written tokens cost as input
        (PLAIN, Usage(100, 200, 300, 400, 50), 2_400_000),
        # no one-hour price: as other writes
        (Price("w", Rates(input=D(1), cache_write=D(2))), Usage(cache_write_1h=1_000), 2_000_000),
        # audio has its rate for fresh tokens; cached ones cost as cached
        (GEMINI, Usage(input=1_000, audio_input=400, cached_input=1_000), 2_075_000),
        # in the upper tier audio keeps its rate, for the tier names none
        (GEMINI, Usage(input=300_000, audio_input=100_000), 800_000_000),
        # a modality without a rate costs as plain tokens
        (PLAIN, Usage(input=100, audio_input=50, output=100, audio_output=100), 1_000_000),
        (IMAGES, Usage(input=1_000, image_input=500, output=1_300, image_output=1_290), 157_920_000),
        # embeddings
        (EMBED, Usage(input=1_000), 20_000),
        # less than a nano-dollar is rounded up, once for the row: 3.625 × 3 + 870 × 1 = 880.875
        (FINE, Usage(input=3, output=1), 881),
        (FINE, Usage(input=1), 4),
        # steps are calls of their own: neither is above the mark, though their sum is
        (GEMINI, STEPS, 312_700_000),
        # rounded after the sum of the steps: 4 × 3.625 = 14.5
        (FINE, Usage(input=4, steps=(Usage(input=1),) * 4), 15),
        # nothing used
        (CLAUDE, Usage(), 0),
        (Price("zero", Rates(D(0), D(0))), Usage(9_999, 9_999, 9_999, 9_999, 9_999), 0),
        # a fee for the call itself
        (Price("p", Rates(D(1), D(1)), per_call={"request": D("0.012")}), Usage(input=1), 12_001_000),
    ],
)
def test_worked_out_by_hand(price: Price, usage: Usage, nano: int) -> None:
    assert cost(usage, price) == nano


@pytest.mark.parametrize(
    ("price", "asked", "served", "nano"),
    [
        (PLAIN, None, None, 10_000_000),
        (PLAIN, "batch", None, 5_000_000),
        (PLAIN, "BATCH", None, 5_000_000),
        # what was served counts, also when it is the standard one
        (PLAIN, "batch", "standard", 10_000_000),
        (PLAIN, None, "batch", 5_000_000),
        (PLAIN, "unheard-of", None, 10_000_000),
        (PLAIN, "free", None, 0),
        # a whole price of its own beats a factor
        (SERVED, "priority", None, 87_500_000),
        (SERVED, "flex", None, 17_500_000),
    ],
)
def test_service_tiers(price: Price, asked: str | None, served: str | None, nano: int) -> None:
    usage = Usage(input=1_000, output=1_000, service_tier=served)
    assert cost(usage, price, service_tier=asked) == nano


def test_a_service_tier_multiplies_the_whole_sum_and_is_rounded_once() -> None:
    price = replace(CLAUDE, multipliers={"batch": D("0.5")})
    usage = Usage(input=1, output=1, server_tools={"web_search": 1}, service_tier="batch")
    assert cost(usage, price) == 5_009_000
    assert cost(Usage(input=1), replace(FINE, multipliers={"flex": D("0.1")}), service_tier="flex") == 1


def test_a_size_tier_that_names_no_cached_price_keeps_the_one_below() -> None:
    price = Price("t", Rates(D(1), D(1), cached_input=D("0.1")), tiers=(Tier(10, Rates(input=D(2))),))
    assert cost(Usage(input=5, cached_input=10, output=1), price) == 10_000 + 1_000 + 1_000


def test_tokens_without_any_price_make_a_call_unpriced_never_free() -> None:
    assert cost(Usage(input=1, output=1), EMBED) is None
    assert cost(Usage(input=1, steps=(Usage(input=1), Usage(output=1))), EMBED) is None
    audio = Price("audio", Rates(audio_input=D(6), audio_output=D(12)))
    assert cost(Usage(input=10, audio_input=10, output=5, audio_output=5), audio) == 120_000
    assert cost(Usage(input=11, audio_input=10), audio) is None
    assert cost(Usage(cached_input=1), audio) is None
    assert cost(Usage(output=6, audio_output=5), audio) is None


def test_whether_a_price_covers_a_call() -> None:
    assert covers(CLAUDE) and covers(EMBED, output=False)
    assert not covers(EMBED) and not covers(Price("none", Rates(output=D(1))))


@pytest.mark.parametrize(
    ("usage", "nano"),
    [
        (Usage(1_000, 10_000, 2_000, 1_000, 500), 14_000 * 3_000 + 500 * 15_000),
        (Usage(input=1_000, output=500), 10_500_000),
        (Usage(20, 80, steps=(Usage(10, 40), Usage(10, 40))), 300_000),
    ],
)
def test_what_it_would_have_cost_without_the_providers_cache(usage: Usage, nano: int) -> None:
    assert uncached_cost(usage, CLAUDE) == nano


def test_the_uncached_cost_is_of_the_same_size_and_service_tier() -> None:
    usage = Usage(input=1, cached_input=200_000)
    assert uncached_cost(usage, GEMINI) == 200_001 * 2_500
    batch = Usage(input=1, cached_input=99, service_tier="batch")
    assert uncached_cost(batch, PLAIN) == 100_000
    assert uncached_cost(Usage(output=1, cached_input=1), EMBED) is None


@pytest.mark.parametrize(
    ("price", "input", "output", "nano"),
    [
        (CLAUDE, 1_000, 100, 1_000 * 6_000 + 100 * 15_000),
        (GEMINI, 1_000, 0, 1_000 * 3_000),
        (GEMINI, 200_000, 10, 200_000 * 3_000 + 10 * 10_000),
        (GEMINI, 200_001, 10, 200_001 * 3_000 + 10 * 15_000),
        (IMAGES, 100, 10, 100 * 4_000 + 10 * 120_000),
        (EMBED, 100, 0, 2_000),
    ],
)
def test_the_worst_case_takes_the_dearest_class_and_tier(
    price: Price, input: int, output: int, nano: int
) -> None:
    assert worst_case(price, input_tokens=input, output_tokens=output) == nano


def test_the_worst_case_without_media_leaves_their_input_rates_out() -> None:
    assert worst_case(GEMINI, input_tokens=1_000, output_tokens=0, media=False) == 1_250_000


def test_the_worst_case_covers_the_tier_asked_for_and_the_standard_one() -> None:
    def worst(price: Price, tier: str | None) -> int:
        return worst_case(price, input_tokens=1_000, output_tokens=1_000, service_tier=tier)

    assert worst(PLAIN, "batch") == worst(PLAIN, None) == 10_000_000
    assert worst(SERVED, "priority") == 87_500_000 > worst(SERVED, None)


def test_the_worst_case_covers_the_region_asked_for_and_any_other() -> None:
    price = replace(PLAIN, multipliers={"us": D("1.1")})
    worst = {
        region: worst_case(price, input_tokens=1_000, output_tokens=1_000, region=region)
        for region in (None, "us", "global")
    }
    assert worst == {None: 10_000_000, "us": 11_000_000, "global": 10_000_000}
    used = Usage(input=1_000, output=1_000, server_tools={"web_search": 1})
    plain, regional = cost(used, price), cost(replace(used, region="us"), price)
    assert plain and regional and regional - plain == 1_000_000


# An independent reading of the rules, slowly and in fractions.

counts = st.just(0) | st.integers(0, 500_000)
amounts = st.none() | st.decimals(0, 100, places=7, allow_nan=False)
every_rate = st.builds(Rates, **{each.name: amounts for each in fields(Rates)})
tiers = st.lists(
    st.builds(Tier, st.integers(0, 600_000), every_rate), max_size=2, unique_by=lambda t: t.above
)
simple_prices = st.builds(
    Price,
    id=st.just("p"),
    rates=every_rate,
    tiers=tiers.map(lambda each: tuple(sorted(each, key=lambda tier: tier.above))),
    multipliers=st.dictionaries(
        st.sampled_from(["batch", "flex"]), st.decimals(0, 5, places=4, allow_nan=False)
    ),
    per_call=st.dictionaries(
        st.sampled_from(["web_search", "request"]), st.decimals(0, 1, places=5, allow_nan=False)
    ),
)
prices = st.builds(
    lambda price, services: replace(price, services=services),
    simple_prices,
    st.dictionaries(st.sampled_from(["priority", "batch"]), simple_prices, max_size=1),
)
service_tiers = st.sampled_from([None, "batch", "flex", "priority", "default"])


@st.composite
def usages(draw: st.DrawFn, steps: bool = True) -> Usage:
    parts = [draw(st.just(0) | st.integers(0, 100_000)) for _ in range(8)]
    tokens = {
        "input": sum(parts[:4]),
        "audio_input": parts[0],
        "image_input": parts[1],
        "video_input": parts[2],
        "output": sum(parts[4:]),
        "audio_output": parts[4],
        "image_output": parts[5],
        "video_output": parts[6],
    } | {name: draw(counts) for name in ("cached_input", "cache_write", "cache_write_1h")}
    tools = {"web_search": draw(st.integers(0, 9))}
    usage = Usage(**tokens, server_tools=tools, service_tier=draw(service_tiers))  # type: ignore[arg-type]
    if not steps or draw(st.booleans()):
        return usage
    each = tuple(draw(st.lists(usages(steps=False), min_size=1, max_size=3)))
    sums = {name: sum(getattr(step, name) for step in each) for name in tokens}
    return replace(usage, **sums, steps=each)


def reference(usage: Usage, price: Price, asked: str | None) -> Fraction | None:
    tier = usage.service_tier or asked or ""
    if tier in price.services:
        price, factor = price.services[tier], Fraction(1)
    else:
        factor = Fraction(price.multipliers.get(tier, D(1)))
    total = Fraction(0)
    for step in usage.steps or (usage,):
        rates = {each.name: getattr(price.rates, each.name) for each in fields(Rates)}
        for size in price.tiers:
            if step.input + step.cached_input + step.cache_write + step.cache_write_1h > size.above:
                for name in rates:
                    own = getattr(size.rates, name)
                    rates[name] = rates[name] if own is None else own

        def first(*names: str, rates: dict[str, D | None] = rates) -> D | None:
            return next((rates[name] for name in names if rates[name] is not None), None)

        lines = [
            (step.cached_input, first("cached_input", "input")),
            (step.cache_write, first("cache_write", "input")),
            (step.cache_write_1h, first("cache_write_1h", "cache_write", "input")),
            (step.audio_input, first("audio_input", "input")),
            (step.image_input, first("image_input", "input")),
            (step.video_input, first("video_input", "input")),
            (step.input - step.audio_input - step.image_input - step.video_input, rates["input"]),
            (step.audio_output, first("audio_output", "output")),
            (step.image_output, first("image_output", "output")),
            (step.video_output, first("video_output", "output")),
            (step.output - step.audio_output - step.image_output - step.video_output, rates["output"]),
        ]
        for count, rate in lines:
            if count and rate is None:
                return None
            total += count * Fraction(rate or 0) / 1_000_000
    total += Fraction(price.per_call.get("request", 0))
    total += sum(Fraction(price.per_call.get(name, 0)) * uses for name, uses in usage.server_tools.items())
    return total * factor * 1_000_000_000


@given(usages(), prices, service_tiers)
def test_the_cost_is_the_exact_sum_rounded_up_once(usage: Usage, price: Price, asked: str | None) -> None:
    exact = reference(usage, price, asked)
    assert cost(usage, price, service_tier=asked) == (None if exact is None else math.ceil(exact))


@given(usages(), prices, st.integers(0, 1_000), st.integers(0, 1_000), service_tiers)
def test_no_usage_within_the_bounds_costs_more_than_the_worst_case(
    usage: Usage, price: Price, more_input: int, more_output: int, asked: str | None
) -> None:
    usage = replace(usage, server_tools={}, service_tier=None)
    input, output = usage.total_input + more_input, usage.output + more_output
    worst = worst_case(price, input_tokens=input, output_tokens=output, service_tier=asked)
    for served in (asked, "default"):
        nano = cost(replace(usage, service_tier=served), price, service_tier=asked)
        assert nano is None or 0 <= nano <= worst


@given(prices, counts, counts, st.integers(0, 1_000), service_tiers)
def test_the_worst_case_never_falls_as_a_call_grows(
    price: Price, input: int, output: int, more: int, asked: str | None
) -> None:
    worst = worst_case(price, input_tokens=input, output_tokens=output, service_tier=asked)
    assert worst <= worst_case(price, input_tokens=input, output_tokens=output + more, service_tier=asked)
    assert worst <= worst_case(price, input_tokens=input + more, output_tokens=output, service_tier=asked)


@given(
    usages(),
    simple_prices,
    st.sampled_from(["cached_input", "cache_write", "cache_write_1h", "output", "input"]),
)
def test_a_token_more_never_costs_less_within_a_tier(usage: Usage, price: Price, name: str) -> None:
    price, usage = replace(price, tiers=()), replace(usage, steps=())
    before, after = cost(usage, price), cost(replace(usage, **{name: getattr(usage, name) + 1}), price)
    assert before is None or after is None or before <= after


def test_an_ordinary_call_is_priced_in_a_few_microseconds() -> None:
    usage = Usage(input=1_200, cached_input=5_000, cache_write=300, output=800)
    for price in (CLAUDE, GEMINI, SERVED):
        seconds = min(timeit.repeat(partial(cost, usage, price), number=2_000, repeat=5))
        assert seconds / 2_000 < 10e-6


def test_an_edited_price_is_not_taken_for_the_old_one() -> None:
    usage = Usage(input=1_000)
    assert cost(usage, Price("user:a/b", Rates(input=D(1)))) == 1_000_000
    assert cost(usage, Price("user:a/b", Rates(input=D(2)))) == 2_000_000
