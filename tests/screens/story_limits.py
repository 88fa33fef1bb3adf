"""The story's limits on pace, the history of its policy, and a call that waits. Only data."""

from __future__ import annotations

from decimal import Decimal

from console.shapes import Edit, Question, Throttle

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
