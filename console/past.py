"""The console as it was at an earlier moment: rebuilt from what is known, and from the ledger's sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Protocol

import anyio

from console.present import instant
from console.shapes import (
    Budget,
    CacheUse,
    Call,
    ExactCache,
    ProviderCache,
    Report,
    ReportRow,
    Spend,
    SpendSeries,
    Summary,
)
from console.snapshot import Snapshot

WARNS_AT = 0.8
PACE = timedelta(minutes=1)
_SPANS = {"1h": timedelta(hours=1), "24h": timedelta(hours=24), "7d": timedelta(days=7)}


class Ledger(Protocol):
    """Who adds up what was spent."""

    async def report(
        self,
        *,
        since: str | None = ...,
        until: str | None = ...,
        by: Sequence[str] = ...,
        where: Mapping[str, str] | None = ...,
    ) -> Report: ...


async def as_of(ledger: Ledger, live: Snapshot, at: datetime) -> Snapshot:
    """The snapshot of that moment. Raises what the ledger raises."""
    sums: dict[str, ReportRow] = {}
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)

    async def ask(name: str, since: datetime, match: Mapping[str, str]) -> None:
        if since < at:
            answer = await ledger.report(since=_utc(since), until=_utc(at), where=match)
            sums[name] = answer.total

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask, " day", midnight, {})
        tasks.start_soon(ask, " month", midnight.replace(day=1), {})
        for budget in live.budgets or ():
            tasks.start_soon(ask, budget.name, instant(budget.window_start), budget.match)
    ended = tuple(call for call in live.calls if call.finished_at and instant(call.finished_at) <= at)
    running = [call for call in (*live.in_flight, *live.calls) if _runs(call, at)]
    budgets = tuple(_budget(each, sums.get(each.name)) for each in live.budgets or ())
    return replace(
        live,
        frozen_at=at,
        calls=ended,
        in_flight=tuple(_begun(call) for call in running),
        spend=_spend(live.spend, at) if live.spend else None,
        budgets=budgets,
        cache=_cache(ended, at - _SPANS.get(live.range, timedelta(days=31))),
        summary=_summary(live.summary, ended, at, sums, len(running)) if live.summary else None,
        alerts=(),
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _runs(call: Call, at: datetime) -> bool:
    began = instant(call.started_at) <= at
    return began and (call.finished_at is None or instant(call.finished_at) > at)


def _begun(call: Call) -> Call:
    """A call under way: what it used and how it ended was not known yet."""
    return replace(
        call, status="open", finished_at=None, outcome=None, output_tokens=0, cost_usd=Decimal(0), cache=None
    )


def _spend(spend: Spend, at: datetime) -> Spend:
    """What was spent after the moment is taken out of the chart."""
    begins = instant(spend.start)
    known = int((at - begins).total_seconds() // spend.step_seconds) + 1

    def cut(series: SpendSeries) -> SpendSeries:
        costs = tuple(cost if n < known else Decimal(0) for n, cost in enumerate(series.cost_usd))
        return replace(series, cost_usd=costs, total_usd=sum(costs, Decimal(0)))

    series = tuple(map(cut, spend.series))
    return replace(spend, series=series, total_usd=sum((one.total_usd for one in series), Decimal(0)))


def _budget(budget: Budget, used: ReportRow | None) -> Budget:
    spent = used.cost_usd if used else Decimal(0)
    tokens = used.total_tokens if used else 0
    limit = budget.in_force_usd
    share = float(spent / limit) if limit else tokens / (budget.in_force_tokens or 1)
    state = "over" if share >= 1 else "warn" if share >= WARNS_AT else "ok"
    return replace(
        budget,
        spent_usd=spent,
        spent_tokens=tokens,
        share=share,
        state=state,
        held_usd=Decimal(0),
        held_tokens=0,
        lands_usd=None,
        breaks_at=None,
    )


def _summary(
    summary: Summary, ended: Sequence[Call], at: datetime, sums: Mapping[str, ReportRow], running: int
) -> Summary:
    day, month = sums.get(" day"), sums.get(" month")
    pace = sum((call.cost_usd for call in _since(ended, at - PACE)), Decimal(0))
    today = day.cost_usd if day else Decimal(0)
    saved = day.saved_usd + day.provider_cache_saved_usd if day else Decimal(0)
    return replace(
        summary,
        now_usd_per_min=pace,
        today_usd=today,
        month_usd=month.cost_usd if month else Decimal(0),
        lands_usd=None,
        saved_today_usd=saved,
        saved_share=float(saved / (saved + today)) if saved + today > 0 else 0.0,
        calls_today=day.calls if day else 0,
        in_flight=running,
        attention=None,
        unpriced_today=day.unpriced if day else 0,
        estimated_today_usd=day.estimated_usd if day else Decimal(0),
    )


def _since(calls: Sequence[Call], since: datetime) -> list[Call]:
    return [call for call in calls if call.finished_at and instant(call.finished_at) > since]


def _cache(ended: Sequence[Call], since: datetime) -> CacheUse:
    calls = _since(ended, since)
    uses = {use: [call for call in calls if call.cache == use] for use in ("hit", "miss", "bypass")}
    hits, misses = len(uses["hit"]), len(uses["miss"])
    cached = sum(call.cached_input_tokens for call in calls)
    asked = sum(call.total_input for call in calls)
    by_cache = sum((call.saved_usd for call in uses["hit"]), Decimal(0))
    by_routing = sum((call.saved_usd for call in calls), Decimal(0)) - by_cache
    by_provider = sum((call.provider_cache_saved_usd for call in calls), Decimal(0))
    return CacheUse(
        exact=ExactCache(
            hits=hits,
            misses=misses,
            bypass=len(uses["bypass"]),
            rate=hits / (hits + misses) if hits + misses else 0.0,
            saved_usd=by_cache,
        ),
        provider=ProviderCache(
            cached_tokens=cached,
            input_tokens=asked,
            share=cached / asked if asked else 0.0,
            saved_usd=by_provider,
        ),
        routing_saved_usd=by_routing,
        saved_total_usd=by_cache + by_routing + by_provider,
    )
