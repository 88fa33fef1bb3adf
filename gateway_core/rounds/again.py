"""Work that is done again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def again_and_again(
    what: str, pause: float, work: Callable[[], Awaitable[None]], *, rest_first: bool = False
) -> None:
    """Works, pauses for so many seconds, for ever. rest_first: the first pause comes before all work."""
    if rest_first:
        await asyncio.sleep(pause)
    while True:
        try:
            await work()
        except Exception as error:
            # A supervisor: one failed round, of a full disk say, must not end the rounds to come.
            log.warning("%s failed with %s: %s; it goes on", what, type(error).__name__, error)
        await asyncio.sleep(pause)
