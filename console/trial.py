"""One small real call through the gateway, as any client would make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from console.trouble import GatewayGone
from console.wire import transport_to

NOT_FOUND = 404
PATIENCE = 90.0
"""Seconds: a local model may have to be loaded first."""
MOST_TOKENS = 16
"""The least that every provider takes."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: the model that answered, or the refusal in the gateway's own words."""

    status: int
    model: str
    problem: str | None = None


async def trial(url: str, token: str, model: str = "auto") -> Trial:
    """Asks for a word or two. Raises GatewayGone where nothing answers."""
    body = {
        "model": model,
        "messages": [{"role": "user", "content": "Say hello."}],
        "max_completion_tokens": MOST_TOKENS,
    }
    answer = await _sent(url, token, "POST", "/v1/chat/completions", body)
    served = answer.headers.get("x-llmconsole-model", model)
    return Trial(answer.status_code, served, None if answer.is_success else _problem(answer))


async def offered_by(url: str, token: str, providers: Sequence[str]) -> str | None:
    """The first model that the gateway lists of one of these providers. Raises GatewayGone."""
    answer = await _sent(url, token, "GET", "/v1/models")
    with suppress(msgspec.DecodeError, KeyError, TypeError):
        models = msgspec.json.decode(answer.content)["data"]
        return next((str(each["id"]) for each in models if each.get("owned_by") in providers), None)
    return None


async def _sent(
    url: str, token: str, method: str, path: str, body: Mapping[str, Any] | None = None
) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}", "x-llmconsole-tags": "app=first-run"}
    async with httpx.AsyncClient(
        base_url=url, transport=transport_to(url), trust_env=False, timeout=PATIENCE
    ) as client:
        try:
            return await client.request(method, path, json=body, headers=headers)
        except httpx.TransportError:
            raise GatewayGone(f"no gateway answers at {url}; start one with: llmconsole serve") from None


def _problem(answer: httpx.Response) -> str:
    try:
        return str(msgspec.json.decode(answer.content)["error"]["message"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return f"the gateway answered {answer.status_code}"
