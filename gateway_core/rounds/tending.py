"""Drops what has lived its time: kept answers, messages, idempotency keys, rows that the settings let go."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import anyio.to_thread

from gateway_core.clock import Clock, instant_text
from gateway_core.model.errors import Refusal
from gateway_core.store.cache import CacheStore
from gateway_core.store.idempotency import IdempotencyStore
from gateway_core.store.ledger import Ledger
from gateway_core.store.messages import MessageStore
from gateway_core.store.prompts import PromptStore
from gateway_core.store.retention import compact

PAUSE = 600.0
"""Seconds between two rounds."""
PROMPTS_KEPT = timedelta(days=1)
"""No provider keeps a prompt for longer, and nothing is to be compared with it."""


class Stores(NamedTuple):
    """Where something grows old."""

    ledger: Ledger
    cache: CacheStore
    keys: IdempotencyStore
    prompts: PromptStore
    messages: MessageStore


async def drop_expired(stores: Stores, clock: Clock, keep_days: int | None) -> None:
    """keep_days: days after which the rows of calls go and only their sums stay; None: never."""
    now = clock.now()
    try:
        await anyio.to_thread.run_sync(stores.cache.sweep, instant_text(now))
        await anyio.to_thread.run_sync(stores.keys.sweep, instant_text(now))
        await anyio.to_thread.run_sync(stores.prompts.sweep, (now - PROMPTS_KEPT).timestamp())
        await anyio.to_thread.run_sync(stores.messages.sweep)
        if keep_days is not None:
            before = instant_text(now - timedelta(days=keep_days))
            await anyio.to_thread.run_sync(compact, stores.ledger, before, abandon_on_cancel=True)
    except Refusal:
        # The ledger cannot be written just now, and others say so; the next round comes.
        return
