"""Our table and our counting against genai-prices itself: every provider, every model, to the nano-dollar.

Where our rules of counting differ on purpose, each difference has a test of its own below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import pytest
from genai_prices import Usage as TheirUsage
from genai_prices import types
from genai_prices.data import providers as sources
from genai_prices.data_units import unit_data
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_core.model.call import DialectName
from gateway_core.model.policy import Price
from gateway_core.model.usage import Usage
from gateway_core.providers.compile import FREE, RATES
from gateway_core.providers.prices import PriceBook
from gateway_core.providers.provider import Provider
from gateway_core.rules.pricing import cost

BY_ID = {source.id: source for source in sources}
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
USAGES = {
    "plain": Usage(input=1_234, output=567),
    "cached": Usage(input=1_001, cached_input=20_003, output=77),
    "written": Usage(input=13, cached_input=7_777, cache_write=3_331, cache_write_1h=1_117, output=901),
    "on the mark": Usage(input=100_000, cached_input=99_999, cache_write=1, output=11),
    "over 200k": Usage(input=50_001, cached_input=150_000, cache_write=300, cache_write_1h=200, output=1_003),
    "over 600k": Usage(input=300_001, cached_input=300_000, cache_write=5, output=70_001),
    "media in": Usage(input=10_007, audio_input=3_001, image_input=2_003, video_input=1_009, output=401),
    "media out": Usage(input=501, output=9_001, audio_output=1_501, image_output=2_503, video_output=3_001),
    "searches": Usage(
        input=2_003, output=303, server_tools={"web_search": 3, "file_search": 2, "x_search": 1}
    ),
}
CONTEXTS = {
    "batch": {"processing": "batch"},
    "flex": {"service_tier": "flex"},
    "priority": {"service_tier": "priority"},
    "fast": {"service_tier": "fast", "speed": "fast"},
    "default": {"service_tier": "default"},
}


@pytest.fixture(scope="module")
def book(compiled_prices: Path) -> PriceBook:
    """A book in which each provider of the table goes by its own name."""
    each = {id: Provider(id, id, (DialectName.OPENAI_CHAT,), "http://x", price_source=id) for id in BY_ID}
    return PriceBook.load(compiled_prices, each)


def theirs(
    usage: Usage, source: types.Provider, model: types.ModelInfo, at: datetime, context: Mapping[str, str]
) -> int:
    """Nano-dollars that genai-prices says, rounded up once."""
    counts = {name: 0 for name in unit_data if name != "requests"} | {
        "input_tokens": usage.total_input,
        "cache_read_tokens": usage.cached_input,
        "cache_write_tokens": usage.cache_write + usage.cache_write_1h,
        "cache_write_1h_tokens": usage.cache_write_1h,
        "input_audio_tokens": usage.audio_input,
        "input_image_tokens": usage.image_input,
        "input_video_tokens": usage.video_input,
        "output_tokens": usage.output,
        "output_audio_tokens": usage.audio_output,
        "output_image_tokens": usage.image_output,
        "output_video_tokens": usage.video_output,
        "output_reasoning_tokens": usage.reasoning,
        "web_searches": usage.server_tools.get("web_search", 0),
        "storage_searches": usage.server_tools.get("file_search", 0),
        "social_searches": usage.server_tools.get("x_search", 0),
    }
    price = model.calc_price(
        TheirUsage(**counts), source, genai_request_timestamp=at, price_context=context or None
    )
    return int((price.total_price * 1_000_000_000).to_integral_value(rounding=ROUND_CEILING))


def instants(model: types.ModelInfo) -> Iterator[datetime]:
    """Today, and around each moment at which the model's price changes."""
    yield NOON
    conditional = model.prices if isinstance(model.prices, list) else []
    for each in (*conditional, *(model.price_variants or ())):
        if isinstance(each.constraint, types.StartDateConstraint):
            midnight = datetime.combine(each.constraint.start_date, datetime.min.time(), UTC)
            yield from (midnight - timedelta(seconds=1), midnight)
        if isinstance(each.constraint, types.TimeOfDateConstraint):
            for clock in (each.constraint.start_time, each.constraint.end_time):
                moment = datetime.combine(NOON.date(), clock)
                yield from (moment - timedelta(seconds=1), moment)


def by_tokens(prices: types.ModelPrice) -> bool:
    return any(getattr(prices, key) is not None for key in RATES)


def is_free(source: str, model: types.ModelInfo, prices: types.ModelPrice) -> bool:
    empty = not any(value is not None for value in prices.__dict__.values())
    return empty and (model.id.endswith(":free") or (source, model.id) in FREE)


def known(book: PriceBook, source: types.Provider, model: types.ModelInfo, at: datetime) -> Price | None:
    """Our price of the model, asked by a name that means this very model to genai-prices."""
    names = (name for name in (model.id, *named(model.match)) if source.find_model(name) is model)
    return book.find(source.id, next(names, model.id), at)


@pytest.mark.parametrize("id", BY_ID)
def test_every_model_costs_what_genai_prices_says(book: PriceBook, id: str) -> None:
    source, compared = BY_ID[id], 0
    for model in source.models:
        for at in dict.fromkeys(instants(model)):
            price = known(book, source, model, at)
            if price is None or is_free(id, model, model.get_prices(at)):
                continue
            for name, usage in USAGES.items():
                if usage.output and price.rates.output is None:
                    usage = Usage(input=usage.total_input)
                assert cost(usage, price) == theirs(usage, source, model, at, {}), (model.id, at, name)
                compared += 1
    assert compared


