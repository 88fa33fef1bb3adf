"""A gateway that tells one seeded story under a still clock: what the screens are drawn from in snapshots.

Only data: flows are tested on a real gateway.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from math import exp, pi, sin
from typing import Any

import anyio

from console import shapes
from console.alert_shapes import Alerts, Guard
from console.shapes.decisions import Explanation
from console.shapes.overviews import Overview
from console.shapes.providers import ProviderVitals
from console.shapes.settings import Settings
from console.trouble import ClientError
from tests.screens.story_afterwards import elsewhere, with_a_past
from tests.screens.story_clock import NOW, stamp
from tests.screens.story_keys import SETTINGS, TOKENS, keyring, keys
from tests.screens.story_limits import HISTORY, THROTTLES, story_budgets
from tests.screens.story_report import OVERVIEW
from tests.screens.story_routes import ROUTES, RoutesStory, explained
from tests.screens.story_watching import ALERTS, GUARD, VITALS

STEPS = {"1h": (60, 60), "24h": (900, 96), "7d": (3_600, 168), "month": (21_600, 92)}
PRICES = {
    "claude-opus-4-5": (5.0, 25.0, "anthropic"),
    "claude-sonnet-4-5": (3.0, 15.0, "anthropic"),
    "claude-haiku-4-5": (1.0, 5.0, "anthropic"),
    "gpt-5.1": (1.25, 10.0, "openai"),
    "gpt-5-mini": (0.25, 2.0, "openai"),
    "gemini-3-pro": (2.0, 12.0, "gemini"),
}
PEOPLE = (
    ("ana", "search", "building", "claude-code"),
    ("bo", "docs", "vibing", "aider"),
    ("cyd", "checkout", "building", "codex"),
    ("dev-bot", "infra", "vibing", "script"),
)


def money(amount: float, places: str = "0.000001") -> Decimal:
    return Decimal(amount).quantize(Decimal(places))


class Story(RoutesStory):
    """Answers what console.client.AdminClient answers. empty: nothing has happened yet."""

    def __init__(self, *, empty: bool = False, any_key: bool = True, simulated: bool = False) -> None:
        self.empty = empty
        self.any_key = any_key
        self.simulated = simulated
        self.happening: list[shapes.Event] = []
        ended = [] if empty else [_call(random.Random(n), n) for n in range(400)]
        self._calls = tuple(ended)
        self._flying = () if empty else tuple(_flying(n) for n in range(3))
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
            whole = [_wave(at, n / count) * step / 60 for n in _upto(count)]
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

    async def put_budget(self, name: str, *, dry_run: bool = False, **words: Any) -> shapes.Budget:
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

    async def history(self) -> tuple[shapes.Edit, ...]:
        return () if self.empty else HISTORY

    async def provider_vitals(self, since: str = "24h") -> ProviderVitals:
        return replace(VITALS, targets=(), circuits=()) if self.empty else VITALS

    async def alerts(self, limit: int = 50) -> Alerts:
        return replace(ALERTS, alerts=()) if self.empty else ALERTS

    async def guard(self) -> Guard:
        return GUARD

    async def routes(self) -> tuple[shapes.Route, ...]:
        return () if self.empty else ROUTES

    async def decision(self, id: str) -> Explanation:
        return explained(await self.call(id))

    async def panics(self) -> tuple[shapes.Panic, ...]:
        return self.thrown

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

    async def routing(self, limit: int = 50) -> tuple[shapes.Decision, ...]:
        return () if self.empty else tuple(_decision(n) for n in range(min(limit, 40)))

    async def report(
        self, *, since: str, until: str, where: Mapping[str, str] | None = None, by: Sequence[str] = ()
    ) -> shapes.Report:
        begin, end = datetime.fromisoformat(since), datetime.fromisoformat(until)
        budget = next((one for one in self._budgets.values() if one.match == dict(where or {})), None)
        whole = (NOW - datetime.fromisoformat(budget.window_start)).total_seconds() if budget else 1.0
        weight = _used((end - NOW).total_seconds() / whole + 1) - _used(
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

    async def overview(self, **_: Any) -> Overview:
        return OVERVIEW

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


def _used(place: float) -> float:
    """What share of a window's spend was spent at a place of it from 0 to 1."""
    return place + 0.03 * sin(place * pi * 7)


def _upto(count: int) -> range:
    return range(count)


def _wave(at: int, place: float) -> float:
    """Dollars a minute of series `at` at a place from 0 to 1 of the range."""
    bump = exp(-(((place - 0.76) * 26) ** 2)) * (0.35, 0.12, 0.2, 0.02, 0.01)[at % 5]
    base = (0.16, 0.11, 0.07, 0.05, 0.02)[at % 5]
    lull = 0.12 if 0.44 < place < 0.62 else 1.0
    return max(0.0, base * lull * (0.8 + 0.55 * sin(place * (17 + at) + at * 1.3)) + bump)


