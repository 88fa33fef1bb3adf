"""What every screen works with: the gateway, what is known of it, and the edits that can be undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal

from console.client import AdminClient
from console.feed import Feed
from console.gateway import GatewayHandle
from console.shapes import Budget

Undo = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A budget as a person wrote it. Exactly one of the limits is set."""

    name: str
    match: dict[str, str]
    limit_usd: Decimal | None
    limit_tokens: int | None
    window: str
    at_limit: str
    alerts: tuple[int, ...]

    @classmethod
    def of(cls, budget: Budget) -> Draft:
        return cls(
            budget.name,
            dict(budget.match),
            budget.limit_usd,
            budget.limit_tokens,
            budget.window,
            budget.at_limit,
            tuple(budget.alerts),
        )


@dataclass(slots=True)
class Desk:
    """`client` changes when the gateway is started again, and so does what `handle` says; `demo`: everything
    is simulated."""

    handle: GatewayHandle
    client: AdminClient
    feed: Feed
    demo: bool = False
    _edits: list[tuple[str, Undo]] = field(default_factory=list)

    def attach(self, handle: GatewayHandle) -> None:
        """Works on another gateway from now on. The handle stays the same one: its owner will close it."""
        self.handle.url, self.handle.token, self.handle.pid = handle.url, handle.token, handle.pid
        self.handle.process, self.handle.kept = handle.process, False
        self.client = handle.client()
        self.feed.attach(self.client)

    async def save_budget(self, draft: Draft, before: Budget | None) -> Budget:
        """Saves, and remembers how it was. Raises what the client raises."""
        saved = await self._put(draft)
        if before is None:
            self._edits.append((f"{draft.name} is gone again", lambda: self._drop(draft.name)))
        else:
            old = Draft.of(before)
            self._edits.append((f"{old.name} is as it was", lambda: self._put(old)))
        return saved

    async def delete_budget(self, budget: Budget) -> None:
        await self._drop(budget.name)
        old = Draft.of(budget)
        self._edits.append((f"{old.name} is back", lambda: self._put(old)))

    async def set_mode(self, mode: str, before: str) -> None:
        await self.client.set_mode(mode)
        self._edits.append((f"mode is {before} again", lambda: self.client.set_mode(before)))
        self.feed.refresh()

    async def undo(self) -> str:
        """Takes the last edit back; answers what is so again."""
        if not self._edits:
            return "nothing to undo in this session"
        told, undo = self._edits[-1]
        await undo()
        self._edits.pop()
        self.feed.refresh()
        return told

    async def _put(self, draft: Draft) -> Budget:
        saved = await self.client.put_budget(
            draft.name,
            match=draft.match,
            limit_usd=draft.limit_usd,
            limit_tokens=draft.limit_tokens,
            window=draft.window,
            at_limit=draft.at_limit,
            alerts=draft.alerts,
        )
        self.feed.take_budget(saved.name, saved)
        return saved

    async def _drop(self, name: str) -> None:
        await self.client.delete_budget(name)
        self.feed.take_budget(name, None)
