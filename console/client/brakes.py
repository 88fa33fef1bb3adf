"""Switches thrown in a hurry."""

from __future__ import annotations

from console import shapes
from console.client.asking import Asking, Where
from console.shapes import wrapped
from console.wire import decoded


class Brakes(Asking):
    """Switches that hold calls back until somebody lifts them."""

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
