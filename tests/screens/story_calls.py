"""The story's calls, made by seeded dice. Only data."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from math import exp, pi, sin

from console import shapes
from tests.screens.story_clock import NOW, stamp

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


def used(place: float) -> float:
    """What share of a window's spend was spent at a place of it from 0 to 1."""
    return place + 0.03 * sin(place * pi * 7)


def upto(count: int) -> range:
    return range(count)


def wave(at: int, place: float) -> float:
    """Dollars a minute of series `at` at a place from 0 to 1 of the range."""
    bump = exp(-(((place - 0.76) * 26) ** 2)) * (0.35, 0.12, 0.2, 0.02, 0.01)[at % 5]
    base = (0.16, 0.11, 0.07, 0.05, 0.02)[at % 5]
    lull = 0.12 if 0.44 < place < 0.62 else 1.0
    return max(0.0, base * lull * (0.8 + 0.55 * sin(place * (17 + at) + at * 1.3)) + bump)


def call_of(dice: random.Random, n: int) -> shapes.Call:
    user, project, mode, client = dice.choice(PEOPLE)
    asked = dice.choice(list(PRICES))
    routed = mode == "vibing" and asked in ("claude-opus-4-5", "gpt-5.1")
    model = {"claude-opus-4-5": "claude-haiku-4-5", "gpt-5.1": "gpt-5-mini"}[asked] if routed else asked
    kind = dice.choices(("ok", "cache_hit", "refused", "failed", "cancelled"), (80, 8, 5, 3, 4))[0]
    fresh, cached = dice.randrange(400, 40_000), dice.choice((0, 0, dice.randrange(5_000, 60_000)))
    output = dice.randrange(60, 4_000)
    spent = kind in ("ok", "cancelled")
    price_in, price_out, provider = PRICES[model]
    worth = (fresh * price_in + cached * price_in / 10 + output * price_out) / 1e6
    cost = worth if spent else 0.0
    end = NOW - timedelta(seconds=4 + n * 3.1)
    first = dice.uniform(250, 2_600)
    took = first + output / dice.uniform(40, 150) * 1_000
    took = took if spent else 5.0
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
        saved_usd=money(cost * 4) if routed else money(worth) if kind == "cache_hit" else Decimal(0),
        cache="hit" if kind == "cache_hit" else "miss",
        route="small talk goes cheap" if routed else None,
        route_reason="route small talk goes cheap: mode=vibing" if routed else "asked model kept",
        attempts=1 if spent else 0,
        first_byte_ms=first if kind in ("ok", "cancelled") else 4.0 if kind == "cache_hit" else None,
        duration_ms=took,
        overhead_ms=0.8,
        tags={"user": user, "project": project, "mode": mode, "client": client},
        price_id=f"genai:{model}:2026-09-01",
        http_status={"refused": 402, "failed": 502}.get(kind, 200),
        error="budget user ana is used up: $4.10 of $4.00" if kind == "refused" else None,
    )


def flying_of(n: int) -> shapes.Call:
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
