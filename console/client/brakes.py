"""Switches thrown in a hurry."""

from __future__ import annotations

from collections.abc import Sequence

from console import shapes
from console.client.asking import Asking, Where
from console.shapes import wrapped
from console.wire import decoded


class Brakes(Asking):
    """Switches that hold calls back until somebody lifts them."""

    async def panics(self) -> wrapped.Panics:
        """The switches that are thrown."""
        return await self._wire.get("/panics", wrapped.Panics)

    async def put_panics(self, panics: Sequence[shapes.Panic], *, over: str | None = None) -> wrapped.Panics:
        """Throws exactly these. over: the revision of those thrown; ClientError 412 where it is another."""
        said = [{"restraint": each.restraint, "match": dict(each.match)} for each in panics]
        return await self._wire.put("/panics", {"panics": said}, wrapped.Panics, over=over)

    async def panic(self, restraint: str, match: Where, *, over: str | None = None) -> wrapped.Panics:
        """Throws one; all that are thrown then. restraint: stop | cheap."""
        body = {"restraint": restraint, "match": dict(match)}
        return decoded(await self._wire.send("POST", "/panics", body, over=over), wrapped.Panics)

    async def lift_panics(self) -> tuple[shapes.Panic, ...]:
        """Lifts all of them."""
        return decoded(await self._wire.send("DELETE", "/panics"), wrapped.Panics).panics
