"""Who a call belongs to: tags from token, headers, path, body and the client itself, by one precedence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from types import MappingProxyType

from gateway_core.model.call import Ask
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import OPINION_TAG, PURPOSE_TAG, ModeRule, Purpose
from gateway_core.model.tags import Tags, checked, merge, parse_tags
from gateway_core.model.value import value
from gateway_core.rules.matching import Facts, matches

Headers = Mapping[str, str]
"""Header names in lower case to their values."""

TAG_HEADER = "x-llmconsole-tags"
_HELICONE = "helicone-property-"
_PURPOSES = frozenset(map(str, Purpose))
_NONE: Tags = MappingProxyType({})
_NO_NAMES: Mapping[tuple[str, str], str] = MappingProxyType({})
_SESSION_HEADERS = ("x-claude-code-session-id", "session-id", "thread-id", "x-session-id")
_CLIENTS = (
    ("claude-cli", "claude-code"),
    ("codex", "codex"),
    ("geminicli", "gemini-cli"),
    ("opencode", "opencode"),
    ("aider", "aider"),
    ("litellm", "litellm"),
    ("llm/", "llm"),
    ("langchain", "langchain"),
    ("anthropic/", "anthropic-sdk"),
    ("openai/", "openai-sdk"),
    ("google-genai", "google-genai"),
    ("curl", "curl"),
)


@value
class Identity:
    """The tags of a call and the conversation it is part of."""

    tags: Tags
    """As they are called: what it is counted and shown under."""
    session: str | None
    written: Tags = field(default_factory=dict)
    """As the call came with them: what its row keeps, so that a renaming can be taken back."""


def identify(
    *,
    headers: Headers,
    path_tags: Tags,
    pinned: Tags,
    ask: Ask,
    mode: str,
    peer: Tags = _NONE,
    own: Tags = _NONE,
    rules: Sequence[ModeRule] = (),
    names: Mapping[tuple[str, str], str] = _NO_NAMES,
    token: str = "",
) -> Identity:
    """Precedence: pinned on the token > header > path > body > found by itself > default.

    peer: what the calling program says of itself without a word. own: what the gateway says of a call of its
    own; who else says that is not heard. The mode of a call that names none is that of the first of the
    `rules` that matches, else `mode`, the current one. names: what tags were renamed to. Raises Refusal 400
    for a tag header that cannot be read.
    """
    session = _session(headers) or ask.session
    said = headers.get(TAG_HEADER, "")
    found = {"client": client} if (client := client_kind(headers)) else {}
    try:
        tags = merge((pinned, _own(said), _foreign(headers), path_tags, ask.tags, found, peer))
        # A call of the gateway's own has those of a call that was checked, and its mode.
        tags = {**tags, **own} if own else _without_ours(checked(tags))
    except ValueError as error:
        raise Refusal(400, "invalid_tags", f"{TAG_HEADER}: {error}") from None
    if "mode" not in tags:
        facts = Facts(_called(tags, names), token, ask.model)
        tags["mode"] = next((rule.mode for rule in rules if matches(rule.match, facts)), mode)
    session = tags.pop("session", None) or session
    return Identity(_called(tags, names), session, tags)


def _without_ours(tags: dict[str, str]) -> dict[str, str]:
    """The tags without those by which the gateway knows its own calls, and the budget of these."""
    tags.pop(OPINION_TAG, None)
    if tags.get(PURPOSE_TAG) in _PURPOSES:
        del tags[PURPOSE_TAG]
    return tags


def _called(tags: Tags, names: Mapping[tuple[str, str], str]) -> Tags:
    return {key: names.get((key, value), value) for key, value in tags.items()} if names else tags


def client_kind(headers: Headers) -> str | None:
    """Which program calls, by its User-Agent or originator; None where neither tells."""
    return _kind(headers.get("originator", ""), headers.get("user-agent", ""))


@lru_cache(maxsize=256)
def _kind(originator: str, agent: str) -> str | None:
    agent = f"{originator} {agent}".lower()
    return next((name for mark, name in _CLIENTS if mark in agent), None)


def _session(headers: Headers) -> str | None:
    for name in _SESSION_HEADERS:
        if value := headers.get(name):
            return value[:256]
    return None


@lru_cache(maxsize=256)
def _own(text: str) -> Tags:
    """A client says the same with every call."""
    return parse_tags(_words(text))


def _words(text: str) -> str:
    """A header as it was meant: most programs write UTF-8 into it, a few Latin-1, as which it was read."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _foreign(headers: Headers) -> Tags:
    """Tags in the words of other gateways, for people who migrate; what cannot be read is left out."""
    if not any(map(_is_foreign, headers)):
        return _NONE
    tags: dict[str, str] = {}
    for part in _words(headers.get("x-litellm-tags", "")).split(","):
        try:
            tags.update(parse_tags(part))
        except ValueError:
            tags.setdefault("tag", part.strip())
    try:
        metadata = json.loads(_words(headers.get("x-portkey-metadata") or "{}"))
    except (ValueError, RecursionError):
        metadata = {}
    if isinstance(metadata, dict):
        tags.update({key.lstrip("_"): str(value) for key, value in metadata.items() if value is not None})
    prefix = _HELICONE
    tags.update(
        {key[len(prefix) :]: _words(value) for key, value in headers.items() if key.startswith(prefix)}
    )
    return tags


@lru_cache(maxsize=256)
def _is_foreign(header: str) -> bool:
    return header in ("x-litellm-tags", "x-portkey-metadata") or header.startswith(_HELICONE)
