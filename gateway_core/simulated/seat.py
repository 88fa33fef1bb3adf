"""A simulated developer's seat: the client they call with, their luck and their patience."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import httpx
import msgspec

from gateway_core.simulated.pace import Pace

_LONGEST_PATIENCE = 30.0
_PATIENCE = {402: 8.0, 429: 2.0}
"""Seconds to back off after a refusal, at speed 1."""
_USUAL_PATIENCE = 3.0


class Credential(StrEnum):
    """How a format's own client shows its key."""

    BEARER = "bearer"
    ANTHROPIC = "x-api-key"
    GEMINI = "x-goog-api-key"


@dataclass(frozen=True, slots=True)
class Person:
    """Who calls, as the gateway is to see it."""

    name: str
    agent: str
    """The user agent of the client they use."""
    tags: str
    by_path: bool = False
    """Their client can only set a URL: the tags go into the path."""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallMade:
    """One call as a developer saw it end. Status 0: the gateway did not answer."""

    developer: str
    path: str
    model: str
    status: int
    seconds: float


OnCall = Callable[[CallMade], None]


class Seat:
    """One person at work. Pauses are seconds at speed 1."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        token: str,
        person: Person,
        *,
        seed: str,
        pace: Pace,
        on_call: OnCall | None,
    ) -> None:
        self.person = person
        self.chance = random.Random(f"{seed}:{person.name}")
        self._client = client
        self._token = token
        self._pace = pace
        self._on_call = on_call

    async def pause(self, seconds: float) -> None:
        await self._pace.pause(seconds)

    def real(self, seconds: float) -> float:
        """How many real seconds that is at the present speed."""
        return seconds / self._pace.speed

    async def call(
        self,
        credential: Credential,
        path: str,
        body: Mapping[str, object],
        *,
        headers: Mapping[str, str] | None = None,
        leave_after: int | None = None,
    ) -> bytes | None:
        """The answer's bytes. None if it was refused or broke: then they have already backed off.

        `leave_after`: stop reading and hang up after so many bytes, as somebody does who has seen enough.
        """
        started = time.monotonic()
        sent = {**self._headers(credential), **(headers or {})}
        status, raw, retry_after = await self._send(path, msgspec.json.encode(body), sent, leave_after)
        if self._on_call is not None:
            model = str(body.get("model", ""))
            self._on_call(CallMade(self.person.name, path, model, status, time.monotonic() - started))
        if status == 200:
            return raw
        await self.pause(retry_after or _PATIENCE.get(status, _USUAL_PATIENCE))
        return None

    async def _send(
        self, path: str, body: bytes, headers: Mapping[str, str], leave_after: int | None
    ) -> tuple[int, bytes, float]:
        prefix = f"/@{self.person.tags}" if self.person.by_path else ""
        raw = bytearray()
        try:
            async with self._client.stream("POST", prefix + path, content=body, headers=headers) as response:
                async for chunk in response.aiter_raw():
                    raw += chunk
                    if leave_after is not None and len(raw) > leave_after:
                        break
                return response.status_code, bytes(raw), _seconds(response.headers.get("retry-after"))
        except httpx.HTTPError:
            return 0, b"", 0.0

    def _headers(self, credential: Credential) -> dict[str, str]:
        shown = f"Bearer {self._token}" if credential is Credential.BEARER else self._token
        name = "authorization" if credential is Credential.BEARER else credential.value
        headers = {"content-type": "application/json", "user-agent": self.person.agent, name: shown}
        if credential is Credential.ANTHROPIC:
            headers["anthropic-version"] = "2023-06-01"
        if not self.person.by_path:
            headers["x-llmconsole-tags"] = self.person.tags
        return {**headers, **self.person.headers}


def _seconds(text: str | None) -> float:
    return min(float(text), _LONGEST_PATIENCE) if text and text.isdigit() else 0.0
