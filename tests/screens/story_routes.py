"""The story's routing rules, a dry run of them, a prompt that was tried, and a decision. Only data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from console.client.routes import Told
from console.shapes import Call, Classes, Route, Thresholds
from console.shapes.decisions import (
    Asked,
    BudgetTest,
    BudgetThen,
    Caught,
    Explanation,
    Group,
    Hit,
    Move,
    Outcomes,
    Part,
    PromptTest,
    Reason,
    RoutesTest,
    Rule,
    Score,
    Share,
    TargetThen,
    TooLarge,
)

ROUTES = (
    Route(name="small talk goes cheap", when={"mode": "vibing"}, use=("gpt-5-mini", "claude-haiku-4-5")),
    Route(name="docs are cheap", when={"project": "docs"}, use=("gpt-5-mini", "gpt-5-nano"), escalate=0.5),
    Route(
        name="search reads much",
        when={"project": "search", "mode": "building", "context": "<200k"},
        use=("gemini-3-pro", "gpt-5.1"),
    ),
    Route(name="near the limit", when={"budget": "project search > 80%"}, use=("gpt-5-mini",), pick="price"),
    Route(name="our own machine", when={"complexity": "simple"}, use=("mylab/qwen3-32b",), enabled=False),
    Route(
        name="a third to the small one",
        when={"mode": "vibing"},
        use=("gpt-5-mini", "gpt-5.1"),
        pick="weighted",
        weights=(1, 2),
        shadow=True,
        pin=False,
    ),
)
SERVED = {"small talk goes cheap": 412, "docs are cheap": 201, "search reads much": 388, "near the limit": 14}
DRY_RUN = RoutesTest(
    since="2026-11-16T13:02:15Z",
    until="2026-11-23T13:02:15Z",
    calls=3_118,
    replayed=3_112,
    booked_usd=Decimal("84.20"),
    now_usd=Decimal("84.20"),
    draft_usd=Decimal("71.90"),
    change_usd=Decimal("-12.30"),
    changed=388,
    rerouted_now=1_013,
    rerouted=1_401,
    blocked_now=14,
    blocked=16,
    blocked_why=(Reason(why="no key for mylab", calls=2),),
    too_large=3,
    too_large_calls=(TooLarge(id="7c1d", tokens=214_000, target="gemini/gemini-3-pro", window=200_000),),
    conversations=41,
    losing_cache=3,
    cache_lost_usd=Decimal("0.21"),
    unpriced=0,
    moves=(
        Move(
            from_target="anthropic/claude-opus-4-5",
            to_target="gemini/gemini-3-pro",
            calls=301,
            now_usd=Decimal("31.00"),
            draft_usd=Decimal("18.90"),
        ),
        Move(
            from_target="openai/gpt-5.1",
            to_target="openai/gpt-5-mini",
            calls=87,
            now_usd=Decimal("4.10"),
            draft_usd=Decimal("3.90"),
        ),
    ),
    groups=(
        Group(
            project="search", mode="building", calls=301, now_usd=Decimal("31.00"), draft_usd=Decimal("18.90")
        ),
        Group(project="docs", mode="vibing", calls=87, now_usd=Decimal("4.10"), draft_usd=Decimal("3.90")),
    ),
    routes=(Caught(name="search reads much", now=0, draft=388),),
    outcomes=Outcomes(
        judged=12,
        badly=Share(count=9, share=0.75, low=0.468, high=0.911),
        compared=30,
        better=Share(count=1, share=0.033, low=0.006, high=0.167),
        worse=Share(count=3, share=0.1, low=0.035, high=0.256),
    ),
    drifted=0,
    notes=(
        "input is priced exactly; answers are taken to be as long as they were",
        "latency and a restart of the gateway cannot be replayed",
    ),
)
BACK_TEST = BudgetTest(
    since="2026-10-24T13:02:15Z",
    until="2026-11-23T13:02:15Z",
    calls=9_400,
    matched=3_112,
    cost_usd=Decimal("84.20"),
    refused=14,
    blocked=14,
    unbounded=0,
    asked=0,
    slowed=0,
    downgraded=0,
    unpriced=0,
    over=1,
    saved_usd=Decimal("6.12"),
    share=0.0045,
    first=Hit(id="7c1d", at="2026-10-27T10:02:00Z", user="cyd"),
)
THRESHOLDS = Thresholds(
    medium=0.3,
    hard=0.55,
    margin=0.02,
    always_score=False,
    learn=True,
    pin="3600s",
    most_loss_usd=Decimal("0.25"),
)
CLASSES = Classes(since="2026-11-16T13:02:15Z", simple=1_812, medium=441, hard=96, unscored=769)
_SCORE = Score(
    value=0.14,
    complexity="simple",
    medium=0.3,
    hard=0.55,
    judge="rule",
    parts=(Part(name="length", value=0.1), Part(name="code", value=0.04)),
)


def _rules(project: str, matched: str | None) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for route in ROUTES:
        state, why = ("failed", f"project is {project}, not so") if matched else ("off", "")
        if matched in {each.name for each in rules}:
            state, why = "not_reached", ""
        elif not route.enabled:
            state, why = "disabled", ""
        elif route.name == matched:
            state, why = "matched", route.use[0]
        when = " ".join(f"{key}={value}" for key, value in route.when.items())
        rules.append(Rule(name=route.name, when=when, use=route.use, state=state, why=why))
    return tuple(rules)


PROMPT = PromptTest(
    asked="claude-opus-4-5",
    target="openai/gpt-5-mini",
    route="docs are cheap",
    reason="route docs are cheap: project=docs",
    rules=_rules("docs", "docs are cheap"),
    score=_SCORE,
    input_tokens=1_204,
    output_tokens=310,
    usd=Decimal("0.000921"),
    asked_usd=Decimal("0.01377"),
)


def explained(call: Call) -> Explanation:
    """Ended calls without a route were made before decisions were kept."""
    served = f"{call.provider}/{call.model}"
    told = Explanation(
        id=call.id,
        started_at=call.started_at,
        known=False,
        why_unknown="its row was written before decisions were kept",
        reason=call.route_reason or "",
        outcome=call.outcome,
        http_status=call.http_status,
        served=served,
        cache=call.cache,
        cost_usd=call.cost_usd,
        saved_usd=call.saved_usd,
    )
    if call.route is None and call.outcome is not None:
        return told
    asked = served if call.route is None else f"anthropic/{call.asked_model}"
    return Explanation(
        id=call.id,
        started_at=call.started_at,
        known=True,
        route=call.route,
        reason=call.route_reason or "",
        asked=Asked(
            model=call.asked_model,
            target=asked,
            format=call.format,
            operation="generate",
            stream=True,
            tools=True,
            images=False,
            context_tokens=call.total_input or 2_310,
            messages=7,
        ),
        rules=_rules(call.tags["project"], call.route),
        score=_SCORE,
        budgets=(
            BudgetThen(name="project search", window="month", at_limit="block", share=0.83, state="warn"),
            BudgetThen(name="vibing", window="month", at_limit="slow", share=0.66, state="ok"),
        ),
        targets=_targets(call, served, asked),
        outcome=call.outcome,
        http_status=call.http_status,
        served=served,
        cache=call.cache,
        cost_usd=call.cost_usd,
        asked_usd=call.cost_usd + call.saved_usd,
        saved_usd=call.saved_usd,
    )


def _targets(call: Call, served: str, asked: str) -> tuple[TargetThen, ...]:
    if served == asked:
        return (TargetThen(target=served, usd=None, served=True, asked=True),)
    return (
        TargetThen(target=served, usd=call.cost_usd, served=True),
        TargetThen(target=asked, usd=call.cost_usd + call.saved_usd, asked=True),
    )


class RoutesStory:
    """What the story answers about its rules, whatever is asked."""

    empty: bool

    async def routes_served(self, since: str = "30d") -> dict[str, int]:
        return {} if self.empty else SERVED

    async def thresholds(self) -> Thresholds:
        return THRESHOLDS

    async def classes(self, since: str = "7d") -> Classes:
        return CLASSES

    async def _routes_tried(self, body: Mapping[str, Any], told: Told) -> RoutesTest:
        told(1.0)
        return DRY_RUN

    async def try_prompt(self, body: Mapping[str, Any]) -> PromptTest:
        return PROMPT

    async def _budget_tried(self, body: Mapping[str, Any]) -> BudgetTest:
        return BACK_TEST

    test_routes, test_budget = _routes_tried, _budget_tried
