"""The gateway itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

from console import shapes
from console.client.asking import Asking
from console.events import follow
from console.shapes import Event
from console.shapes.logs import Logs
from console.shapes.settings import Settings
from console.wire import Param


class Engine(Asking):
    """The gateway itself."""

    async def status(self) -> shapes.Status:
        return await self._wire.get("/status", shapes.Status)

    async def settings(self) -> Settings:
        """What it runs with."""
        return await self._wire.get("/settings", Settings)

    async def logs(self, *, after: int = 0, level: str = "debug", limit: int = 1_000) -> Logs:
        """Its own last log lines from a level on, or those above a number."""
        params: list[Param] = [("after", after), ("level", level), ("limit", limit)]
        return await self._wire.get("/logs", Logs, params)

    async def stop(self) -> None:
        await self._wire.send("POST", "/stop", {})

    async def keep(self, keep: bool) -> None:
        """Whether the gateway goes on when the console that started it ends."""
        await self._wire.send("PUT", "/keep", {"keep": keep})

    def events(self, last_id: int | None = None) -> AsyncIterator[Event]:
        """What happens from now on, or after the event `last_id`. Goes on over broken connections until it is
        closed; raises ClientError only when the gateway refuses the token."""
        return follow(self._wire.http, last_id)
