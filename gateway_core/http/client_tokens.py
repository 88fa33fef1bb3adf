"""Client tokens as they are kept: made, revoked, and the one of the first start."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import anyio.to_thread

from gateway_core.clock import Clock, instant_text
from gateway_core.folder.private import read_or_make, write_private
from gateway_core.http.guard import Tokens, new_token
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import ClientToken
from gateway_core.store.policy import PolicyStore

FIRST = "default"
"""The name of the token that is made at the first start."""


def hash_key(data: Path) -> bytes:
    """The key of the hashes that are kept: one per data folder."""
    return bytes.fromhex(read_or_make(data / "token.key", os.urandom(32).hex()))


class ClientTokens:
    """known: those that let calls in, at this moment. changed: called when they have become others."""

    def __init__(
        self, store: PolicyStore, data: Path, clock: Clock, *, required: bool, changed: Callable[[], None]
    ) -> None:
        self._store = store
        self._file = data / "client.token"
        self._clock = clock
        self._changed = changed
        self.known = Tokens(hash_key(data), store.tokens(), required)

    async def create(self, name: str, tags: Mapping[str, str]) -> str:
        """Makes a token and returns its text, which is not kept. Raises Refusal 409: name in use."""
        text = new_token()
        token = ClientToken(name, self.known.digest(text), dict(tags), instant_text(self._clock.now()))
        await anyio.to_thread.run_sync(self._store.add_token, token)
        await self._take()
        return text

    async def revoke(self, name: str) -> None:
        """Ends a token at once. Raises Refusal 404 for an unknown name."""
        now = instant_text(self._clock.now())
        if not await anyio.to_thread.run_sync(self._store.revoke_token, name, now):
            raise Refusal(404, "no_such_token", f"no token is named {name!r}")
        await self._take()

    async def make_first(self) -> None:
        """Makes the first token where there was never any, and keeps its text for who points clients here."""
        if not self._store.tokens():
            write_private(self._file, await self.create(FIRST, {}) + "\n")

    def first(self) -> str:
        """The text of the first token, empty where it is not kept here."""
        return self._file.read_text(encoding="utf-8").strip() if self._file.exists() else ""

    async def _take(self) -> None:
        self.known.replace(await anyio.to_thread.run_sync(self._store.tokens))
        self._changed()
