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

    async def edit(self, what: str, edit: Callable[[Policy], Policy], who: str) -> None:
        """Saves and applies what `edit` makes of the current policy; two edits at once lose neither.

        what: the section that changes; who: for the history.
        `edit` runs where the policy is written, in the same transaction, and maybe twice: it only computes.
        """
        async with self._one_at_a_time:
            policy = await anyio.to_thread.run_sync(lambda: self._store.edit(edit, who=who, what=what))
            self.current = policy
            await self._applied(policy)

    async def between_edits(self, work: Callable[[], Awaitable[None]]) -> None:
        """Does work during which nobody edits the policy, nor does other work of this kind."""
        async with self._one_at_a_time:
            await work()

    async def undo(self, who: str, check: Callable[[Policy], object]) -> str | None:
        """Takes the last edit back that still stands; what it was about, None where there is none. check:
        raises where the current policy is not the one that is meant."""
        async with self._one_at_a_time:
            undone = await anyio.to_thread.run_sync(lambda: self._store.undo(who=who, check=check))
            if undone is None:
                return None
            self.current = undone.after
            await self._applied(undone.after)
            return undone.what


def stored_policy(store: PolicyStore, seed: Policy) -> Policy:
    """The policy of the data folder; a new one gets `seed`, and config.toml no longer counts from then on."""
    policy = store.load()
    if policy is None:
        store.save(seed, who="config.toml", what="policy")
        return seed
    return policy
