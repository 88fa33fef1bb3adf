"""What a path asks for: tags in front, the provider's own prefix, the format and the operation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from gateway_core.http.elsewhere import elsewhere
from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.model.tags import parse_tags
from gateway_core.model.value import value

OPENAI, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
ANTHROPIC, GEMINI = DialectName.ANTHROPIC, DialectName.GEMINI
PREFIXES = {"openai": OPENAI, "anthropic": ANTHROPIC, "gemini": GEMINI}

_POSTS = {
    "/v1/chat/completions": (OPENAI, Operation.GENERATE),
    "/v1/responses": (RESPONSES, Operation.GENERATE),
    "/v1/responses/input_tokens": (RESPONSES, Operation.COUNT),
    "/v1/embeddings": (OPENAI, Operation.EMBED),
    "/v1/messages": (ANTHROPIC, Operation.GENERATE),
    "/v1/messages/count_tokens": (ANTHROPIC, Operation.COUNT),
}
_GEMINI_VERBS = {
    "generateContent": Operation.GENERATE,
    "streamGenerateContent": Operation.GENERATE,
    "countTokens": Operation.COUNT,
    "embedContent": Operation.EMBED,
    "batchEmbedContents": Operation.EMBED,
}
_GEMINI_CALL = re.compile(r"/(v1|v1beta)/models/(?P<model>.+):(?P<verb>[A-Za-z]+)\Z")
_MODELS = re.compile(r"/(v1|v1beta)/models(?:/(?P<model>.+))?\Z")
_KEY_IN_URL = re.compile(
    r"(?:^|[&;])(?:key|api[_-]?key|access_token|token|authorization|x-api-key|x-goog-api-key|x-llmconsole-token)=",
    re.IGNORECASE,
)


@value
class Door:
    """Where a request came in."""

    dialect: DialectName
    operation: Operation
    upstream_path: str
    """The path for a provider of the same format, as below its base URL: without /v1 for OpenAI's."""
    tags: Mapping[str, str]
    path: str
    """The path without tags and prefix, as the ledger shows it."""
    prefix: str | None = None
    """`openai`, `anthropic` or `gemini` where the client named the provider in the path, or the path alone
    tells that it is that one's."""
    model: str | None = None
    stream: bool = False


def find_door(method: str, path: str, query: str, headers: Mapping[str, str]) -> Door:
    """The door of a data-plane request; path: as it came, percent-encoded.

    Raises Refusal 400 (a key in the URL, broken tags) or 404.
    """
    if method == "POST" and not query and (plain := _PLAIN.get(path)) is not None:
        return plain
    if _KEY_IN_URL.search(unquote(query)):
        raise Refusal(
            400,
            "key_in_url",
            "a credential in the URL ends up in logs; send it as Authorization: Bearer, x-api-key, "
            "x-goog-api-key or x-llmconsole-token",
        )
    tags, raw = _split_tags(path)
    prefix, raw = _split_prefix(raw)
    rest = unquote(raw)
    door = _door(method, rest, headers, prefix)
    if door is None and (found := elsewhere(method, raw, headers, prefix)) is not None:
        provider, dialect = found
        call = _GEMINI_CALL.match(raw)
        model = unquote(call["model"]) if call else None
        return Door(dialect, Operation.OTHER, _upstream_path(dialect, raw), tags, rest, provider, model)
    if door is None:
        raise Refusal(
            404, "no_such_path", f"nothing is served at {method} {path[:120]}; see the README's list of paths"
        )
    dialect, operation, model, stream = door
    return Door(dialect, operation, _upstream_path(dialect, rest), tags, rest, prefix, model, stream)


def dialect_of(path: str, headers: Mapping[str, str]) -> DialectName:
    """The format in which to refuse a request whose door could not be found."""
    if "anthropic" in path or "/v1/messages" in path or "anthropic-version" in headers:
        return ANTHROPIC
    if "gemini" in path or "/v1beta/" in path or _GEMINI_CALL.search(path):
        return GEMINI
    return RESPONSES if "/responses" in path else OPENAI


def _split_tags(path: str) -> tuple[Mapping[str, str], str]:
    """Cut while it is still percent-encoded: a tag's value may hold a slash, as branches do."""
    if not path.startswith("/@"):
        return {}, path
    text, _, rest = path[2:].partition("/")
    try:
        return parse_tags(unquote(text)), f"/{rest}"
    except ValueError as error:
        raise Refusal(400, "invalid_tags", f"tags in the path: {error}") from None


def _split_prefix(path: str) -> tuple[str | None, str]:
    head, _, rest = path[1:].partition("/")
    return (head, f"/{rest}") if head in PREFIXES else (None, path)


def _door(
    method: str, path: str, headers: Mapping[str, str], prefix: str | None
) -> tuple[DialectName, Operation, str | None, bool] | None:
    if method == "POST":
        if path in _POSTS:
            return (*_POSTS[path], None, False)
        if found := _GEMINI_CALL.match(path):
            verb = found["verb"]
            if verb in _GEMINI_VERBS:
                return GEMINI, _GEMINI_VERBS[verb], unquote(found["model"]), verb.startswith("stream")
    if method == "GET" and (found := _MODELS.match(path)):
        model = unquote(found["model"]) if found["model"] else None
        return _listing(path, headers, prefix), Operation.MODELS, model, False
    return None


def _listing(path: str, headers: Mapping[str, str], prefix: str | None) -> DialectName:
    """Three formats share GET /v1/models; the client's own headers tell them apart."""
    if prefix:
        return PREFIXES[prefix]
    if path.startswith("/v1beta/") or "x-goog-api-key" in headers:
        return GEMINI
    return ANTHROPIC if "anthropic-version" in headers else OPENAI


def _upstream_path(dialect: DialectName, path: str) -> str:
    return path.removeprefix("/v1") if dialect in (OPENAI, RESPONSES) else path


_PLAIN = {path: Door(*door, _upstream_path(door[0], path), {}, path) for path, door in _POSTS.items()}
"""The doors of most requests, without tags, prefix or query in their path."""
