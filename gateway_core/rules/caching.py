"""The exact cache's rules: which calls may use it, and the key over everything that can change an answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from gateway_core.model.call import Ask, DialectName, Operation, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import ClientToken, ExactCacheRule
from gateway_core.rules.matching import Facts, matches

CACHE_HEADER = "x-llmconsole-cache"
_ANSWERING_HEADERS = (
    "accept-encoding",
    "anthropic-version",
    "anthropic-beta",
    "openai-beta",
    "openai-organization",
    "openai-project",
    "x-goog-user-project",
)
_WHO_ONLY = ("user", "metadata", "safety_identifier", "prompt_cache_key")
"""Top-level fields that say who asks, and never change what is answered. Responses repeats them in its
answers: there they count."""
_TELLING = (DialectName.OPENAI_RESPONSES,)


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


def cacheable(ask: Ask, *, tools: bool = False) -> bool:
    """Calls whose answer stands for itself: nothing kept on the provider's side, nothing still to come, and
    no tools unless they are asked for. A temperature is no hindrance: whoever turns the cache on for a call
    wants the first answer again."""
    return (
        ask.operation in (Operation.GENERATE, Operation.EMBED)
        and (tools or not (ask.has_tools or ask.server_tools))
        and not ask.by_reference
        and not ask.later
    )


def scope_of(token: ClientToken, share: Sequence[Sequence[str]]) -> str:
    """Inside which answers may be shared: the token itself, or its declared group as it now stands.

    A token is told apart by its hash: one that is made again under an old name finds nothing.
    """
    group = next((each for each in share if token.name in each), None)
    return f"token {token.digest.hex()}" if group is None else f"group {sorted(group)}"


def exact_key(
    *, ask: Ask, target: Target, path: str, query: str, body: bytes, headers: Mapping[str, str], scope: str
) -> bytes:
    """32 bytes: SHA-256 over client format, model served, path, query, canonical body, the headers that
    matter, and the scope inside which answers may be shared."""
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
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    digest.update(canonical(body, ask.dialect))
    return digest.digest()


def canonical(body: bytes, dialect: DialectName) -> bytes:
    """The body without white space, and its names in order where they only label: at the top, in turns and
    in their parts. Further inside their order stays: models read schemas and arguments in it.

    Numbers stay as they are written. A body in which a name stands twice stays as it is.
    """
    try:
        fields = parsed(body)
        if dialect not in _TELLING:
            for name in _WHO_ONLY:
                fields.pop(name, None)
        return b"=" + msgspec.json.encode(_labelled(fields))
    except (ValueError, RecursionError):
        return b"~" + body


def parsed(body: bytes) -> dict[str, Any]:
    """The fields of a body with numbers as they are written. Raises ValueError where a name stands twice."""
    fields: dict[str, Any] = json.loads(
        body, object_pairs_hook=_object, parse_int=_number, parse_float=_number
    )
    return fields


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _number(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())


def _labelled(value: Any, depth: int = 0) -> Any:
    """The value with the names of its objects in order, as far as only lists lie between them and the top."""
    if isinstance(value, dict):
        return {name: _inside(value[name], depth) for name in sorted(value)}
    return value


def _inside(value: Any, depth: int) -> Any:
    if isinstance(value, list) and depth < 2:
        return [_labelled(each, depth + 1) for each in value]
    return value
