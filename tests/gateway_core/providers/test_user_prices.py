"""Prices of the user's own: read, written back to the same, and every mistake named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.errors import ConfigError
from gateway_core.model.policy import Price, Rates, Tier
from gateway_core.providers.user_prices import RATES, SERVICES, price_from_toml, price_to_toml

EXAMPLE = """
input = "0.10"
output = "0.40"
cached_input = "0.01"
tiers = [{ above = 200_000, input = "0.20", output = "0.60", cached_input = "0.02" }]
batch = "0.5"
per_call = { web_search = "0.01" }
context_window = 32_768
"""


def test_the_documented_shape() -> None:
    price = price_from_toml("mylab/qwen3-32b", tomlkit.parse(EXAMPLE).unwrap())
    assert price == Price(
        id="user:mylab/qwen3-32b",
        rates=Rates(input=Decimal("0.10"), output=Decimal("0.40"), cached_input=Decimal("0.01")),
        tiers=(Tier(200_000, Rates(Decimal("0.20"), Decimal("0.60"), Decimal("0.02"))),),
        multipliers={"batch": Decimal("0.5")},
        per_call={"web_search": Decimal("0.01")},
        context_window=32_768,
    )


def test_a_name_may_hold_slashes() -> None:
    assert price_from_toml("mylab/qwen/qwen3", {"input": "1"}).id == "user:mylab/qwen/qwen3"


def test_tiers_are_put_in_order() -> None:
    tiers = [{"above": 9, "input": "2"}, {"above": 5, "input": "1"}]
    assert [each.above for each in price_from_toml("a/b", {"input": "0", "tiers": tiers}).tiers] == [5, 9]


amounts = st.decimals(0, 1_000, places=6, allow_nan=False)
rates = st.builds(Rates, **{name: st.none() | amounts for name in RATES}).filter(lambda each: each != Rates())
prices = st.builds(
    Price,
    id=st.just("user:a/b"),
    rates=rates,
    tiers=st.lists(
        st.builds(Tier, st.integers(0, 10**6), rates), max_size=3, unique_by=lambda each: each.above
    ).map(lambda each: tuple(sorted(each, key=lambda tier: tier.above))),
    multipliers=st.dictionaries(st.sampled_from(SERVICES), amounts),
    per_call=st.dictionaries(st.sampled_from(["web_search", "request"]), amounts),
    context_window=st.none() | st.integers(1, 10**7),
    max_output=st.none() | st.integers(1, 10**6),
)


@given(prices)
def test_written_and_read_back_it_is_the_same(price: Price) -> None:
    text = tomlkit.dumps({"price": price_to_toml(price)})
    assert price_from_toml("a/b", tomlkit.parse(text).unwrap()["price"]) == price


@pytest.mark.parametrize(
    ("name", "table", "words"),
    [
        ("qwen3", {"input": "1"}, ["'qwen3'", "provider/model"]),
        ("a/", {"input": "1"}, ["provider/model"]),
        ("a/b", {}, ["holds no rate"]),
        ("a/b", {"batch": "0.5"}, ["holds no rate"]),
        ("a/b", {"inputs": "1"}, ["unknown key 'inputs'", "did you mean 'input'?"]),
        ("a/b", {"input": 0.1}, ["'input'", "in quotes"]),
        ("a/b", {"input": True}, ["'input'", "in quotes"]),
        ("a/b", {"input": "a"}, ["'input'", "no number"]),
        ("a/b", {"input": "-1"}, ["'input'", "between"]),
        ("a/b", {"input": "NaN"}, ["'input'", "between"]),
        ("a/b", {"input": "1e9"}, ["'input'", "between"]),
        ("a/b", {"input": "1e-13"}, ["'input'", "decimal places"]),
        ("a/b", {"input": "1", "batch": "x"}, ["'batch'"]),
        ("a/b", {"input": "1", "tiers": {"above": 1}}, ["'tiers'", "list"]),
        ("a/b", {"input": "1", "tiers": [{"input": "2"}]}, ["'tiers'", "'above'"]),
        ("a/b", {"input": "1", "tiers": [{"above": -1}]}, ["'above'"]),
        ("a/b", {"input": "1", "tiers": [{"above": 1, "outputs": "2"}]}, ["unknown key 'outputs'"]),
        ("a/b", {"input": "1", "tiers": [{"above": 1}, {"above": 1}]}, ["'above'", "the same"]),
        ("a/b", {"input": "1", "per_call": "0.01"}, ["'per_call'"]),
        ("a/b", {"input": "1", "per_call": {"web_search": -1}}, ["'web_search'"]),
        ("a/b", {"input": "1", "context_window": "x"}, ["'context_window'"]),
    ],
)
def test_a_mistake_is_named(name: str, table: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        price_from_toml(name, table)
    for word in words:
        assert word in caught.value.message
