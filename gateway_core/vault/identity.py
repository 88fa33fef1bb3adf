"""A key that is an identity inside a cloud: what it is good for now, renewed in a thread before it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gateway_core.clouds import aws, google
from gateway_core.clouds.credential import Credential
from gateway_core.model.errors import NO_KEY, Refusal
from gateway_core.providers.cloud import Cloud, Signing
from gateway_core.providers.provider import Provider
from gateway_core.vault.key import Key
from gateway_core.vault.ring import ASK_AGAIN_SECONDS
from gateway_core.vault.worker import CallFailed, Overdue, Worker

_SHOWN = 300


@dataclass(slots=True)
class _Kept:
    """The newest credential of one identity. Times are monotonic seconds."""

    given: Key | None
    make: Callable[[], Credential | None]
    key: Key | None = None
    fresh: float = 0.0
    usable: float = 0.0
    none_until: float = 0.0
    asked: asyncio.Future[Credential | None] | None = None


class Identities:
    """What calls inside clouds are sent with, by provider. seconds: how long anybody waits for a new one."""

    def __init__(self, seconds: float, learned: Callable[[str], None]) -> None:
        # One for each cloud: where one hangs, the other goes on.
        self._workers: dict[Signing, Worker] = {}
        self._seconds = seconds
        self._learned = learned
        self._kept: dict[str, _Kept] = {}
        self._loaded = False

    async def key(self, provider: Provider, given: Key | None) -> Key | None:
        """What a call is sent with now; given: the key that was stored, None for the cloud's own login.

        None where there is no login either. Raises Refusal 401 where the cloud gives nothing for it.
        """
        assert provider.cloud is not None
        if given is not None and not _is_exchanged(provider.cloud, given):
            await self._load(provider)
            return given
        kept = self._kept.get(provider.id)
        if kept is None or kept.given != given:
            kept = self._kept[provider.id] = _Kept(given, _maker(provider.cloud, given))
        now = time.monotonic()
        if now < max(kept.fresh, kept.none_until):
            return kept.key
        asked = self._ask(provider, kept)
        if now >= kept.usable:
            await self._done(provider, asked)
        return kept.key

    async def _load(self, provider: Provider) -> None:
        """Has the library that signs loaded in the thread, before a call would do it on the loop."""
        assert provider.cloud is not None
        if provider.cloud.signing != "aws" or self._loaded:
            return
        await self._done(provider, self._worker(provider).start(aws.load))
        self._loaded = True

    def _worker(self, provider: Provider) -> Worker:
        assert provider.cloud is not None
        signing = provider.cloud.signing
        if signing not in self._workers:
            self._workers[signing] = Worker(f"credentials of {signing}", self._seconds)
        return self._workers[signing]

    def _ask(self, provider: Provider, kept: _Kept) -> asyncio.Future[Credential | None]:
        """Starts to renew it, unless that is under way."""
        if kept.asked is None:
            kept.asked = self._worker(provider).start(kept.make)
            kept.asked.add_done_callback(lambda done: self._came(kept, done))
        return kept.asked

    async def _done(self, provider: Provider, asked: asyncio.Future[Any]) -> None:
        try:
            await self._worker(provider).wait(asked)
        except Overdue:
            why = f"it took more than {self._seconds:g} s"
        except CallFailed as error:
            why = " ".join(str(error).split())[:_SHOWN] or error.error
        else:
            return
        raise Refusal(401, NO_KEY, f"{provider.title} gives no credentials: {why}")

    def _came(self, kept: _Kept, done: asyncio.Future[Credential | None]) -> None:
        kept.asked = None
        if done.exception() is not None:
            return
        found, now = done.result(), time.monotonic()
        if found is None:
            kept.key, kept.usable, kept.none_until = None, 0.0, now + ASK_AGAIN_SECONDS
            return
        self._learned(found.text)
        source, hint = (kept.given.source, kept.given.hint) if kept.given else ("login", "")
        kept.key = Key(found.text, source, hint)
        kept.fresh, kept.usable = now + found.fresh, now + found.usable


def _is_exchanged(cloud: Cloud, given: Key) -> bool:
    """Whether the key is not sent itself, but what it is exchanged for."""
    return cloud.signing == "google" and given.is_json


def _maker(cloud: Cloud, given: Key | None) -> Callable[[], Credential | None]:
    if cloud.signing == "aws":
        return aws.usual_credential
    return google.Issuer(given.text if given else None).token
