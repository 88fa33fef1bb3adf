"""Looks which models the providers on this machine have just now."""

from __future__ import annotations

from collections.abc import Iterable

from gateway_core.pipeline.parts import Parts
from gateway_core.providers.catalog import Provider

PAUSE = 30.0
"""Seconds between two looks."""


async def look(parts: Parts, local: Iterable[Provider]) -> None:
    """Asks each of them; one that does not answer has no models."""
    for provider in local:
        models = await parts.upstream.discover(provider)
        parts.catalog.set_discovered(provider.id, models)
