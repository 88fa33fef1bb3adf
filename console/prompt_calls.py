"""The part of the admin plane that tells of the providers' own prompt caches."""

from __future__ import annotations

from urllib.parse import quote

from console.shapes.prompt_cache import CallPromptCache, PromptCache
from console.wire import Wire


class PromptCalls:
    """What the prompt caches of providers did for the gateway at the other end of a wire."""

    _wire: Wire

    async def prompt_cache(self, since: str = "24h", by: str = "tag:project") -> PromptCache:
        """by: tag:KEY, session, model, provider or token."""
        return await self._wire.get("/prompt-cache", PromptCache, [("since", since), ("by", by)])

    async def call_prompt_cache(self, id: str) -> CallPromptCache:
        """Why a call read what it read from its provider's cache, and what the rest cost."""
        return await self._wire.get(f"/calls/{quote(id, safe='')}/prompt-cache", CallPromptCache)
