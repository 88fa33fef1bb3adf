"""The exact cache's rules: which calls may use it, and the key over everything that can change an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from gateway_core.model.call import Ask, Operation, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import ExactCacheRule
from gateway_core.rules.matching import Facts, matches

CACHE_HEADER = "x-llmconsole-cache"
_ANSWERING_HEADERS = (
    "accept-encoding",
    "anthropic-version",
    "anthropic-beta",
    "openai-beta",
    "openai-organization",
    "openai-project",
)
_WHO_ONLY = ("user", "metadata", "safety_identifier", "prompt_cache_key")
"""Top-level fields that say who asks, and never change what is answered."""


class Wish(StrEnum):
    """What a call wants of the cache."""

    ON = "on"
    OFF = "off"
    REFRESH = "refresh"
    ONLY = "only"


def wish(header: str | None, rule: ExactCacheRule, facts: Facts) -> Wish:
    """The header decides, else the rule. Raises Refusal 400 for an unknown word in the header."""
    if header is not None:
        try:
            return Wish(header.strip().lower())
        except ValueError:
            raise Refusal(
                400,
                "invalid_cache_control",
                f"{CACHE_HEADER}: {header[:40]!r} is none of on, off, refresh, only",
            ) from None
    return Wish.ON if rule.on and matches(rule.when, facts) else Wish.OFF


def cacheable(ask: Ask) -> bool:
    """Calls whose answer stands for itself: no tools to run, nothing kept on the provider's side."""
    return (
        ask.operation in (Operation.GENERATE, Operation.EMBED)
        and not ask.has_tools
        and not ask.server_tools
        and not ask.by_reference
    )


def exact_key(
    *, ask: Ask, target: Target, path: str, query: str, body: bytes, headers: Mapping[str, str], scope: str
) -> bytes:
    """32 bytes: SHA-256 over client format, model served, path, query, canonical body, the headers that
    matter, and the scope (client token) inside which answers may be shared."""
    fields: dict[str, Any] = msgspec.json.decode(body)
    for name in _WHO_ONLY:
        fields.pop(name, None)
    parts = [
        str(ask.dialect),
        str(ask.operation),
        str(target),
        path,
        query,
        scope,
        *(f"{name}={headers.get(name, '')}" for name in _ANSWERING_HEADERS),
    ]
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    digest.update(msgspec.json.encode(fields, order="deterministic"))
    return digest.digest()
