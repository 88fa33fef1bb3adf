"""Budgets and throttles, and calls that wait at a limit for a person's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from console import shapes
from console.client.asking import Asking, text_of
from console.shapes import wrapped
from console.wire import decoded, part

DEFAULT_ALERTS = (50, 80, 95, 100)


class Limits(Asking):
    """Budgets and throttles, and calls that wait at a limit for a person's word."""

    async def budgets(self) -> tuple[shapes.Budget, ...]:
        return (await self._wire.get("/budgets", wrapped.Budgets)).budgets

    async def put_budget(
        self,
        name: str,
        *,
        match: Mapping[str, str] | None = None,
        limit_usd: Decimal | str | None = None,
        limit_tokens: int | None = None,
        window: str = "month",
        at_limit: str = "block",
        alerts: Sequence[int] = DEFAULT_ALERTS,
        unbounded: str | None = None,
        downgrade_to: str | None = None,
        expensive_above: Decimal | str | None = None,
        raised_to_usd: Decimal | None = None,
        raised_to_tokens: int | None = None,
        raised_until: str | None = None,
        ask_seconds: int | None = None,
        dry_run: bool = False,
        over: str | None = None,
    ) -> shapes.Budget:
        """Makes or replaces a budget; answers it as it now stands, or with dry_run as it would.

        over, here and below: the revision of what it is written over, NOTHING where there is none yet;
        ClientError 412 where it is another one by now. Without it it is written over whatever there is.
        """
        body = {
            "match": dict(match or {}),
            "limit_usd": text_of(limit_usd),
            "limit_tokens": limit_tokens,
            "window": window,
            "at_limit": at_limit,
            "alerts": list(alerts),
            "unbounded": unbounded,
            "downgrade_to": downgrade_to,
            "expensive_above": text_of(expensive_above),
            "raised_to_usd": text_of(raised_to_usd),
            "raised_to_tokens": raised_to_tokens,
            "raised_until": raised_until,
            "ask_seconds": ask_seconds,
        }
        path = f"/budgets/{part(name)}" + ("?dry_run=true" if dry_run else "")
        return await self._wire.put(path, body, shapes.Budget, over=over)

    async def raise_budget(
        self,
        name: str,
        *,
        to_usd: Decimal | str | None = None,
        to_tokens: int | None = None,
        until: str | None = None,
        over: str | None = None,
    ) -> shapes.Budget:
        """Sets a temporary limit in the budget's own unit. until: RFC 3339; None is the end of the window."""
        body = {"to_usd": text_of(to_usd), "to_tokens": to_tokens, "until": until}
        answer = await self._wire.send("POST", f"/budgets/{part(name)}/raise", body, over=over)
        return decoded(answer, shapes.Budget)

    async def delete_budget(self, name: str, *, over: str | None = None) -> None:
        await self._wire.send("DELETE", f"/budgets/{part(name)}", over=over)

    async def throttles(self) -> tuple[shapes.Throttle, ...]:
        return (await self._wire.get("/throttles", wrapped.Throttles)).throttles

    async def put_throttle(
        self,
        name: str,
        *,
        match: Mapping[str, str] | None = None,
        tokens_per_minute: int | None = None,
        requests_per_minute: int | None = None,
        usd_per_hour: Decimal | str | None = None,
        concurrent: int | None = None,
        over: str | None = None,
    ) -> shapes.Throttle:
        body = {
            "match": dict(match or {}),
            "tokens_per_minute": tokens_per_minute,
            "requests_per_minute": requests_per_minute,
            "usd_per_hour": text_of(usd_per_hour),
            "concurrent": concurrent,
        }
        return await self._wire.put(f"/throttles/{part(name)}", body, shapes.Throttle, over=over)

    async def delete_throttle(self, name: str, *, over: str | None = None) -> None:
        await self._wire.send("DELETE", f"/throttles/{part(name)}", over=over)

    async def questions(self) -> tuple[shapes.Question, ...]:
        """The calls that wait for a person's word, the oldest first."""
        return (await self._wire.get("/questions", wrapped.Questions)).questions

    async def answer_question(self, id: str, answer: str) -> str:
        """answer: once | raised (after raising the budget) | cheaper | refuse. ClientError 404 where it is
        no longer open."""
        await self._wire.send("POST", f"/questions/{part(id)}", {"answer": answer})
        return answer
