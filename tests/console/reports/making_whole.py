"""A whole period for tests: names that are markup, more models than colours, gaps of days."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from console.reports import INCLUDED, Origin, Whole
from console.shapes import Budget, ReportRow
from console.shapes.overviews import Group, Hour, LedgerRows, Overview, Savings

NASTY = "</td><script>alert(1)</script>|`b`\x1b[31m"
MODELS = tuple(f"model-{number}" for number in range(10))


def row(cost: str, calls: int = 1, **keys: str) -> ReportRow:
    return ReportRow(
        keys=keys,
        calls=calls,
        input_tokens=100,
        cached_input_tokens=10,
        cache_write_tokens=0,
        output_tokens=7,
        cost_usd=Decimal(cost),
        saved_usd=Decimal("0.25"),
        unpriced=0,
        estimated_usd=Decimal(0),
    )


def budget(name: str, share: float, limit: str | None = "10", **match: str) -> Budget:
    return Budget(
        name=name,
        match=match,
        limit_usd=Decimal(limit) if limit else None,
        limit_tokens=None if limit else 1_000,
        window="month",
        at_limit="alert",
        alerts=(80,),
        spent_usd=Decimal(str(share * 10)),
        held_usd=Decimal(0),
        spent_tokens=500,
        held_tokens=0,
        share=share,
        state="over" if share >= 1 else "warn" if share >= 0.8 else "ok",
        window_start="2026-11-01T00:00:00Z",
    )


PROJECTS = (row("50.5", 6, project="web"), row("4.5", 4, project=NASTY))
BY_MODEL = tuple(row(str(10 - at), 1, model=model) for at, model in enumerate(MODELS))
OVERVIEW = Overview(
    since="2026-11-01T00:00:00.000000Z",
    until="2026-11-23T00:00:00.000000Z",
    timezone="Europe/Berlin",
    by=("project",),
    rows=PROJECTS,
    total=row("55", 10),
    groups=(Group(by="project", rows=PROJECTS), Group(by="model", rows=BY_MODEL)),
    step="day",
    over_time=tuple(
        row(str(10 - at), 1, day=f"2026-11-{3 + at % 4 * 3:02}", model=model)
        for at, model in enumerate(MODELS)
    ),
    hours=(
        Hour(weekday=2, hour=14, calls=7, cost_usd=Decimal("44")),
        Hour(weekday=7, hour=0, calls=3, cost_usd=Decimal("11")),
    ),
    savings=Savings(
        own_cache_usd=Decimal("1.5"), provider_cache_usd=Decimal("0.5"), routing_usd=Decimal("0.25")
    ),
    ledger=LedgerRows(rows=10, under_way=1, sha256="ab" * 32),
)
ORIGIN = Origin(
    datetime(2026, 11, 23, 1, tzinfo=UTC), f"{NASTY} with llmconsole", {"user": NASTY}, "llmconsole export"
)
WHOLE = Whole(
    OVERVIEW,
    (
        budget("web", 0.85, project="web"),
        budget(NASTY, 1.4, user=NASTY),
        budget("tokens", 0.5, None),
    ),
    ORIGIN,
    frozenset(INCLUDED),
)
