"""What the story's calls would have cost elsewhere, and a call with a past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from console import shapes


def elsewhere(
    call: shapes.Call, prices: Mapping[str, tuple[float, float, str]], keys: frozenset[str]
) -> shapes.WhatIf:
    """The call's tokens on all of the story's models, and on one that has no price."""
    models = []
    for model, (price_in, price_out, provider) in prices.items():
        tokens_in = call.input_tokens * price_in + call.cached_input_tokens * price_in / 10
        usd = Decimal((tokens_in + call.output_tokens * price_out) / 1e6).quantize(Decimal("0.000001"))
        models.append(
            shapes.OtherModel(
                target=f"{provider}/{model}",
                usd=usd,
                served=model == call.model,
                asked=model == call.asked_model,
                has_key=provider in keys,
            )
        )
    models.sort(key=lambda each: each.usd or Decimal(0))
    unpriced = shapes.OtherModel(target="mylab/qwen3-32b", has_key=True)
    total = call.total_input + call.output_tokens
    return shapes.WhatIf(total_tokens=total, cost_usd=call.cost_usd, models=(*models, unpriced))


def with_a_past(call: shapes.Call) -> shapes.Call:
    """The call after a try that failed, and with a word on its cost."""
    attempt = shapes.Attempt(
        number=1,
        started_at=call.started_at,
        finished_at=call.finished_at or call.started_at,
        provider="openai",
        model="gpt-5-mini",
        http_status=529,
        error="overloaded: the provider has no room",
        cost_usd=Decimal(0),
        certainty="computed",
    )
    word = shapes.Correction(
        at=call.finished_at or call.started_at,
        who="ana",
        why="by the bill of November",
        before_usd=call.cost_usd * 2,
        cost_usd=call.cost_usd,
        certainty="reported",
    )
    return replace(call, earlier=(attempt,), corrections=(word,))
