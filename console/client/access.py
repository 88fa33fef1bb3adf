"""Providers, their keys, and the tokens of clients."""

from __future__ import annotations

from collections.abc import Mapping

from console import shapes
from console.client.asking import PATIENT, Asking
from console.shapes import wrapped
from console.shapes.providers import ProviderVitals
from console.wire import decoded, part


class Access(Asking):
    """Providers, their keys, and the tokens of clients."""

    async def provider_vitals(self, since: str = "24h") -> ProviderVitals:
        """How every provider and model does that was called since then."""
        return await self._wire.get("/providers/vitals", ProviderVitals, [("since", since)])

    async def keys(self) -> shapes.Keys:
        return await self._wire.get("/keys", shapes.Keys)

    async def set_key(self, provider: str, key: str, *, session_only: bool = False) -> shapes.KeyState:
        """session_only: kept in the gateway's memory until it ends, where no keyring can be used."""
        body = {"key": key, "session_only": session_only}
        return await self._wire.put(f"/keys/{part(provider)}", body, shapes.KeyState)

    async def remove_key(self, provider: str) -> None:
        await self._wire.send("DELETE", f"/keys/{part(provider)}")

    async def test_key(self, provider: str, key: str | None = None) -> shapes.KeyTest:
        """Asks the provider for its models, which costs nothing. key: one that is not stored yet."""
        body = {} if key is None else {"key": key}
        path = f"/keys/{part(provider)}/test"
        return decoded(await self._wire.send("POST", path, body, timeout=PATIENT), shapes.KeyTest)

    async def tokens(self) -> tuple[shapes.Token, ...]:
        return (await self._wire.get("/tokens", wrapped.Tokens)).tokens

    async def create_token(self, name: str, tags: Mapping[str, str] | None = None) -> shapes.NewToken:
        body = {"name": name, "tags": dict(tags or {})}
        return decoded(await self._wire.send("POST", "/tokens", body), shapes.NewToken)

    async def revoke_token(self, name: str) -> None:
        await self._wire.send("DELETE", f"/tokens/{part(name)}")

    async def client_token(self) -> shapes.NewToken:
        """The token of the first start, which `llmconsole env` hands to the clients."""
        return await self._wire.get("/client-token", shapes.NewToken)
