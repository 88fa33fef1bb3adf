"""The policy in force: kept in the database, edited live, undone step by step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import anyio.to_thread

from gateway_core.model.policy import Policy
from gateway_core.store.policy import PolicyStore

Applied = Callable[[Policy], Awaitable[None]]


class PolicyKeeper:
    """Holds the current policy. Each change is saved first, then takes effect for the next call."""

    def __init__(self, store: PolicyStore, current: Policy, applied: Applied) -> None:
        self._store = store
        self._applied = applied
        self._one_at_a_time = asyncio.Lock()
        self.current = current

    async def change(self, what: str, policy: Policy, who: str) -> None:
        """Saves and applies a policy. what: the section that changed; who: for the history."""
        async with self._one_at_a_time:
            await anyio.to_thread.run_sync(lambda: self._store.save(policy, who=who, what=what))
            self.current = policy
            await self._applied(policy)
