"""The built-in providers: their files are whole and what they say can be used."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gateway_core.model.call import DialectName
from gateway_core.providers import provider as module
from gateway_core.providers.provider import BUILTIN, Provider, builtin_providers

PROVIDERS = builtin_providers()


def test_every_file_is_a_provider_and_every_provider_a_file() -> None:
    files = {path.stem for path in Path(module.__file__).parent.glob("*.toml")}
    assert files == set(BUILTIN) == PROVIDERS.keys()


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda each: each.id)
def test_a_provider_can_be_used_as_it_is(provider: Provider) -> None:
    url = urlsplit(provider.base_url)
    if provider.cloud is not None:
        assert provider.cloud.address.startswith("https://") and provider.cloud.login and provider.cloud.extra
    elif provider.id != "azure":
        assert url.scheme == ("http" if provider.local else "https")
        assert not provider.base_url.endswith("/")
    assert provider.title and provider.dialects and provider.key_url
    assert provider.key_env or provider.auth == "google"
    assert all(isinstance(each, DialectName) for each in provider.dialects)
    assert all(form == form.lower() for form in (*provider.name_forms, *provider.listed))
    assert provider.auth in ("bearer", "x-api-key", "x-goog-api-key", "api-key", "sigv4", "google")
    assert provider.stream_usage in ("ask", "always", "never")


def test_only_openai_forms_carry_a_version_in_their_base_url() -> None:
    assert PROVIDERS["openai"].base_url == "https://api.openai.com/v1"
    assert PROVIDERS["anthropic"].base_url == "https://api.anthropic.com"
    assert PROVIDERS["gemini"].base_url == "https://generativelanguage.googleapis.com"


@pytest.mark.parametrize(
    ("model", "owner"),
    [
        ("gpt-9-nova", "openai"),
        ("o3", "openai"),
        ("O4-Mini", "openai"),
        ("ft:gpt-4o:me::x", "openai"),
        ("claude-next", "anthropic"),
        ("gemini-9", "gemini"),
        ("text-embedding-004", "gemini"),
        ("text-embedding-3-small", "openai"),
        ("grok-9", "xai"),
        ("codestral-next", "mistral"),
        ("deepseek-v9", "deepseek"),
        ("anthropic.claude-9-v1:0", "bedrock"),
        ("apac.anthropic.claude-9", "bedrock"),
        ("arn:aws:bedrock:eu-west-1:1:application-inference-profile/a1", "bedrock"),
    ],
)
def test_a_form_of_name_belongs_to_one_provider(model: str, owner: str) -> None:
    assert [each.id for each in PROVIDERS.values() if each.fits(model)] == [owner]


def test_names_without_a_plain_owner_fit_nobody() -> None:
    for model in ("llama-3.3-70b", "qwen3-32b", "opus", "o-1", "o10x", "my-gpt-4"):
        assert not any(each.fits(model) for each in PROVIDERS.values()), model


def test_a_local_provider_is_asked_for_its_models_unless_the_user_listed_them() -> None:
    ollama = PROVIDERS["ollama"]
    assert ollama.discover and ollama.api_key == "none" and ollama.local
    assert not PROVIDERS["openai"].discover


def test_lists_show_openrouters_names_with_a_vendor_only() -> None:
    assert PROVIDERS["openrouter"].shows("qwen/qwen3-32b")
    assert not PROVIDERS["openrouter"].shows("qwen3-32b")
    assert PROVIDERS["groq"].shows("llama-3.3-70b-versatile")
    assert not PROVIDERS["gemini"].shows("claude-opus-5")


def test_a_provider_of_several_formats_serves_each_model_in_its_own() -> None:
    vertex = PROVIDERS["vertex"]
    assert vertex.serving("claude-opus-5-5").dialects == (DialectName.ANTHROPIC,)
    assert vertex.serving("vertex/claude-opus-5-5").dialects == (DialectName.ANTHROPIC,)
    assert vertex.serving("gemini-3.8-flash").dialects == (DialectName.GEMINI,)
    assert PROVIDERS["openai"].serving("gpt-5") is PROVIDERS["openai"]