def _call(dice: random.Random, n: int) -> shapes.Call:
    user, project, mode, client = dice.choice(PEOPLE)
    asked = dice.choice(list(PRICES))
    routed = mode == "vibing" and asked in ("claude-opus-4-5", "gpt-5.1")
    model = {"claude-opus-4-5": "claude-haiku-4-5", "gpt-5.1": "gpt-5-mini"}[asked] if routed else asked
    kind = dice.choices(("ok", "cache_hit", "refused", "failed", "cancelled"), (80, 8, 5, 3, 4))[0]
    fresh, cached = dice.randrange(400, 40_000), dice.choice((0, 0, dice.randrange(5_000, 60_000)))
    output = dice.randrange(60, 4_000)
    spent = kind in ("ok", "cancelled")
    price_in, price_out, provider = PRICES[model]
    cost = (fresh * price_in + cached * price_in / 10 + output * price_out) / 1e6 if spent else 0.0
    end = NOW - timedelta(seconds=4 + n * 3.1)
    first = dice.uniform(250, 2_600)
    took = first + output / dice.uniform(40, 150) * 1_000
    counted = kind != "refused"
    return shapes.Call(
        id=f"7f{(0xFFFF - n):04x}",
        started_at=stamp(end - timedelta(milliseconds=took)),
        finished_at=stamp(end),
        status="settled",
        outcome=kind,
        format="anthropic" if provider == "anthropic" else "openai",
        path="/v1/messages" if provider == "anthropic" else "/v1/chat/completions",
        asked_model=asked,
        model=model,
        provider=provider,
        token="laptop",
        stream=True,
        input_tokens=fresh if counted else 0,
        cached_input_tokens=cached if counted else 0,
        output_tokens=output if kind in ("ok", "cache_hit", "cancelled") else 0,
        reasoning_tokens=output // 3 if model.startswith("gpt") and spent else 0,
        cost_usd=money(cost),
        certainty="estimated" if kind == "cancelled" else "computed",
        saved_usd=money(cost * 4) if routed or kind == "cache_hit" else Decimal(0),
        cache="hit" if kind == "cache_hit" else "miss",
        route="small talk goes cheap" if routed else None,
        route_reason="route small talk goes cheap: mode=vibing" if routed else "asked model kept",
        attempts=1 if spent else 0,
        first_byte_ms=first if kind in ("ok", "cancelled") else 4.0 if kind == "cache_hit" else None,
        duration_ms=took if spent else 5.0,
        overhead_ms=0.8,
        tags={"user": user, "project": project, "mode": mode, "client": client},
        price_id=f"genai:{model}:2026-09-01",
        http_status={"refused": 402, "failed": 502}.get(kind, 200),
        error="budget user ana is used up: $4.10 of $4.00" if kind == "refused" else None,
    )


def _flying(n: int) -> shapes.Call:
    user, project, mode, client = PEOPLE[(n * 2 + 3) % 4]
    model = ("claude-sonnet-4-5", "gpt-5.1", "claude-opus-4-5")[n]
    return shapes.Call(
        id=f"80000{n}",
        started_at=stamp(NOW - timedelta(seconds=2 + 7 * n)),
        status="open",
        format="anthropic",
        path="/v1/messages",
        asked_model=model,
        model=model,
        provider=PRICES[model][2],
        token="laptop",
        stream=True,
        output_tokens=(211, 1_380, 3_565)[n],
        cost_usd=(Decimal("0.0261"), Decimal("0.0418"), Decimal("0.1941"))[n],
        route_reason="asked model kept",
        held_usd=Decimal("0.31"),
        tags={"user": user, "project": project, "mode": mode, "client": client},
    )


def _decision(n: int) -> shapes.Decision:
    opus, sonnet, keep = "claude-opus-4-5", "claude-sonnet-4-5", "asked model kept"
    cheap, docs = "small talk goes cheap", "docs are cheap"
    kinds = (
        (opus, "claude-haiku-4-5", cheap, "mode=vibing, under 300 tokens", "ok", "miss", "0.0412"),
        ("gpt-5.1", "gpt-5-mini", docs, f"route {docs}: project=docs", "ok", "miss", "0.0187"),
        (opus, opus, None, keep, "ok", "miss", "0"),
        (sonnet, sonnet, None, "the same call was answered before", "cache_hit", "hit", "0.0093"),
        (opus, opus, None, "budget project search: $49.80 of $60", "refused", "miss", "0"),
    )
    asked, model, route, reason, outcome, cache, saved = kinds[n % len(kinds)]
    return shapes.Decision(
        id=f"7f{(0xFFFF - n):04x}",
        at=stamp(NOW - timedelta(seconds=4 + 2.3 * n)),
        asked=asked,
        provider="anthropic",
        model=model,
        route=route,
        reason=reason,
        outcome=outcome,
        cache=cache,
        saved_usd=Decimal(saved),
    )
