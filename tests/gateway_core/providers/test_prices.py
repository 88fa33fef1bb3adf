"""The price book: whose price a name gets, when it holds, and the names that the table itself misses."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from gateway_core.model.policy import Price, Rates
from gateway_core.providers.prices import PriceBook, price_from_toml
from gateway_core.providers.sections import configured_providers

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LAB = {"format": "openai", "base_url": "http://10.0.0.5:8000/v1"}


@pytest.fixture(scope="module")
def book(compiled_prices: Path) -> PriceBook:
    return PriceBook.load(compiled_prices)


def test_the_book_says_how_old_it_is(book: PriceBook) -> None:
    assert date(2026, 1, 1) < date.fromisoformat(book.dated) <= datetime.now(UTC).date()


def test_anthropics_own_models_cost_more_where_they_have_to_run_in_the_us(book: PriceBook) -> None:
    own = book.find("anthropic", "claude-opus-4-6", NOON)
    assert own and own.multipliers == {"us": Decimal("1.1")}
    for provider, model in (("openai", "gpt-5"), ("openrouter", "anthropic/claude-opus-4.6")):
        other = book.find(provider, model, NOON)
        assert other and not other.multipliers


def test_a_price_tells_its_source_its_model_and_its_start(book: PriceBook) -> None:
    price = book.find("gemini", "gemini-3.8-flash", NOON)
    assert price and re.fullmatch(
        r"genai-prices:[\d.]+:google/gemini-3\.8-flash@(first|\d{4}-\d\d-\d\d)", price.id
    )
    assert price.context_window


@pytest.mark.parametrize(
    ("provider", "asked", "table"),
    [
        ("gemini", "models/gemini-2.5-flash", "google/gemini-2.5-flash@"),
        ("gemini", "google/gemini-2.5-flash", "google/gemini-2.5-flash@"),
        ("gemini", "gemini-2.5-flash-001", "google/gemini-2.5-flash@"),
        ("gemini", "gemini-3-flash-preview-11-2026", "google/gemini-3-flash-preview@"),
        ("openai", "openai/gpt-5", "openai/gpt-5@"),
        ("openai", "gpt-6-sol-2026-11-19", "openai/gpt-6-sol@"),
        ("openai", "gpt-6-sol-20261119", "openai/gpt-6-sol@"),
        ("openai", "gpt-6-sol-latest", "openai/gpt-6-sol@"),
        ("anthropic", "claude-opus-5-5@20261014", "anthropic/claude-opus-5-5@"),
        ("xai", "xai/grok-4.7", "x-ai/grok-4.7@"),
        ("xai", "grok-4.7-latest", "x-ai/grok-4.7@"),
        ("azure", "gpt-5", "openai/gpt-5@"),
    ],
)
def test_names_that_stand_for_a_known_model(book: PriceBook, provider: str, asked: str, table: str) -> None:
    price = book.find(provider, asked, NOON)
    assert price and f":{table}" in price.id


@pytest.mark.parametrize(
    ("provider", "asked"),
    [
        ("openai", "gpt-99"),
        ("openai", "claude-opus-5"),
        ("openai", "anthropic/claude-opus-5"),
        ("openai", "whisper-1"),
        ("openai", ""),
        ("mistral", "mistral-large-9901"),
        ("nobody", "gpt-5"),
    ],
)
def test_what_nobody_knows_is_unpriced(book: PriceBook, provider: str, asked: str) -> None:
    assert book.find(provider, asked, NOON) is None


def test_a_price_changes_at_midnight_utc(book: PriceBook) -> None:
    start = datetime(2027, 1, 1, tzinfo=UTC)
    before = book.find("gemini", "gemini-3.8-flash", start - timedelta(seconds=1))
    after = book.find("gemini", "gemini-3.8-flash", start)
    assert before and after and before.rates.input == Decimal("0.75") and after.rates.input == Decimal("1.5")
    assert after.id.endswith("@2027-01-01") and before.id != after.id
    # The same instant said in another zone, where it is still last year.
    west = start.astimezone(timezone(timedelta(hours=-8)))
    assert book.find("gemini", "gemini-3.8-flash", west) is after


@pytest.mark.parametrize(
    ("hour", "minute", "input"),
    [(0, 59, "0.66"), (1, 0, "1.32"), (3, 59, "1.32"), (4, 0, "0.66"), (9, 0, "1.32")],
)
def test_a_price_changes_by_the_hour(book: PriceBook, hour: int, minute: int, input: str) -> None:
    price = book.find("deepseek", "deepseek-v4-pro", NOON.replace(hour=hour, minute=minute))
    assert price and price.rates.input == Decimal(input)


def test_the_same_price_is_the_same_object(book: PriceBook) -> None:
    assert book.find("openai", "gpt-5", NOON) is book.find("openai", "gpt-5", NOON)


def test_service_tiers_keep_fees_and_size_tiers(book: PriceBook) -> None:
    price = book.find("openai", "gpt-6-sol", NOON)
    assert price and {"batch", "flex", "priority"} <= price.services.keys()
    flex = price.services["flex"]
    assert flex.rates.input == (price.rates.input or 0) / 2 and flex.per_call == price.per_call
    assert [tier.above for tier in flex.tiers] == [tier.above for tier in price.tiers]


def test_a_local_model_costs_an_explicit_zero(book: PriceBook) -> None:
    price = book.find("ollama", "qwen3:4b", NOON)
    assert price and price.id == "local:ollama"
    assert price.rates == Rates(input=Decimal(0), output=Decimal(0))


def test_user_prices_override_everything(book: PriceBook) -> None:
    table = {"input": "0.10", "output": "0.40"}
    names = ("openai/gpt-5", "ollama/qwen3:4b", "mylab/qwen3-32b", "gemini/gemini-9")
    mine = book.with_user({name: price_from_toml(name, table) for name in names})
    for provider, model in (
        ("openai", "gpt-5"),
        ("ollama", "qwen3:4b"),
        ("mylab", "qwen3-32b"),
        ("gemini", "models/gemini-9"),
    ):
        price = mine.find(provider, model, NOON)
        assert price and price.id.startswith(f"user:{provider}/") and price.rates.input == Decimal("0.10")
    assert (book.find("openai", "gpt-5", NOON) or Price("", Rates())).id.startswith("genai-prices:")
    assert mine.models("openai")[0] == "gpt-5" and mine.models("openai").count("gpt-5") == 1


def test_providers_of_the_users_own_charge_like_the_source_they_name(compiled_prices: Path) -> None:
    sections: dict[str, dict[str, object]] = {
        "mylab": {**LAB, "price_source": "together"},
        "free": {**LAB, "local": True},
        "wrong": {**LAB, "price_source": "nobody"},
    }
    book = PriceBook.load(compiled_prices, configured_providers(sections))
    model = "openai/gpt-oss-120b"
    price = book.find("mylab", model, NOON)
    assert price and ":together/" in price.id
    assert (book.find("free", model, NOON) or Price("", Rates())).id == "local:free"
    assert book.find("wrong", model, NOON) is None


def test_lists_leave_out_what_cannot_be_asked_for(book: PriceBook) -> None:
    assert "gpt-5" in book.models("openai") and "ft:gpt-3.5-turbo-" not in book.models("openai")
    assert all(name.startswith(("gemini", "gemma")) for name in book.models("gemini"))
    assert book.models("nobody") == [] and book.models("ollama") == []
    assert book.listing("anthropic")["claude-opus-4-5"] == 200_000


def test_loading_is_quick(compiled_prices: Path) -> None:
    def seconds() -> float:
        start = time.perf_counter()
        PriceBook.load(compiled_prices, {})
        return time.perf_counter() - start

    assert min(seconds() for _ in range(10)) < 0.015


def test_asking_for_ever_new_names_does_not_fill_the_memory(book: PriceBook) -> None:
    for number in range(10_000):
        book.find("ollama", f"model-{number}", NOON)
    assert len(book._found) <= 4096
