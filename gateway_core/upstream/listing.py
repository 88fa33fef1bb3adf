"""Which models a provider offers: the list calls of OpenAI, Anthropic, Gemini, Ollama, and of the clouds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import quote

from gateway_core.model.call import DialectName
from gateway_core.model.errors import Refusal
from gateway_core.providers.provider import Provider
from gateway_core.upstream.failure import UpstreamFailure

LIST_SECONDS = 20.0
DISCOVER_SECONDS = 2.0
MAX_LIST = 8 * 2**20
MAX_PAGES = 20

Page = tuple[list[str], str | None]
"""Model names, and the path of the next page."""


class Reply(Protocol):
    status: int

    async def read(self, limit: int) -> bytes: ...


class Send(Protocol):
    """`Upstream.send`."""

    def __call__(
        self,
        provider: Provider,
        method: str,
        path_and_query: str,
        headers: Iterable[tuple[bytes, bytes]],
        body: bytes,
        key: str | None,
    ) -> Awaitable[Reply]: ...


async def listed_models(send: Send, provider: Provider, key: str | None) -> list[str]:
    """Raises UpstreamFailure and Refusal as `Upstream.list_models` says."""
    try:
        async with asyncio.timeout(LIST_SECONDS):
            return await _all_pages(send, provider, key)
    except TimeoutError:
        raise UpstreamFailure(
            "timeout", f"{provider.title} did not list its models within {LIST_SECONDS:g} s", sent=True
        ) from None


async def discovered_models(send: Send, provider: Provider) -> list[str]:
    """As above, but a server that is not there, slow or strange simply has none."""
    try:
        async with asyncio.timeout(DISCOVER_SECONDS):
            return await _all_pages(send, provider, None)
    except (TimeoutError, UpstreamFailure, Refusal):
        return []


async def _all_pages(send: Send, provider: Provider, key: str | None) -> list[str]:
    path, read = _style(provider)
    if provider.cloud is not None:
        provider = replace(provider, base_url=provider.cloud.listing(provider.base_url))
    names: list[str] = []
    for _ in range(MAX_PAGES):
        status, body = await _get(send, provider, path, key)
        if status == 404 and provider.local:
            # An Ollama from before it spoke OpenAI's language lists its models at its own path only.
            provider = replace(provider, base_url=provider.base_url.removesuffix("/v1"))
            status, body = await _get(send, provider, "/api/tags", key)
            read = _ollama_page
        page, next_path = _read(read, status, body, provider, key)
        names += page
        if next_path is None:
            break
        path = next_path
    return names


def _style(provider: Provider) -> tuple[str, Callable[[Any], Page]]:
    if provider.cloud is not None:
        return _CLOUDS[provider.cloud.envelope]
    return _STYLES.get(provider.dialects[0], ("/models", _openai_page))


async def _get(send: Send, provider: Provider, path: str, key: str | None) -> tuple[int, bytes]:
    answer = await send(provider, "GET", path, [(b"accept", b"application/json")], b"", key)
    return answer.status, await answer.read(MAX_LIST)


def _read(read: Callable[[Any], Page], status: int, body: bytes, provider: Provider, key: str | None) -> Page:
    if status in (401, 403):
        why = _reason(body, key)
        raise Refusal(401, "provider_key_refused", f"{provider.title} refuses the key ({status}){why}")
    if status != 200:
        why = _reason(body, key)
        raise Refusal(502, "no_model_list", f"{provider.title} does not list its models ({status}){why}")
    try:
        return read(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refusal(
            502, "no_model_list", f"{provider.title} answered with something that is no list of models"
        ) from None


def _reason(body: bytes, key: str | None) -> str:
    """The provider's own words, short and without the key."""
    try:
        error = json.loads(body)["error"]
        text = str(error["message"] if isinstance(error, dict) else error)
    except (ValueError, KeyError, TypeError):
        return ""
    if key:
        text = text.replace(key, "•••")
    return f": {' '.join(text.split())[:200]}"


def _openai_page(data: Any) -> Page:
    # Some servers of this format answer with the bare list.
    models = data if isinstance(data, list) else data["data"]
    return [str(each["id"]) for each in models], None


def _anthropic_page(data: Any) -> Page:
    names = [str(each["id"]) for each in data["data"]]
    last = data.get("last_id") if data.get("has_more") else None
    return names, f"{_ANTHROPIC_PATH}&after_id={quote(str(last), safe='')}" if last else None


def _gemini_page(data: Any) -> Page:
    names = [str(each["name"]).removeprefix("models/") for each in data.get("models", [])]
    token = data.get("nextPageToken")
    return names, f"{_GEMINI_PATH}&pageToken={quote(str(token), safe='')}" if token else None


def _bedrock_page(data: Any) -> Page:
    names = [str(each["inferenceProfileId"]) for each in data["inferenceProfileSummaries"]]
    token = data.get("nextToken")
    next_path = f"{_BEDROCK_PATH}&nextToken={quote(str(token), safe='')}" if token else None
    return [name for name in names if "anthropic.claude" in name], next_path


def _vertex_page(data: Any) -> Page:
    names = [str(each["name"]).rpartition("/")[2] for each in data.get("publisherModels", [])]
    token = data.get("nextPageToken")
    return names, f"{_VERTEX_PATH}&pageToken={quote(str(token), safe='')}" if token else None


def _ollama_page(data: Any) -> Page:
    return [str(each["name"]) for each in data["models"]], None


_ANTHROPIC_PATH = "/v1/models?limit=1000"
_GEMINI_PATH = "/v1beta/models?pageSize=1000"
_BEDROCK_PATH = "/inference-profiles?maxResults=1000&type=SYSTEM_DEFINED"
_VERTEX_PATH = "/v1beta1/publishers/google/models?pageSize=200"
_CLOUDS: dict[str, tuple[str, Callable[[Any], Page]]] = {
    "plain": ("/v1/models", _openai_page),
    "bedrock": (_BEDROCK_PATH, _bedrock_page),
    "vertex": (_VERTEX_PATH, _vertex_page),
}
_STYLES: dict[DialectName, tuple[str, Callable[[Any], Page]]] = {
    DialectName.ANTHROPIC: (_ANTHROPIC_PATH, _anthropic_page),
    DialectName.GEMINI: (_GEMINI_PATH, _gemini_page),
}
