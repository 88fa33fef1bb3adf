"""Gemini's and Anthropic's formats as Google's Vertex AI takes them: other paths, one further field.

Source: cloud.google.com/vertex-ai, REST reference (v1, v1beta1); platform.claude.com, Claude on Vertex AI.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from gateway_core.formats.fields import flag, model_name
from gateway_core.formats.json_object import read_body, read_object
from gateway_core.formats.splice import encoded, splice, without
from gateway_core.model.errors import Refusal
from gateway_core.providers.provider import Provider
from gateway_core.upstream.answer import Answer
from gateway_core.upstream.envelopes.errors import vertex_error
from gateway_core.upstream.envelopes.letter import Changed, Letter, known_betas, message_body

VERSION = "vertex-2023-10-16"
_GEMINI = re.compile(
    r"/(v1(?:beta)?)/models/([^/:]+):(generateContent|streamGenerateContent|countTokens)(\?.*)?\Z"
)
_CALL_KEYS = ("functionCall", "functionResponse", "function_call", "function_response")
_CALLS = re.compile(rb'"function_?(?:[cC]all|[rR]esponse)"')
_RELEASES = {"v1": "v1", "v1beta": "v1beta1"}


def to_vertex(provider: Provider, letter: Letter) -> Letter:
    """A call of either format. Raises Refusal 400 for one that is not served there."""
    if letter.path.startswith("/v1/messages"):
        return _claude(provider, letter)
    named = _GEMINI.match(letter.path)
    if named is None:
        raise Refusal(
            400, "not_served", f"{provider.title} serves neither embeddings nor other paths of Gemini's here"
        )
    release, model, verb, query = named.groups()
    body = _without_ids(_counted(letter.body) if verb == "countTokens" else letter.body)
    path = f"{_place(provider, _RELEASES[release])}/publishers/google/models/{model}:{verb}{query or ''}"
    return Letter(path, letter.headers, body)


def _claude(provider: Provider, letter: Letter) -> Letter:
    assert provider.cloud is not None
    counting = letter.path.startswith("/v1/messages/count_tokens")
    found, body = message_body(letter, VERSION, gone=() if counting else ("model",))
    verb = "streamRawPredict" if flag(found, "stream") else "rawPredict"
    called = "count-tokens:rawPredict" if counting else f"{quote(model_name(found), safe='@')}:{verb}"
    headers = [field for field in letter.headers if not field[0].startswith(b"anthropic-")]
    if betas := known_betas(provider.cloud, letter.headers):
        headers.append((b"anthropic-beta", ",".join(betas).encode("latin-1")))
    path = f"{_place(provider, 'v1')}/publishers/anthropic/models/{called}"
    return Letter(path, headers, body, _from_claude)


def _place(provider: Provider, release: str) -> str:
    assert provider.cloud is not None
    return f"/{release}/projects/{provider.cloud.project}/locations/{provider.cloud.region}"


def _counted(body: bytes) -> bytes:
    """What is counted stands bare there, not in a request of its own."""
    inner = read_body(body).raw("generateContentRequest")
    if not inner:
        return body
    request = read_object(inner, "'generateContentRequest'")
    return without(request, "model") if "model" in request.values else inner


def _without_ids(body: bytes) -> bytes:
    """A request without the ids of function calls: Vertex AI takes none, and goes by their order."""
    if not _CALLS.search(body):
        return body
    found = read_body(body)
    contents = found.decoded("contents")
    parts = [part for content in _dicts(contents) for part in _dicts(content.get("parts"))]
    named = [part[key] for part in parts for key in _CALL_KEYS if isinstance(part.get(key), dict)]
    if not any("id" in call for call in named):
        return body
    for call in named:
        call.pop("id", None)
    return splice(found, {"contents": encoded(contents)})


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _from_claude(answer: Answer) -> None:
    if answer.status < 400 or any(name == b"content-encoding" for name, _ in answer.headers):
        return
    status = answer.status
    answer.unwrapped(
        status,
        b"application/json",
        lambda source: Changed(source, lambda body: vertex_error(status, body, answer.request_id)),
    )
