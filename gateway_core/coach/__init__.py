"""The cache coach: after a call it says what the provider's prompt cache did, and what broke it.

Prompts are kept as keyed hashes alone. Nothing of it is in a request's way: `saw` only queues, a thread of
its own hashes a few calls at a time, and what it finds is written between the ledger's rows.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Future, ThreadPoolExecutor

from gateway_core.coach.looking import Ended, Looker
from gateway_core.rules.prompt_cache.habits import LEAST
from gateway_core.store.prompts import PromptStore

__all__ = ["Coach", "Ended"]

log = logging.getLogger(__name__)

GATHER = 0.05
"""Seconds that calls wait for company."""
MOST_WAITING = 32 * 2**20
"""Bytes of bodies that may wait; calls beyond are not looked at."""


class Coach:
    """Belongs to one event loop; the work is done in one thread beside it. key: of the hashes."""

    def __init__(self, store: PromptStore, key: bytes) -> None:
        self._looker = Looker(store, key)
        self._waiting: list[Ended] = []
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="coach")
        self.shed = 0
        """Calls that were not looked at, because too many were waiting."""

    def saw(self, ended: Ended) -> None:
        """A call has ended. What no provider would have kept is passed over."""
        if ended.usage.total_input < LEAST:
            return
        if self._bytes > MOST_WAITING:
            self.shed += 1
            return
        self._waiting.append(ended)
        self._bytes += len(ended.body)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GATHER, self._flush)

    async def aclose(self) -> None:
        """Looks at what is left, and ends."""
        if self._timer is not None:
            self._timer.cancel()
            self._flush()
        await asyncio.to_thread(self._thread.shutdown)

    def _flush(self) -> None:
        self._timer = None
        some, self._waiting, self._bytes = self._waiting, [], 0
        self._thread.submit(self._looker.look, some).add_done_callback(_tell)


def _tell(done: Future[None]) -> None:
    """What went wrong with some prompts costs the others nothing."""
    if error := done.exception():
        log.error("the cache coach stumbled: %s: %s", type(error).__name__, error)