@pytest.mark.parametrize(
    "id", [source.id for source in sources if any(m.price_variants for m in source.models)]
)
def test_service_tiers_cost_what_genai_prices_says(book: PriceBook, id: str) -> None:
    source = BY_ID[id]
    for model in (each for each in source.models if each.price_variants):
        for at in dict.fromkeys(instants(model)):
            price = known(book, source, model, at)
            if price is None or price.rates.output is None:
                continue
            for tier, context in CONTEXTS.items():
                for name, usage in USAGES.items():
                    ours = cost(usage, price, service_tier=tier)
                    assert ours == theirs(usage, source, model, at, context), (model.id, at, tier, name)


def named(clause: types.MatchLogic) -> Iterator[str]:
    """Texts that a clause is about, to be asked as names."""
    for each in getattr(clause, "or_", None) or getattr(clause, "and_", None) or ():
        yield from named(each)
    for attribute in ("equals", "starts_with", "ends_with", "contains"):
        if text := getattr(clause, attribute, None):
            yield text


NAMES = {s.id: sorted({n for m in s.models for n in (m.id, *named(m.match))}) for s in sources}


@pytest.mark.parametrize("id", BY_ID)
def test_every_name_means_the_same_model(book: PriceBook, id: str) -> None:
    for name in NAMES[id]:
        for spelling in (name, name.upper(), f"{name}-2025-12-11", f"{name}-20251211", f"x{name}"):
            model = BY_ID[id].find_model(spelling, all_providers=sources)
            found = book._sources[id].find(spelling, book._sources)
            assert (found and found.id) == (model and model.id), spelling


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_name_means_the_same_model(data: st.DataObject, compiled_prices: Path) -> None:
    book = PriceBook.load(compiled_prices)
    id = data.draw(st.sampled_from(sorted(BY_ID)))
    name = data.draw(st.sampled_from(NAMES[id]))
    cut = data.draw(st.integers(0, len(name)))
    text = name[:cut] + data.draw(st.text("abg-./:@0123456789", max_size=8)) + name[cut:]
    model = BY_ID[id].find_model(text, all_providers=sources)
    found = book._sources[id].find(text, book._sources)
    assert (found and found.id) == (model and model.id)


def test_difference_no_price_at_all_is_unpriced_unless_known_to_be_free(book: PriceBook) -> None:
    unpriced = {
        f"{source.id}/{model.id}"
        for source in sources
        for model in source.models
        if known(book, source, model, NOON) is None and not model.get_prices(NOON).__dict__
    }
    assert unpriced == {
        "cerebras/qwen-3-coder-480b",
        "huggingface_together/ServiceNow-AI/Apriel-1.6-15b-Thinker",
        "huggingface_together/prism-ml/Ternary-Bonsai-27B-AWQ-4bit",
        "huggingface_together/prism-ml/Ternary-Bonsai-27B-gguf",
        "openrouter/gemini-2.5-pro-exp-03-25",
        "openrouter/google/gemini-flash-1.5-8b-exp",
        "openrouter/google/lyria-3-clip-preview",
        "openrouter/google/lyria-3-pro-preview",
        "openrouter/stealth/crouton-alpha",
    }
    for source in sources:
        for model in source.models:
            if is_free(source.id, model, model.get_prices(NOON)) and source.find_model(model.id) is model:
                price = book.find(source.id, model.id, NOON)
                assert price and cost(USAGES["plain"], price) == 0, model.id


def test_difference_what_is_not_billed_by_tokens_is_unpriced(book: PriceBook) -> None:
    others = [
        (source, model)
        for source in sources
        for model in source.models
        if model.get_prices(NOON).__dict__ and not by_tokens(model.get_prices(NOON))
    ]
    assert {"whisper-1", "mistral-ocr-latest", "grok-voice-latest"} <= {model.id for _, model in others}
    for source, model in others:
        assert known(book, source, model, NOON) is None, model.id


def test_difference_output_without_a_price_is_unpriced_not_free(book: PriceBook) -> None:
    model = BY_ID["openai"].find_model("text-embedding-3-small")
    price = book.find("openai", "text-embedding-3-small", NOON)
    assert model and price
    usage = Usage(input=1_000, output=5)
    assert theirs(usage, BY_ID["openai"], model, NOON, {}) == 20_000
    assert cost(usage, price) is None


def test_difference_reasoning_is_output(book: PriceBook) -> None:
    model = BY_ID["perplexity"].find_model("sonar-deep-research")
    price = book.find("perplexity", "sonar-deep-research", NOON)
    assert model and price
    usage = Usage(output=1_000, reasoning=1_000)
    assert theirs(usage, BY_ID["perplexity"], model, NOON, {}) == 3_000_000
    assert cost(usage, price) == 8_000_000


def test_difference_cached_tokens_of_any_modality_cost_cached_input(book: PriceBook) -> None:
    their = BY_ID["google"].find_model("gemini-2.5-flash")
    price = book.find("google", "gemini-2.5-flash", NOON)
    assert their and price
    assert their.get_prices(NOON).cache_audio_read_mtok == Decimal("0.1")
    assert cost(Usage(cached_input=1_000), price) == 30_000


def test_the_compiled_table_knows_every_price_of_the_installed_version() -> None:
    from gateway_core.providers.compile import FEES, LEFT_OUT

    keys = {
        key
        for source in sources
        for model in source.models
        for each in (
            model.prices if isinstance(model.prices, list) else [types.ConditionalPrice(prices=model.prices)]
        )
        for key, value in each.prices.__dict__.items()
        if value is not None
    }
    assert keys <= RATES.keys() | FEES.keys() | LEFT_OUT
