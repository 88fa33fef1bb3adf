"""The part of the admin plane that tells of the providers' own prompt caches."""

from __future__ import annotations

from console.client.asking import Asking
from console.shapes.prompt_cache import PromptCache


class Prompts(Asking):
    """What the prompt caches of providers did for the gateway at the other end of a wire."""

    async def prompt_cache(self, since: str = "24h", by: str = "tag:project") -> PromptCache:
        """by: tag:KEY, session, model, provider or token."""
        return await self._wire.get("/prompt-cache", PromptCache, [("since", since), ("by", by)])
