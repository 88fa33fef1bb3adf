"""The story's limits on pace, the history of its policy, and a call that waits. Only data."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from console.shapes import Budget, Edit, Panic, Question, Throttle
from tests.screens.story_clock import DAY, NOW, stamp

THROTTLES = (
    Throttle(
        name="bo's agents", match={"user": "bo"}, tokens_per_minute=60_000, used_tokens_last_minute=41_200
    ),
    Throttle(
        name="infra at night",
        match={"project": "infra", "mode": "building"},
        requests_per_minute=40,
        usd_per_hour=Decimal("7.50"),
    ),
    Throttle(name="everything", match={}, concurrent=32, used_tokens_last_minute=118_400),
)
HISTORY = (
    Edit(
        n=5,
        at="2026-11-23T12:41:00Z",
        who="ana",
        what="budgets",
        lines=('-limit_usd = "45.00"', '+limit_usd = "60.00"'),
        names=("project search",),
    ),
    Edit(
        n=4,
        at="2026-11-23T08:12:00Z",
        who="bo",
        what="budgets",
        undoes=3,
        lines=('-at_limit = "block"', '+at_limit = "block_expensive"'),
    ),
    Edit(
        n=3,
        at="2026-11-23T08:11:30Z",
        who="bo",
        what="budgets",
        lines=('-at_limit = "block_expensive"', '+at_limit = "block"'),
    ),
    Edit(
        n=2,
        at="2026-11-03T15:00:00Z",
        who="ana",
        what="throttles",
        lines=(
            "+[[throttles]]",
            '+name = "bo\'s agents"',
            '+match = { user = "bo" }',
            "+tokens_per_minute = 60000",
        ),
    ),
)
WAITING = Question(
    id="q1",
    asked_at="2026-11-23T13:02:13Z",
    until="2026-11-23T13:03:00Z",
    budget="project search",
    spent="$60.00",
    limit="$60.00",
    model="claude-opus-4-5",
    tags={"user": "ana", "project": "search", "mode": "building"},
    token="laptop",
    may_cost_usd=Decimal("0.4471"),
)

THROWN = Panic(restraint="stop", match={"project": "search"}, since="2026-11-23T13:01:00Z", who="ana")


def _budget(name: str, match: dict[str, str], limit: str, spent: str, window: str, **more: Any) -> Budget:
    share = float(Decimal(spent) / Decimal(limit))
    days = {"day": DAY, "week": DAY, "month": 22 + DAY}[window]
    share_left = float(Decimal(limit) - Decimal(spent)) / max(
        0.01, float(Decimal(more["lands"]) - Decimal(spent))
    )
    left = {"day": 1 - DAY, "week": 7 - DAY, "month": 8 - DAY}[window]
    return Budget(
        name=name,
        match=match,
        limit_usd=Decimal(limit),
        window=window,
        at_limit=more.pop("at_limit", "block"),
        alerts=(50, 80, 95, 100),
        spent_usd=Decimal(spent),
        held_usd=Decimal(more.pop("held", "0")),
        spent_tokens=0,
        held_tokens=0,
        share=share,
        state="over" if share >= 1 else "warn" if share >= 0.8 else "ok",
        window_start=stamp(NOW - timedelta(days=days)),
        resets_at=stamp(NOW + timedelta(days=left)),
        lands_usd=Decimal(more.pop("lands")),
        breaks_at=stamp(NOW + timedelta(days=left * share_left)) if 0 < share_left < 1 else None,
    )


def story_budgets() -> list[Budget]:
    return [
        _budget(
            "project checkout", {"project": "checkout"}, "100", "42.10", "month", lands="68.40", held="3.10"
        ),
        _budget(
            "project search",
            {"project": "search"},
            "60",
            "49.80",
            "month",
            lands="70.90",
            at_limit="block_expensive",
        ),
        _budget("user ana", {"user": "ana"}, "4", "4.10", "day", lands="7.00", at_limit="downgrade"),
        _budget("user bo", {"user": "bo"}, "4", "0.61", "day", lands="1.10", held="0.24"),
        _budget("vibing", {"mode": "vibing"}, "25", "16.50", "month", lands="22.10", at_limit="slow"),
        _budget("team platform", {"team": "platform"}, "300", "95.60", "month", lands="127.00"),
        _budget("everything", {}, "500", "241.77", "month", lands="512.30"),
    ]
