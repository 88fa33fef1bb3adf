"""[providers.X] sections: what they change, and how each mistake is named without repeating a secret."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
import tomlkit

from gateway_core.model.call import DialectName
from gateway_core.model.errors import ConfigError
from gateway_core.providers.sections import configured_providers

LAB = {"format": "openai", "base_url": "http://10.0.0.5:8000/v1"}


def test_without_sections_the_built_in_ones_stand() -> None:
    assert configured_providers({})["openai"].base_url == "https://api.openai.com/v1"


def test_a_section_overrides_only_what_it_names() -> None:
    changed = configured_providers({"openai": {"base_url": "http://127.0.0.1:9001/v1/"}})["openai"]
    assert changed.base_url == "http://127.0.0.1:9001/v1"
    assert (changed.title, changed.price_source, changed.auth) == ("OpenAI", "openai", "bearer")


@pytest.mark.parametrize(
    ("format", "auth"),
    [
        ("openai", "bearer"),
        ("responses", "bearer"),
        ("anthropic", "x-api-key"),
        ("gemini", "x-goog-api-key"),
    ],
)
def test_a_provider_of_the_users_own_sends_its_key_as_its_format_does(format: str, auth: str) -> None:
    own = configured_providers({"my-lab": {"format": format, "base_url": "https://lab.example/v1"}})["my-lab"]
    assert own.dialects == (DialectName(format),) and own.auth == auth
    assert own.key_env == ("MY_LAB_API_KEY",) and own.api_key == "keyring" and own.price_source is None
    assert ("anthropic-version" in own.headers) is (format == "anthropic")


def test_every_key_is_taken_over() -> None:
    section = {
        **LAB,
        "api_key": "env:LAB_KEY",
        "models": ["qwen3-32b"],
        "title": "My lab",
        "name_forms": ["Qwen*"],
        "key_env": ["LAB_KEY"],
        "stream_usage": "never",
        "headers": {"X-Team": "web"},
        "price_source": "together",
        "local": True,
    }
    own = configured_providers({"mylab": section})["mylab"]
    assert (own.title, own.models, own.api_key) == ("My lab", ("qwen3-32b",), "env:LAB_KEY")
    assert own.fits("qwen9") and own.stream_usage == "never" and own.headers == {"x-team": "web"}
    assert own.price_source == "together" and own.local and not own.discover


def test_headers_are_added_to_the_built_in_ones() -> None:
    headers = configured_providers({"anthropic": {"headers": {"anthropic-beta": "x"}}})["anthropic"].headers
    assert headers == {"anthropic-version": "2023-06-01", "anthropic-beta": "x"}


def test_a_section_of_tomlkit_reads_like_any_other() -> None:
    document = tomlkit.parse(
        '[providers.mylab]\nformat = "openai"\nbase_url = "http://x/v1"\nmodels = ["a"]\nlocal = true'
    )
    own = configured_providers(document["providers"])["mylab"]
    assert own.models == ("a",) and own.local is True


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"base_urll": "http://x"}, ["unknown key 'base_urll'", "did you mean 'base_url'?"]),
        ({"zzz": 1}, ["unknown key 'zzz'", "known are base_url"]),
        ({"base_url": "ftp://x"}, ["'base_url'", "http:// or https://"]),
        ({"base_url": "https://"}, ["'base_url'"]),
        ({"base_url": "http://x:99999"}, ["'base_url'"]),
        ({"base_url": "http://x y"}, ["'base_url'"]),
        ({"base_url": 5}, ["'base_url'", "text"]),
        ({"base_url": "https://me:pw@x.example/v1"}, ["'base_url'", "keys set openai"]),
        ({"base_url": "https://x.example/v1?k=1"}, ["'base_url'", "'?'"]),
        ({"api_key": "sk-live-123"}, ["'api_key'", "env:NAME", "keys set openai"]),
        ({"api_key": "env:"}, ["'api_key'"]),
        ({"api_key": "env:A-B"}, ["'api_key'"]),
        ({"api_key": "file:"}, ["'api_key'"]),
        ({"format": "claude"}, ["'format'", "'anthropic'"]),
        ({"models": "gpt-5"}, ["'models'", "list"]),
        ({"models": [""]}, ["'models'"]),
        ({"stream_usage": "maybe"}, ["'stream_usage'"]),
        ({"local": "yes"}, ["'local'", "true or false"]),
        ({"headers": {"Authorization": "Bearer sk-live-123"}}, ["'Authorization'", "keyring"]),
        ({"headers": {"Host": "x"}}, ["'Host'"]),
        ({"headers": {"a b": "x"}}, ["'a b'"]),
        ({"headers": {"x-a": "b\r\nc: d"}}, ["'x-a'"]),
        ({"headers": "x"}, ["'headers'"]),
    ],
)
def test_a_mistake_is_named_with_its_mend(section: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        configured_providers({"openai": section})
    for word in words:
        assert word in caught.value.message
    assert "sk-live" not in caught.value.message and "pw@" not in caught.value.message


@pytest.mark.parametrize(
    ("name", "section", "word"),
    [
        ("mylab", {"base_url": "http://x"}, "needs format"),
        ("mylab", {"format": "openai"}, "needs base_url"),
        ("My Lab", LAB, "'My Lab' cannot name"),
        ("a/b", LAB, "'a/b' cannot name"),
        ("auto", LAB, "'auto' cannot name"),
    ],
)
def test_a_provider_of_the_users_own_must_be_whole(name: str, section: dict[str, Any], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        configured_providers({name: section})


def test_a_provider_inside_a_cloud_is_where_its_section_says() -> None:
    providers = configured_providers(
        {
            "bedrock": {"region": "eu-central-1"},
            "bedrock-us": {"kind": "bedrock", "region": "us-east-1", "title": "Overseas"},
            "vertex": {"project": "my-project-1234"},
            "vertex-eu": {"kind": "vertex", "project": "my-project-1234", "location": "eu"},
            "vertex-be": {"kind": "vertex", "project": "my-project-1234", "location": "europe-west1"},
        }
    )
    assert {name: each.base_url for name, each in providers.items() if each.cloud} == {
        "bedrock": "https://bedrock-runtime.eu-central-1.amazonaws.com",
        "bedrock-mantle": "",
        "bedrock-us": "https://bedrock-runtime.us-east-1.amazonaws.com",
        "vertex": "https://aiplatform.googleapis.com",
        "vertex-eu": "https://aiplatform.eu.rep.googleapis.com",
        "vertex-be": "https://europe-west1-aiplatform.googleapis.com",
    }
    bedrock, other = providers["bedrock"], providers["bedrock-us"]
    assert bedrock.fits("us.anthropic.claude-9") and not other.fits("us.anthropic.claude-9")
    assert (other.id, other.title, other.price_source) == ("bedrock-us", "Overseas", "aws")
    assert bedrock.cloud and bedrock.cloud.region == "eu-central-1"
    assert bedrock.cloud.listing(bedrock.base_url) == "https://bedrock.eu-central-1.amazonaws.com"
    assert bedrock.cloud.listing("http://vpc.example") == "http://vpc.example"


@pytest.mark.parametrize(
    ("name", "section", "words"),
    [
        ("bedrock", {}, "needs region = 'eu-central-1'"),
        ("bedrock", {"region": "Mars 1"}, "'region'"),
        ("bedrock", {"region": "eu-west-1", "project": "abcdef"}, "'project' is not for"),
        ("bedrock", {"region": "eu-west-1", "format": "openai"}, "'format'"),
        ("bedrock", {"regoin": "eu-west-1"}, "did you mean 'region'"),
        ("vertex", {"location": "eu"}, "needs project"),
        ("vertex", {"project": "a b"}, "'project'"),
        ("vertex", {"project": "my-project", "location": "../x"}, "'location'"),
        ("openai", {"region": "eu-west-1"}, "inside a cloud only"),
        ("openai", {"kind": "bedrock", "region": "eu-west-1"}, "'kind'"),
        ("mine", {"kind": "openai"}, "'bedrock' or 'bedrock-mantle' or 'vertex'"),
    ],
)
def test_a_mistake_about_a_cloud_is_named(name: str, section: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(words)):
        configured_providers({name: section})


@pytest.mark.parametrize(
    ("name", "module", "section"),
    [
        ("bedrock", "botocore", {"region": "eu-west-1"}),
        ("vertex", "google.auth", {"project": "my-project"}),
    ],
)
def test_a_missing_library_names_its_extra(
    name: str, module: str, section: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError, match=re.escape(f"uv tool install '.[{name}]'")):
        configured_providers({name: section})
    assert configured_providers({})[name].base_url == ""
