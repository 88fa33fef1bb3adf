"""The part of the admin plane that decides: routes, reasons of calls, and trials on the past."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from console import shapes
from console.client.asking import Asking
from console.shapes import decisions, wrapped
from console.wire import decoded, part

Told = Callable[[float], None]
"""Is given the share of 1 that is done, now and then."""


def nobody(share: float) -> None:
    """Where nobody looks on."""


class Routes(Asking):
    """Routes of the gateway at the other end of a wire. Drafts are bodies of `routes/test`."""

    async def routes(self) -> wrapped.Routes:
        """In the order in which they are tried."""
        return await self._wire.get("/routes", wrapped.Routes)

    async def put_routes(
        self, routes: Sequence[Mapping[str, Any]], *, over: str | None = None
    ) -> wrapped.Routes:
        """Puts these, in the words of the policy and in this order, in place of all there are. over: the
        revision of those; ClientError 412 where it is another one by now."""
        body = {"routes": [dict(each) for each in routes]}
        return await self._wire.put("/routes", body, wrapped.Routes, over=over)

    async def routes_served(self, since: str = "30d") -> dict[str, int]:
        """How many calls since then each route has led, by its name."""
        return (await self._wire.get("/routes/served", wrapped.RoutesServed, [("since", since)])).served

    async def put_route(
        self, name: str, *, when: Mapping[str, str], use: Sequence[str], **more: Any
    ) -> shapes.Route:
        """Makes or replaces a route. more: enabled, pick, weights, escalate, shadow, pin; its place as
        position (0 first) or before (a name); without one it keeps its own, or is the last."""
        body = {"when": dict(when), "use": list(use), **more}
        return await self._wire.put(f"/routes/{part(name)}", body, shapes.Route)

    async def change_route(self, name: str, **fields: Any) -> shapes.Route:
        """Changes these fields of a route, or its place, and nothing else."""
        answer = await self._wire.send("PATCH", f"/routes/{part(name)}", fields)
        return decoded(answer, shapes.Route)

    async def delete_route(self, name: str) -> None:
        await self._wire.send("DELETE", f"/routes/{part(name)}")

    async def thresholds(self) -> shapes.Thresholds:
        """What holds for all routes, with its revision."""
        return await self._wire.get("/thresholds", shapes.Thresholds)

    async def put_thresholds(
        self, fields: Mapping[str, Any], *, over: str | None = None
    ) -> shapes.Thresholds:
        """Changes these fields, in the words of the policy, and nothing else. over: the revision that they
        are written over; ClientError 412 where it is another one by now."""
        return await self._wire.put("/thresholds", fields, shapes.Thresholds, over=over)

    async def classes(self, since: str = "7d") -> shapes.Classes:
        """How many calls since then fell in each class."""
        return await self._wire.get("/thresholds/classes", shapes.Classes, [("since", since)])

    async def opinions(self, since: str = "30d") -> wrapped.Opinions:
        """Every second opinion, and what those taken since then have said."""
        return await self._wire.get("/opinions", wrapped.Opinions, [("since", since)])

    async def put_opinion(self, name: str, **fields: Any) -> shapes.Opinion:
        """Makes a second opinion, or changes these fields of the one of that name."""
        return await self._wire.put(f"/opinions/{part(name)}", fields, shapes.Opinion)

    async def delete_opinion(self, name: str) -> None:
        await self._wire.send("DELETE", f"/opinions/{part(name)}")

    async def decision(self, id: str) -> decisions.Explanation:
        """Why a call went where it went."""
        return await self._wire.get(f"/calls/{part(id)}/decision", decisions.Explanation)

    async def test_routes(self, body: Mapping[str, Any], told: Told = nobody) -> decisions.RoutesTest:
        """What a draft of routes would have done to past calls."""
        return await self._wire.work("/routes/test", body, decisions.RoutesTest, told)

    async def try_prompt(self, body: Mapping[str, Any]) -> decisions.PromptTest:
        """Where one prompt would go by the routes in force or a draft."""
        return decoded(await self._wire.send("POST", "/routes/try", body), decisions.PromptTest)

    async def test_budget(self, body: Mapping[str, Any], told: Told = nobody) -> decisions.BudgetTest:
        """What a budget would have done over past calls."""
        return await self._wire.work("/budgets/test", body, decisions.BudgetTest, told)

    async def learn_own(self) -> shapes.Lesson:
        """Learns from the outcomes of the calls that the gateway remembers."""
        return decoded(await self._wire.send("POST", "/lessons/own"), shapes.Lesson)
