"""Model names to targets: every kind of name that a client may ask for, and refusals that help."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway_core.model.call import DialectName, Target
from gateway_core.model.errors import ConfigError, Refusal
from gateway_core.providers.catalog import Catalog, configured_providers
from gateway_core.providers.prices import PriceBook, price_from_toml

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECTIONS = {
    "mylab": {
        "format": "openai",
        "base_url": "http://10.0.0.5:8000/v1",
        "api_key": "none",
        "models": ["qwen3-32b", "Qwen/Qwen3-Coder", "gpt-5.4", "openai/gpt-oss-120b", "shared"],
    },
    "claudish": {
        "format": "anthropic",
        "base_url": "http://10.0.0.6:8000",
        "models": ["shared"],
        "name_forms": ["house-*"],
    },
    "azure": {
        "base_url": "https://res.openai.azure.com/openai/v1",
        "models": ["gpt-5-mini", "our-deployment"],
    },
}
ALIASES = {"fast": "gpt-5-nano", "faster": "fast", "small": "ollama/qwen3:4b"}


@pytest.fixture(scope="module")
def catalog(compiled_prices: Path) -> Catalog:
    providers = configured_providers(SECTIONS)
    catalog = Catalog(providers, PriceBook.load(compiled_prices, providers), ALIASES)
    catalog.set_discovered("ollama", ["qwen3:4b", "gpt-oss:20b", "llama3:latest"])
    return catalog


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        # a provider's own name, known
        ("gpt-5", "openai/gpt-5"),
        ("claude-opus-5-5", "anthropic/claude-opus-5-5"),
        ("gemini-3.8-flash", "gemini/gemini-3.8-flash"),
        ("models/gemini-3.8-flash", "gemini/gemini-3.8-flash"),
        ("grok-4.7", "xai/grok-4.7"),
        ("deepseek-v4-pro", "deepseek/deepseek-v4-pro"),
        ("mistral-large-latest", "mistral/mistral-large-latest"),
        # not heard of yet, but plainly whose
        ("gpt-9-nova", "openai/gpt-9-nova"),
        ("claude-next-20270101", "anthropic/claude-next-20270101"),
        ("models/gemini-9", "gemini/gemini-9"),
        ("house-blend", "claudish/house-blend"),
        # PROVIDER/NAME, known or not
        ("openai/gpt-5", "openai/gpt-5"),
        ("openai/whatever-1", "openai/whatever-1"),
        ("gemini/models/gemini-9", "gemini/gemini-9"),
        ("groq/openai/gpt-oss-20b", "groq/openai/gpt-oss-20b"),
        ("openrouter/qwen/qwen3-32b", "openrouter/qwen/qwen3-32b"),
        ("openrouter/auto", "openrouter/openrouter/auto"),
        ("groq/compound", "groq/groq/compound"),
        ("mylab/anything", "mylab/anything"),
        ("mylab/openai/gpt-oss-120b", "mylab/openai/gpt-oss-120b"),
        ("ollama/llama3", "ollama/llama3:latest"),
        ("ollama/new", "ollama/new"),
        # listed by the user: beats what is built in
        ("qwen3-32b", "mylab/qwen3-32b"),
        ("Qwen/Qwen3-Coder", "mylab/Qwen/Qwen3-Coder"),
        ("gpt-5.4", "mylab/gpt-5.4"),
        ("openai/gpt-oss-120b", "mylab/openai/gpt-oss-120b"),
        # listed for a built-in provider: the owner of the name goes first
        ("gpt-5-mini", "openai/gpt-5-mini"),
        ("our-deployment", "azure/our-deployment"),
        ("azure/gpt-5-mini", "azure/gpt-5-mini"),
        # found on this machine: beats a mere form of name
        ("qwen3:4b", "ollama/qwen3:4b"),
        ("gpt-oss:20b", "ollama/gpt-oss:20b"),
        ("llama3", "ollama/llama3:latest"),
        # in the table of OpenAI, Anthropic or Gemini without a plain form
        ("gpt-oss-20b", "openai/gpt-oss-20b"),
        ("curie", "openai/curie"),
        # aliases
        ("fast", "openai/gpt-5-nano"),
        ("faster", "openai/gpt-5-nano"),
        ("small", "ollama/qwen3:4b"),
    ],
)
def test_a_name_leads_to_its_target(catalog: Catalog, asked: str, target: str) -> None:
    found = catalog.resolve(asked, at=NOW)
    assert str(found) == target
    assert catalog.provider(found.provider).id == found.provider


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("gpt5-nano", "gpt-5-nano"),
        ("claud-sonnet-5", "claude-sonnet-5"),
        ("llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile"),
        ("nope/qwen3-32b", "qwen3-32b"),
        ("fastt", "fast"),
        ("qwen-32b", "qwen3-32b"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known(catalog: Catalog, asked: str, near: str) -> None:
    with pytest.raises(Refusal) as caught:
        catalog.resolve(asked, at=NOW)
    assert (caught.value.status, caught.value.code) == (404, "model_not_found")
    nearest = caught.value.message.partition("nearest known: ")[2].partition(". ")[0].split(", ")
    assert near in nearest and "models =" in caught.value.message


@pytest.mark.parametrize(
    "asked", ["", "zzz", "a b", "gemini/../../v1/files", "openai/", "/gpt-5", "gpt-5?x=1", "x" * 9999]
)
def test_what_is_no_name_is_refused(catalog: Catalog, asked: str) -> None:
    with pytest.raises(Refusal) as caught:
        catalog.resolve(asked, at=NOW)
    assert caught.value.status == 404 and len(caught.value.message) < 500


def test_a_provider_without_an_address_says_so(compiled_prices: Path) -> None:
    providers = configured_providers({})
    catalog = Catalog(providers, PriceBook.load(compiled_prices, providers))
    with pytest.raises(Refusal, match="base_url"):
        catalog.resolve("azure/gpt-5", at=NOW)
    assert catalog.resolve("gpt-5", at=NOW) == Target("openai", "gpt-5")
    assert not any(card.provider == "azure" for card in catalog.cards())


def test_a_providers_own_path_makes_unknown_names_plain(catalog: Catalog) -> None:
    assert catalog.resolve("nova-1", at=NOW, path_provider="openai") == Target("openai", "nova-1")
    # but not names that are plainly another's, known or not
    for name in ("claude-opus-5-5", "claude-next"):
        assert catalog.resolve(name, at=NOW, path_provider="openai").provider == "anthropic"
    assert catalog.resolve("qwen3-32b", at=NOW, path_provider="openai").provider == "mylab"
    with pytest.raises(Refusal):
        catalog.resolve("nova-1", at=NOW, path_provider="nobody")
    with pytest.raises(Refusal):
        catalog.resolve("nova-1", at=NOW)


def test_among_several_that_list_a_name_the_one_that_speaks_the_clients_format(catalog: Catalog) -> None:
    assert catalog.resolve("shared", at=NOW, dialect=DialectName.ANTHROPIC).provider == "claudish"
    assert catalog.resolve("shared", at=NOW, dialect=DialectName.OPENAI_CHAT).provider == "mylab"
    assert catalog.resolve("shared", at=NOW).provider == "mylab"


def test_a_price_of_the_users_own_makes_a_model_known(catalog: Catalog, compiled_prices: Path) -> None:
    name = "openai/blend-1"
    prices = PriceBook.load(compiled_prices, configured_providers(SECTIONS))
    priced = catalog.with_prices(prices.with_user({name: price_from_toml(name, {"input": "1"})}))
    assert priced.resolve("blend-1", at=NOW) == Target("openai", "blend-1")
    assert "openai/blend-1" in [card.id for card in priced.cards()]
    assert priced.resolve("llama3", at=NOW) == Target("ollama", "llama3:latest")


def test_what_is_discovered_is_known_at_once_and_forgotten_at_once(compiled_prices: Path) -> None:
    providers = configured_providers({})
    catalog = Catalog(providers, PriceBook.load(compiled_prices, providers))
    with pytest.raises(Refusal):
        catalog.resolve("phi4:14b", at=NOW)
    catalog.set_discovered("ollama", ["phi4:14b"])
    assert catalog.resolve("phi4:14b", at=NOW) == Target("ollama", "phi4:14b")
    assert [card.id for card in catalog.cards() if card.provider == "ollama"] == ["phi4:14b"]
    catalog.set_discovered("ollama", [])
    with pytest.raises(Refusal):
        catalog.resolve("phi4:14b", at=NOW)


def test_aliases_that_go_round_are_a_mistake(compiled_prices: Path) -> None:
    providers = configured_providers({})
    with pytest.raises(ConfigError, match="leads back to itself"):
        Catalog(providers, PriceBook.load(compiled_prices, providers), {"a": "b", "b": "a"})


def test_every_card_leads_to_its_provider(catalog: Catalog) -> None:
    cards = catalog.cards()
    assert len({card.id for card in cards}) == len(cards) > 500
    for card in cards:
        assert catalog.resolve(card.id, at=NOW).provider == card.provider, card
    sizes = {card.id: card.context_window for card in cards}
    assert sizes["claude-opus-4-5"] == 200_000


def test_cards_show_what_the_user_listed_and_only_that(catalog: Catalog) -> None:
    ids = [card.id for card in catalog.cards() if card.provider == "azure"]
    assert ids == ["azure/gpt-5-mini", "our-deployment"]
    spoken = catalog.cards(DialectName.ANTHROPIC)
    assert {card.provider for card in spoken} == {"anthropic", "claudish"}


def test_a_name_asked_again_costs_next_to_nothing(catalog: Catalog) -> None:
    catalog.resolve("gpt-5", at=NOW)
    start = time.perf_counter()
    for _ in range(1_000):
        catalog.resolve("gpt-5", at=NOW)
    assert time.perf_counter() - start < 0.02


def test_ever_new_names_do_not_fill_the_memory(catalog: Catalog) -> None:
    for number in range(9_000):
        catalog.resolve(f"mylab/model-{number}", at=NOW)
    assert len(catalog._resolved) <= 4096
