"""The only keyring: provider keys from where the user keeps them, and back to there.

A key is looked for where the provider's `api_key` says: `keyring` (the default: a key of this session,
then the operating system's keyring, then the provider's usual environment variables), `env:NAME` or
`file:PATH`. Inside a cloud the login of this machine comes last, and what a key is good for may be another
text.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any, AnyStr

from gateway_core.model.errors import Refusal
from gateway_core.providers.provider import Provider
from gateway_core.vault.identity import Identities
from gateway_core.vault.judge import VaultState, is_safe
from gateway_core.vault.key import Key, KeyFiles, KeySource, key_from_environment, make_key, secrets_in
from gateway_core.vault.ring import Ring

__all__ = ["Key", "KeySource", "Vault", "VaultState"]

KEYRING_SECONDS = 10.0
_SHORTEST_REDACTED = 8
"""A shorter text stands in harmless words too."""
_REMEMBERED = 64
"""Credentials of clouds that are redacted at the most: there is a new one every hour."""


class Vault:
    """Keys by provider id. Belongs to one event loop. Nothing in it ever logs."""

    def __init__(self, *, time_limit: float = KEYRING_SECONDS) -> None:
        self._ring = Ring(_choose_backend, time_limit)
        self._session: dict[str, Key] = {}
        self._kept: dict[str, Key] = {}
        self._files = KeyFiles()
        self._secrets: dict[str, str] = {}
        self._learned: deque[str] = deque()
        self._identities = Identities(time_limit, self._learn)

    async def key(self, provider: Provider) -> Key | None:
        """The provider's key; None where there is none, or none of ours is sent (`none`, `client`).

        Raises Refusal where a file or variable holds something that cannot be used as a key, and where a
        cloud gives no credentials for it.
        """
        if provider.api_key in ("none", "client"):
            return None
        return await self._good_for(provider, await self._stored(provider))

    async def given(self, provider: Provider, text: str) -> Key | None:
        """What a key that is not stored is sent as. Raises Refusal as `key` does, 400 for what is none."""
        return await self._good_for(provider, self._known(make_key(text, "session", where="the text given")))

    async def _good_for(self, provider: Provider, stored: Key | None) -> Key | None:
        """The key itself, or what the cloud gives for it; a cloud that is not set up is not asked."""
        if provider.cloud is None or not provider.base_url:
            return stored
        return await self._identities.key(provider, stored)

    async def _stored(self, provider: Provider) -> Key | None:
        setting = provider.api_key
        if (key := self._session.get(provider.id)) is not None:
            return key
        if setting.startswith("env:"):
            return self._known(key_from_environment((setting.removeprefix("env:"),)))
        if setting.startswith("file:"):
            return self._known(self._files.key(setting.removeprefix("file:")))
        text = await self._ring.get(provider.id)
        if text is None:
            # A variable of a whole cloud says nothing about a provider that nobody has set up.
            unasked = provider.cloud is not None and not provider.base_url
            return None if unasked else self._known(key_from_environment(provider.key_env))
        key = self._kept.get(provider.id)
        if key is None or key.text != text:
            where = f"what the keyring has for {provider.id}"
            key = self._kept[provider.id] = make_key(text, "keyring", where=where)
        return self._known(key)

    async def callable_ones(self, providers: Iterable[Provider], *, within: float) -> frozenset[str]:
        """The ids of those that can be called now: they need no key, or theirs is known.

        within: seconds that the keyring has to answer what it was not asked before; what it says later is
        remembered for the next who asks.
        """
        found: set[str] = set()
        # Whoever must be asked comes last: a keyring that hangs hides nobody else's key.
        ordered = sorted(providers, key=lambda each: each.api_key == "keyring" and each.auth != "none")
        try:
            async with asyncio.timeout(within):
                for provider in ordered:
                    if await self._can_call(provider):
                        found.add(provider.id)
        except TimeoutError:
            pass
        return frozenset(found)

    async def set(self, provider_id: str, text: str, *, session_only: bool = False) -> Key:
        """Keeps a key: in the keyring, or with `session_only` in memory until the process ends.

        Raises Refusal 400 for what is no key, 503 with the mend where the keyring cannot keep it.
        """
        key = make_key(text, "session" if session_only else "keyring", where="the text given")
        self._known(key)
        if session_only:
            self._session[provider_id] = key
        else:
            await self._ring.set(provider_id, key.text)
            self._session.pop(provider_id, None)
        return key

    async def remove(self, provider_id: str) -> bool:
        """Forgets the key of this session and the one in the keyring; whether there was any.

        Raises Refusal 503 where a usable keyring does not let go of it.
        """
        in_session = self._session.pop(provider_id, None) is not None
        if in_session and not (await self.state()).usable:
            return True
        return await self._ring.delete(provider_id) or in_session

    async def state(self) -> VaultState:
        """Whether keys can be kept on this machine, and if not, why and what to do."""
        return await self._ring.state()

    def missing(self, provider: Provider) -> str:
        """Why there is no key for the provider and what to do about it, in one sentence."""
        ways = provider.ways_to_a_key
        if (trouble := self._ring.trouble) is not None:
            ways.insert(0, f"{trouble.problem}: {trouble.mend}")
        return f"no key for {provider.title}; {', or '.join(ways)}"

    def redact(self, text: AnyStr) -> AnyStr:
        """The same text with every key that was ever known here cut down to its last four characters."""
        for secret, shown in self._secrets.items():
            if isinstance(text, bytes):
                text = text.replace(secret.encode(), shown.encode())
            else:
                text = text.replace(secret, shown)
        return text

    async def _can_call(self, provider: Provider) -> bool:
        if provider.api_key in ("none", "client") or provider.auth == "none":
            return True
        try:
            return await self.key(provider) is not None
        except Refusal:
            return False

    def _known(self, key: Key | None) -> Key | None:
        if key is not None and len(key.text) >= _SHORTEST_REDACTED:
            self._hide(key.text, f"••••{key.hint}")
        return key

    def _hide(self, text: str, shown: str) -> None:
        """From now on the text is shown as that only, and its parts not at all."""
        if text not in self._secrets:
            self._secrets |= {text: shown} | dict.fromkeys(secrets_in(text), "••••")

    def _learn(self, text: str) -> None:
        """A credential that a cloud gave; those that have ended long ago are forgotten."""
        if text in self._secrets:
            return
        self._hide(text, "••••")
        self._learned.append(text)
        if len(self._learned) > _REMEMBERED:
            old = self._learned.popleft()
            for each in (old, *secrets_in(old)):
                self._secrets.pop(each, None)


def _choose_backend() -> Any:
    """The backend that the user named, or the best one here that is safe."""
    # Loaded here, in the thread: it reads the metadata of all packages and speaks to the session bus.
    from keyring.core import get_keyring, init_backend

    init_backend(is_safe)
    return get_keyring()
