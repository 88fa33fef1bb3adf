"""The story's providers, alerts and guard. Only data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from console.alert_shapes import Alert, Alerts, Delivery, Guard, GuardRule, Stop
from console.shapes.logs import LogLine
from console.shapes.providers import Circuit, ProviderVitals, TargetVitals


def _vitals(
    provider: str,
    model: str,
    calls: int,
    first_byte_ms: tuple[float, float, float],
    price: tuple[str, str] | None,
    *,
    running: int = 0,
    failed: int = 0,
) -> TargetVitals:
    """first_byte_ms: half of the calls, 95 of 100, and now."""
    half, most, now = first_byte_ms
    dear, dearer = price or (None, None)
    return TargetVitals(
        provider=provider,
        model=model,
        calls=calls,
        running=running,
        error_rate=1.0 if failed == calls else 0.0,
        first_byte_ms=now,
        tokens_per_second=96.0,
        past_calls=calls,
        past_failed=failed,
        past_first_byte_p50_ms=half,
        past_first_byte_p95_ms=most,
        price_id=f"genai:{model}:2026-09-01" if price else None,
        input_usd=dear,
        output_usd=dearer,
        price_source="genai-prices" if price else None,
    )


VITALS = ProviderVitals(
    since="2026-11-22T13:02:15Z",
    prices_dated="2026-11-21",
    prices_age_days=2,
    targets=(
        _vitals("anthropic", "claude-opus-4-5", 412, (410, 1_900, 395), ("5.00", "25.00"), running=2),
        _vitals("openai", "gpt-5.1", 201, (502, 2_210, 488), ("1.25", "10.00"), failed=2),
        _vitals("gemini", "gemini-3-pro", 88, (1_310, 8_800, 7_940), ("2.00", "12.00")),
        _vitals("mylab", "qwen3-32b", 3, (120, 210, 118), None),
        _vitals("openrouter", "deepseek/deepseek-v3.2", 9, (900, 900, 900), ("0.27", "0.41"), failed=9),
    ),
    circuits=(
        Circuit(
            provider="openrouter",
            key="••••9f2c",
            faults=9,
            next_try_seconds=41.0,
            why="503 from openrouter: overloaded",
        ),
    ),
)
ALERTS = Alerts(
    channels=("webhook",),
    alerts=(
        Alert(
            id="a3",
            at="2026-11-23T13:01:50Z",
            kind="budget.alert",
            text="budget user ana is at 100% of $4.00 a day; resets at 00:00",
            data={},
            deliveries=(Delivery(channel="webhook", state="delivered", attempts=1),),
        ),
        Alert(
            id="a2",
            at="2026-11-23T12:20:00Z",
            kind="runaway",
            text="dev-bot sent the same call 41 times in 5 minutes: $11.20/h",
            data={},
            deliveries=(Delivery(channel="webhook", state="failed", attempts=6, error="connection refused"),),
        ),
        Alert(
            id="a1",
            at="2026-11-23T09:12:00Z",
            kind="budget.landing",
            text="budget project search crosses 100% on Sat 28 Nov 05:00 at this pace",
            data={},
            deliveries=(),
        ),
    ),
)
GUARD = Guard(
    on=True,
    rules=(
        GuardRule(rule="retries", action="alert", words="the same error again and again"),
        GuardRule(rule="repeats", action="stop", words="the same call more than 20 times in 5 minutes"),
        GuardRule(rule="burn", action="alert", words="ten times this tag's usual dollars an hour"),
    ),
    stops=(
        Stop(
            number=1,
            rule="repeats",
            what="dev-bot: the same call to opus-4-5",
            usd_per_hour=Decimal("11.20"),
            until="2026-11-23T13:20:00Z",
            refused=17,
        ),
    ),
)
_SAID = (
    ("warning", "bus", "call 7f3a: no usage came; booked as an estimate"),
    ("warning", "alerts.outbox", "channel webhook failed with ConnectError"),
    (
        "error",
        "http.data_plane",
        (
            "internal error in call 7f2e\nTraceback (most recent call last):\n"
            '  File "gateway_core/http/data_plane.py", line 109, in serve\n    await serve(call)\n'
            "ValueError: a piece of the answer had no end"
        ),
    ),
    ("info", "bus", "the price table is 6 days old"),
    ("warning", "store.writer", "the ledger can be written again"),
    ("error", "store.writer", "the ledger cannot be written: disk I/O error; trying on"),
    ("info", "server", "listening on http://127.0.0.1:4141, data in ~/.local/share/llmconsole"),
)
LOG_LINES = tuple(
    LogLine(
        n=n,
        at=f"2026-11-23T{8 + n // 3:02}:{n * 7 % 60:02}:04Z",
        level=level,
        name=f"gateway_core.{name}",
        text=text,
    )
    for n, (level, name, text) in enumerate(reversed(_SAID), 1)
)
LOG: dict[str, Any] = {
    "last": len(LOG_LINES),
    "run": "2026-11-23T08:00:00Z",
    "level": "info",
    "kept": 5_000,
    "file": "~/.local/share/llmconsole/gateway.log",
}
