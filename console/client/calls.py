"""What was called, what it cost, and why it went where it went."""

from __future__ import annotations

from console import shapes
from console.client.asking import Asking, Where, given, matching
from console.wire import decoded, part


class Calls(Asking):
    """What was called, what it cost, and why it went where it went."""

    async def summary(self) -> shapes.Summary:
        return await self._wire.get("/summary", shapes.Summary)

    async def spend(self, range: str = "24h", by: str = "model") -> shapes.Spend:
        """range: 1h | 24h | 7d | month; by: model | project | user | mode | provider."""
        return await self._wire.get("/spend", shapes.Spend, [("range", range), ("by", by)])

    async def calls(
        self, limit: int = 200, *, before: str | None = None, where: Where | None = None
    ) -> shapes.Calls:
        """The newest calls; `before` is the id of a call, and older ones than it are given."""
        params = [("limit", str(limit)), *given(before=before), *matching(where)]
        return await self._wire.get("/calls", shapes.Calls, params)

    async def call(self, id: str) -> shapes.Call:
        return await self._wire.get(f"/calls/{part(id)}", shapes.Call)

    async def thumb(self, id: str, *, up: bool) -> None:
        """Says whether a call's answer was good enough."""
        await self._wire.send("POST", f"/calls/{part(id)}/thumb", {"thumb": "up" if up else "down"})

    async def receipt(self, id: str) -> shapes.Receipt:
        """What an ended call was made of."""
        return await self._wire.get(f"/calls/{part(id)}/receipt", shapes.Receipt)

    async def what_if(self, id: str) -> shapes.WhatIf:
        """An ended call's tokens at the prices of every model that is known; none of them is called."""
        return await self._wire.get(f"/calls/{part(id)}/what-if", shapes.WhatIf)

    async def end_call(self, id: str) -> None:
        """Ends a call that is under way. ClientError 404 where it is not (any more)."""
        await self._wire.send("POST", f"/calls/{part(id)}/end", {})

    async def correct(self, id: str, cost_usd: str, why: str) -> shapes.Call:
        """A word on what an ended call cost, in dollars; answers the call as it now counts."""
        body = {"cost_usd": cost_usd, "why": why}
        answer = await self._wire.send("POST", f"/calls/{part(id)}/corrections", body)
        return decoded(answer, shapes.Call)

    async def label(self, id: str, mode: str | None, *, over: str | None = None) -> shapes.Call:
        """A word on which mode an ended call had, None for the one that it was written with; answers the call
        as it now counts. over: the revision of the last word; ClientError 412 where it is another one."""
        answer = await self._wire.send("POST", f"/calls/{part(id)}/mode", {"mode": mode}, over=over)
        return decoded(answer, shapes.Call)

    async def cache(self, range: str = "24h") -> shapes.CacheUse:
        return await self._wire.get("/cache", shapes.CacheUse, [("range", range)])
