"""The story's month as a whole. Only data."""

from __future__ import annotations

from decimal import Decimal

from console.shapes import Report, ReportRow
from console.shapes.forgone import Forgone, ForgoneRow, WatchedRoute
from console.shapes.overviews import Group, Hour, LedgerRows, Overview, Savings
from console.shapes.weekly import Weekly, WeeklyReport


def _row(cost: str, calls: int, **keys: str) -> ReportRow:
    return ReportRow(
        keys=keys,
        calls=calls,
        input_tokens=calls * 11_200,
        cached_input_tokens=calls * 6_100,
        cache_write_tokens=0,
        output_tokens=calls * 840,
        cost_usd=Decimal(cost),
        saved_usd=Decimal(cost) / 10,
        provider_cache_saved_usd=Decimal(cost) / 20,
        unpriced=0,
        estimated_usd=Decimal(0),
    )


def _would(together: str, share: int, **keys: str) -> ForgoneRow:
    return ForgoneRow(
        keys=keys,
        routed=71 * share,
        routed_usd=Decimal(together) - Decimal("0.83") * share,
        alike=4 * share,
        agreed=3 * share,
        alike_usd=Decimal("0.83") * share,
        wrong_usd=Decimal("0.11") * share,
        together=75 * share,
        together_usd=Decimal(together),
        together_unpriced=share,
    )


BOTH = (
    _row("110.30", 902, project="search", model="claude-opus-4-5"),
    _row("80.10", 1_311, project="checkout", model="claude-sonnet-4-5"),
    _row("40.17", 744, project="docs", model="gpt-5.1"),
    _row("11.20", 155, project="infra", model="gemini-3-pro"),
)
OVERVIEW = Overview(
    since="2026-11-01T00:00:00.000000Z",
    until="2026-11-23T13:02:15.000000Z",
    timezone="UTC",
    by=("project", "model"),
    rows=BOTH,
    total=_row("241.77", 3_112),
    groups=(
        Group(by="project", rows=BOTH),
        Group(by="model", rows=BOTH),
    ),
    step="day",
    over_time=tuple(
        _row(cost, calls, day=f"2026-11-{day:02}", model=model)
        for day, model, cost, calls in (
            (2, "claude-opus-4-5", "110.30", 902),
            (2, "claude-sonnet-4-5", "60.10", 811),
            (9, "claude-sonnet-4-5", "20.00", 500),
            (17, "gpt-5.1", "40.17", 744),
            (20, "gemini-3-pro", "11.20", 155),
        )
    ),
    hours=(
        Hour(weekday=1, hour=14, calls=2_957, cost_usd=Decimal("230.57")),
        Hour(weekday=5, hour=9, calls=155, cost_usd=Decimal("11.20")),
    ),
    savings=Savings(
        own_cache_usd=Decimal("12.10"), provider_cache_usd=Decimal("23.60"), routing_usd=Decimal("11.24")
    ),
    ledger=LedgerRows(rows=3_112, under_way=0, sha256="9f2c" * 16),
    forgone=Forgone(
        rows=(
            _would("6.10", 2, project="search", model="claude-opus-4-5"),
            _would("3.02", 1, project="docs", model="gpt-5.1"),
        ),
        modes=(_would("7.90", 2, mode="vibing"), _would("1.22", 1, mode="building")),
        routes=(
            WatchedRoute(
                route="small talk down",
                target="openai/gpt-5-mini",
                calls=213,
                saved_usd=Decimal("6.63"),
                unpriced=3,
            ),
        ),
        total=_would("9.12", 3),
    ),
)
TASK = Report(
    since="2026-11-23T12:42:15.000000Z",
    until="2026-11-23T13:02:15.000000Z",
    by=("model",),
    rows=(_row("3.10", 31, model="claude-opus-4-5"), _row("0.32", 10, model="gpt-5-mini")),
    total=_row("3.42", 41),
)
WEEKLY = Weekly(
    report=WeeklyReport(every="monday@09:00", to="~/llm-%G-W%V.md"),
    next_at="2026-11-30T09:00:00.000000Z",
    next_file="/srv/llm/llm-2026-W48.md",
    written_at="2026-11-23T09:00:04.000000Z",
    file="/srv/llm/llm-2026-W47.md",
)
