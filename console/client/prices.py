"""What models cost, and past calls at the prices of now."""

from __future__ import annotations

from collections.abc import Mapping

from console import shapes
from console.client.asking import COPYING, Asking
from console.shapes import wrapped
from console.wire import decoded, part


class Prices(Asking):
    """What models cost, and past calls at the prices of now."""

    async def prices(self) -> tuple[shapes.ModelPrice, ...]:
        return (await self._wire.get("/prices", wrapped.Prices)).prices

    async def price(self, model: str) -> shapes.ModelPrice:
        """model: 'provider/model'."""
        return await self._wire.get(f"/prices/{part(model)}", shapes.ModelPrice)

    async def put_price(
        self, model: str, rates: Mapping[str, str], *, over: str | None = None
    ) -> shapes.ModelPrice:
        """Sets the user's own price. rates: dollars per million tokens: {'input': '0.10', …}.

        over, here and below: the revision of what is written over; ClientError 412 where it is another one.
        """
        return await self._wire.put(f"/prices/{part(model)}", dict(rates), shapes.ModelPrice, over=over)

    async def delete_price(self, model: str, *, over: str | None = None) -> None:
        """Takes the user's own price back. ClientError 404 where there is none."""
        await self._wire.send("DELETE", f"/prices/{part(model)}", over=over)

    async def fix_prices(
        self, *, model: str | None, since: str | None, until: str | None, apply: bool
    ) -> shapes.PriceFix:
        """Past calls at the prices of now; without `apply` nothing is changed."""
        body = {"model": model, "since": since, "until": until, "apply": apply}
        answer = await self._wire.send("POST", "/prices/fix", body, timeout=COPYING)
        return decoded(answer, shapes.PriceFix)
