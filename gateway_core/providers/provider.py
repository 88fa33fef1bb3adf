"""What a provider is, and the ones that are built in: one TOML file each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from gateway_core.model.call import DialectName
from gateway_core.providers.cloud import Cloud, read_cloud

BUILTIN = (
    "openai",
    "anthropic",
    "gemini",
    "ollama",
    "openrouter",
    "groq",
    "mistral",
    "deepseek",
    "xai",
    "together",
    "azure",
    "bedrock",
    "bedrock-mantle",
    "vertex",
)
"""The files beside this one, in the order in which lists show them."""

Auth = Literal["bearer", "x-api-key", "x-goog-api-key", "api-key", "sigv4", "google", "none"]
StreamUsage = Literal["ask", "always", "never"]


@dataclass(frozen=True, slots=True)
class Provider:
    """Where models are served and how one speaks to that place."""

    id: str
    title: str
    dialects: tuple[DialectName, ...]
    """Formats that it understands at `base_url`, its own first."""
    base_url: str
    """As the provider's own SDK takes it, without a slash at the end; empty: the user has to set it."""
    auth: Auth = "bearer"
    """How a key is sent: `Authorization: Bearer`, or the header of that name; `sigv4`: by AWS's signature, or
    as bearer where it is one of Bedrock's own keys; `google`: as the access token that it is good for."""
    key_env: tuple[str, ...] = ()
    """The usual environment variables of its key, the first one that is set counts."""
    key_url: str = ""
    """Where a person makes a key."""
    name_forms: tuple[str, ...] = ()
    """Patterns such as 'gpt-*' of names that are plainly its own, also of models not heard of yet."""
    models: tuple[str, ...] = ()
    """Names that the user listed for it."""
    price_source: str | None = None
    """The provider of the price table that it charges like."""
    stream_usage: StreamUsage = "ask"
    """Whether a stream tells its usage only when asked, always (and asking may be refused), or never."""
    api_key: str = "keyring"
    """keyring | env:NAME | file:PATH | client | none"""
    local: bool = False
    """It runs on the user's own machine: its price is zero unless the user sets one."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent to it unless the client sent a header of that name."""
    listed: tuple[str, ...] = ()
    """Patterns of the names in the price table that a list of models shows; empty: those of `name_forms`."""

    all_visible: tuple[str, ...] = ()
    """Patterns of models that, unless thinking is asked for, bill no output but what streams: they think on
    the wire or not at all."""

    searches: tuple[str, ...] = (
        "*-search-preview*",
        "*-search-api*",
        "sonar*",
        "*/sonar*",
        "*deep-research*",
        "compound*",
        "*/compound*",
        "*:online",
    )
    """Patterns of models that search the web by themselves, asked or not, and are billed for it (OpenAI's
    search models, Perplexity's, Groq's systems, OpenRouter's `:online`)."""

    caps_tools: bool = False
    """It obeys `max_tool_calls` of a response: how often the tools that it runs itself may be used."""

    older_cap: bool = False
    """It knows the output cap of chat completions as `max_tokens` only, and passes over the newer word."""

    auto: Mapping[str, str] = field(default_factory=dict)
    """Its model for each class of requests (simple, medium, hard), where the client asks for `auto`."""

    counts: bool = True
    """It counts tokens for its own format; where it does not, they are estimated here."""

    dialects_of: Mapping[str, tuple[DialectName, ...]] = field(default_factory=dict)
    """The dialects of single models by pattern, the first that fits; others speak all of `dialects`."""

    cloud: Cloud | None = None
    """What it needs besides where it lives inside a cloud."""

    @property
    def discover(self) -> bool:
        """Whether to ask it for its models: a local server has what was loaded into it."""
        return self.local and not self.models

    @property
    def place_key(self) -> str:
        """The key of its section that says where it is, for one that nobody could know."""
        if self.cloud is None:
            return "base_url"
        return "region" if self.cloud.signing == "aws" else "project"

    @property
    def ways_to_a_key(self) -> list[str]:
        """What a person may do where there is no key for it."""
        ways = [f"store one with: llmconsole keys set {self.id}"]
        ways += [f"set {name}" for name in self.key_env[:1]]
        return [*ways, f"log in with: {self.cloud.login}"] if self.cloud else ways

    def serving(self, model: str) -> Provider:
        """The provider as it serves one model, by its name or as PROVIDER/NAME: with the dialects that this
        one speaks."""
        if not self.dialects_of:
            return self
        name = model.removeprefix(f"{self.id}/").lower()
        spoken = (each for form, each in self.dialects_of.items() if _any((form,), name))
        return replace(self, dialects=next(spoken, self.dialects))

    def fits(self, model: str) -> bool:
        """Whether the name is plainly one of its own."""
        return _any(self.name_forms, model.lower())

    def hides_nothing(self, model: str) -> bool:
        """Whether the output of a call that asks for no thinking is all to be seen in its stream."""
        return _any(self.all_visible, model.lower())

    def searches_unasked(self, model: str) -> bool:
        """Whether the model searches the web at its provider's side without being offered a tool."""
        return not self.local and _any(self.searches, model.lower())

    def shows(self, model: str) -> bool:
        """Whether a name of the price table belongs into a list of its models."""
        patterns = self.listed or self.name_forms
        return not patterns or _any(patterns, model.lower())


@lru_cache(maxsize=1024)
def _any(patterns: tuple[str, ...], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def builtin_providers() -> dict[str, Provider]:
    """The providers that need no section in the configuration, by id."""
    return {name: _read(name) for name in BUILTIN}


@cache
def _read(name: str) -> Provider:
    text = Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    lists = {key: tuple(value) for key, value in table.items() if isinstance(value, list)}
    lists["dialects"] = _dialects(table["dialects"])
    cloud = read_cloud(table["cloud"]) if "cloud" in table else None
    own = {form: _dialects(each) for form, each in table.get("dialects_of", {}).items()}
    return Provider(**{"id": name, **table, **lists, "cloud": cloud, "dialects_of": own})


def _dialects(names: list[str]) -> tuple[DialectName, ...]:
    return tuple(DialectName(each) for each in names)
