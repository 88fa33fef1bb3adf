"""A gateway that tells one seeded story under a still clock: what the screens are drawn from in snapshots.

Only data: flows are tested on a real gateway.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import anyio
import msgspec

from console import shapes
from console.alert_shapes import Alerts, Guard
from console.shapes import wrapped
from console.shapes.decisions import Explanation
from console.shapes.logs import Logs
from console.shapes.messages import Messages
from console.shapes.overviews import Overview
from console.shapes.providers import ProviderVitals
from console.shapes.settings import Settings
from console.shapes.weekly import Weekly
from console.trouble import ClientError
from tests.screens.story_afterwards import elsewhere, with_a_past
from tests.screens.story_cache import CacheStory
from tests.screens.story_calls import PRICES, call_of, flying_of, money, upto, used, wave
from tests.screens.story_clock import NOW, stamp
from tests.screens.story_keys import SETTINGS, TOKENS, keyring, keys
from tests.screens.story_limits import HISTORY, THROTTLES, story_budgets
from tests.screens.story_messages import KEPT_CALL, MESSAGES
from tests.screens.story_report import OVERVIEW, TASK, WEEKLY
from tests.screens.story_routes import ROUTES, RoutesStory, explained
from tests.screens.story_watching import ALERTS, GUARD, LOG, LOG_LINES, VITALS

STEPS = {"1h": (60, 60), "24h": (900, 96), "7d": (3_600, 168), "month": (21_600, 92)}


class Story(RoutesStory, CacheStory):
    """Answers what console.client.AdminClient answers. empty: nothing has happened yet."""

    def __init__(self, *, empty: bool = False, any_key: bool = True, simulated: bool = False) -> None:
        self.empty = empty
        self.any_key = any_key
        self.simulated = simulated
        self.happening: list[shapes.Event] = []
        ended = [] if empty else [call_of(random.Random(n), n) for n in range(400)]
        self._calls = tuple(ended)
        self._flying = () if empty else tuple(flying_of(n) for n in range(3))
        self._budgets = {one.name: one for one in ([] if empty else story_budgets())}
        self.mode_name = "building"
        self.thrown: tuple[shapes.Panic, ...] = ()
        self.waiting: tuple[shapes.Question, ...] = ()

    async def aclose(self) -> None:
        return

    async def status(self) -> shapes.Status:
        return shapes.Status(
            version="0.1.0",
            pid=4242,
            started_at=stamp(NOW - timedelta(hours=5)),
            data="~/.local/share/llmconsole",
            url="http://127.0.0.1:4141",
            simulated=self.simulated,
            mode=self.mode_name,
            modes=("vibing", "building"),
            draining=False,
            in_flight=len(self._flying),
            timezone="Europe/Berlin",
            prices_dated="2026-11-21",
            keyring=keyring(),
            any_key=self.any_key,
            watchers=1,
        )

    async def summary(self) -> shapes.Summary:
        if self.empty:
            return shapes.Summary(
                now_usd_per_min=Decimal(0),
                today_usd=Decimal(0),
                month_usd=Decimal(0),
                saved_today_usd=Decimal(0),
                saved_share=0.0,
                calls_today=0,
                in_flight=0,
                cache_hit_rate_today=0.0,
                unpriced_today=0,
                estimated_today_usd=Decimal(0),
            )
        return shapes.Summary(
            now_usd_per_min=Decimal("0.46"),
            today_usd=Decimal("12.79"),
            month_usd=Decimal("241.77"),
            month_limit_usd=Decimal("500"),
            lands_usd=Decimal("512.30"),
            saved_today_usd=Decimal("46.94"),
            saved_share=0.27,
            calls_today=1_204,
            in_flight=3,
            cache_hit_rate_today=0.31,
            first_byte_p50_ms=412.0,
            unpriced_today=2,
            estimated_today_usd=Decimal("0.31"),
            attention=shapes.Attention(
                level="error", text="user ana is at 102% of $4 a day; resets in 9h 57m"
            ),
        )

    async def spend(self, range: str = "24h", by: str = "model") -> shapes.Spend:
        step, count = STEPS[range]
        start = NOW - timedelta(seconds=step * (count - 1) + 15)
        names = {
            "model": ("claude-opus-4-5", "claude-sonnet-4-5", "gpt-5.1", "gemini-3-pro", "other"),
            "mode": ("building", "vibing", "untagged"),
            "project": ("search", "checkout", "docs", "infra"),
            "user": ("ana", "bo", "cyd", "dev-bot"),
            "provider": ("anthropic", "openai", "gemini"),
        }[by]
        series = []
        for at, name in enumerate(() if self.empty else names):
            whole = [wave(at, n / count) * step / 60 for n in upto(count)]
            whole[-1] *= 15 / step
            costs = tuple(map(money, whole))
            series.append(shapes.SpendSeries(name=name, cost_usd=costs, total_usd=sum(costs, Decimal(0))))
        total = sum((one.total_usd for one in series), Decimal(0))
        return shapes.Spend(
            start=stamp(start), step_seconds=step, by=by, series=tuple(series), total_usd=total
        )

    async def calls(self, limit: int = 200, **_: Any) -> shapes.Calls:
        return shapes.Calls(calls=self._calls[:limit], in_flight=self._flying)

    async def call(self, id: str) -> shapes.Call:
        for call in (*self._flying, *self._calls):
            if call.id == id:
                return with_a_past(call) if call.route and call.cost_usd else call
        raise ClientError("not_found", f"no call {id}", 404)

    async def what_if(self, id: str) -> shapes.WhatIf:
        return elsewhere(await self.call(id), PRICES, frozenset({"anthropic", "openai"}))

    async def receipt(self, id: str) -> shapes.Receipt:
        call = await self.call(id)
        price_in, price_out, _ = PRICES[call.model]
        if not call.cost_usd:
            return shapes.Receipt()
        parts = (
            ("input", call.input_tokens, price_in),
            ("cached_input", call.cached_input_tokens, price_in / 10),
            ("output", call.output_tokens, price_out),
        )
        items = tuple(
            shapes.ReceiptItem(
                name=name, tokens=count, usd_per_million=money(price, "0.001"), usd=money(count * price / 1e6)
            )
            for name, count, price in parts
            if count
        )
        asked = money(float(call.cost_usd) * 5) if call.route else None
        return shapes.Receipt(items=items, asked_usd=asked)

    async def budgets(self) -> tuple[shapes.Budget, ...]:
        return tuple(self._budgets.values())

    async def put_budget(
        self, name: str, *, dry_run: bool = False, over: str | None = None, **words: Any
    ) -> shapes.Budget:
        """Only what a draft would mean: nothing is kept."""
        seen = next((one for one in self._budgets.values() if one.match == words["match"]), None)
        spent = seen.spent_usd if seen and words["limit_usd"] is not None else Decimal(0)
        return shapes.Budget(
            name=name,
            spent_usd=spent,
            held_usd=Decimal(0),
            spent_tokens=0,
            held_tokens=0,
            share=0.0,
            state="ok",
            window_start=stamp(NOW),
            **words,
        )

    async def throttles(self) -> tuple[shapes.Throttle, ...]:
        return () if self.empty else THROTTLES

    async def history(self) -> wrapped.History:
        return wrapped.History(edits=() if self.empty else HISTORY)

    async def provider_vitals(self, since: str = "24h") -> ProviderVitals:
        return replace(VITALS, targets=(), circuits=()) if self.empty else VITALS

    async def alerts(self, limit: int = 50) -> Alerts:
        return replace(ALERTS, alerts=()) if self.empty else ALERTS

    async def guard(self) -> Guard:
        return GUARD

    async def logs(self, *, after: int = 0, **_: Any) -> Logs:
        return Logs(**LOG, lines=() if self.empty or after else LOG_LINES)

    async def routes(self) -> wrapped.Routes:
        return wrapped.Routes(routes=() if self.empty else ROUTES)

    async def decision(self, id: str) -> Explanation:
        return explained(await self.call(id))

    async def messages(self, id: str) -> Messages:
        if id != KEPT_CALL:
            raise ClientError("no_messages", f"nothing is kept of call {id}", 404)
        return MESSAGES

    async def panics(self) -> wrapped.Panics:
        return wrapped.Panics(panics=self.thrown)

    async def questions(self) -> tuple[shapes.Question, ...]:
        return self.waiting

    async def cache(self, range: str = "24h") -> shapes.CacheUse:
        if self.empty:
            nothing = Decimal(0)
            return shapes.CacheUse(
                exact=shapes.ExactCache(hits=0, misses=0, bypass=0, rate=0.0, saved_usd=nothing),
                provider=shapes.ProviderCache(cached_tokens=0, input_tokens=0, share=0.0, saved_usd=nothing),
                routing_saved_usd=nothing,
                saved_total_usd=nothing,
            )
        return shapes.CacheUse(
            exact=shapes.ExactCache(
                hits=212, misses=471, bypass=521, rate=0.3104, saved_usd=Decimal("12.10")
            ),
            provider=shapes.ProviderCache(
                cached_tokens=14_210_400, input_tokens=22_920_000, share=0.62, saved_usd=Decimal("23.60")
            ),
            routing_saved_usd=Decimal("11.24"),
            saved_total_usd=Decimal("46.94"),
        )

    async def report(
        self, *, since: str, until: str, where: Mapping[str, str] | None = None, by: Sequence[str] = ()
    ) -> shapes.Report:
        if by:
            return TASK
        begin, end = datetime.fromisoformat(since), datetime.fromisoformat(until)
        budget = next((one for one in self._budgets.values() if one.match == dict(where or {})), None)
        whole = (NOW - datetime.fromisoformat(budget.window_start)).total_seconds() if budget else 1.0
        weight = used((end - NOW).total_seconds() / whole + 1) - used(
            (begin - NOW).total_seconds() / whole + 1
        )
        total = shapes.ReportRow(
            calls=1,
            input_tokens=0,
            cached_input_tokens=0,
            cache_write_tokens=0,
            output_tokens=int(weight * (budget.spent_tokens if budget else 0)),
            cost_usd=money(weight * float(budget.spent_usd if budget else 0)),
            saved_usd=Decimal(0),
            unpriced=0,
            estimated_usd=Decimal(0),
        )
        return shapes.Report(since=since, until=until, by=(), rows=(), total=total)

    async def weekly(self) -> Weekly:
        return WEEKLY

    async def overview(self, **_: Any) -> Overview:
        return OVERVIEW

    async def export(self, format: str = "jsonl", **_: Any) -> AsyncIterator[bytes]:
        for call in reversed(self._calls[:12]):
            yield msgspec.json.encode(call) + b"\n"

    async def first_seen(self, keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
        return {"project": ("search", "checkout"), "user": ("ana", "bo")}

    async def keys(self) -> shapes.Keys:
        return shapes.Keys(keyring=keyring(self.any_key), keys=keys(self.any_key))

    async def tokens(self) -> tuple[shapes.Token, ...]:
        return TOKENS[:1] if self.empty else TOKENS

    async def client_token(self) -> shapes.NewToken:
        return shapes.NewToken(name="default", token="lc-story-0f3a")

    async def create_token(self, name: str, tags: Mapping[str, str]) -> shapes.NewToken:
        return shapes.NewToken(name=name, token="lc-story-7c21")

    async def settings(self) -> Settings:
        return SETTINGS

    async def _tried(self, provider: str, key: str | None = None) -> shapes.KeyTest:
        return shapes.KeyTest(ok=True, models=3, latency_ms=4.0)

    test_key = _tried

    async def events(self, last_id: int | None = None) -> AsyncIterator[shapes.Event]:
        for event in self.happening:
            yield event
        await anyio.sleep_forever()
