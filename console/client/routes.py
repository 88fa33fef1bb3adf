"""Where calls go: routes, and switches thrown in a hurry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console import shapes
from console.client.asking import Asking, Where, part
from console.shapes import wrapped
from console.wire import decoded


class Routes(Asking):
    """Where calls go: routes, and switches thrown in a hurry."""

    async def routes(self) -> tuple[shapes.Route, ...]:
        """In the order in which they are tried."""
        return (await self._wire.get("/routes", wrapped.Routes)).routes

    async def put_route(
        self,
        name: str,
        *,
        when: Mapping[str, str],
        use: Sequence[str],
        enabled: bool = True,
        position: int | None = None,
    ) -> shapes.Route:
        """position: the place in the order, 0 first; None keeps the place, or adds a new route last."""
        body = {"when": dict(when), "use": list(use), "enabled": enabled, "position": position}
        return await self._wire.put(f"/routes/{part(name)}", body, shapes.Route)

    async def delete_route(self, name: str) -> None:
        await self._wire.send("DELETE", f"/routes/{part(name)}")

    async def panics(self) -> tuple[shapes.Panic, ...]:
        """The switches that are thrown."""
        return (await self._wire.get("/panics", wrapped.Panics)).panics

    async def panic(self, restraint: str, match: Where) -> tuple[shapes.Panic, ...]:
        """Throws one. restraint: stop | cheap."""
        body = {"restraint": restraint, "match": dict(match)}
        return decoded(await self._wire.send("POST", "/panics", body), wrapped.Panics).panics

    async def lift_panics(self) -> tuple[shapes.Panic, ...]:
        """Lifts all of them."""
        return decoded(await self._wire.send("DELETE", "/panics"), wrapped.Panics).panics
