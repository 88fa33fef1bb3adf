"""What a call costs, computed without any code of ours: genai-prices on the answer that the provider gave."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from genai_prices import Usage, calc_price

NANO = Decimal("0.000000001")


def independent_cost(usage: Usage, provider: str, model: str, at: str) -> Decimal:
    """Dollars, rounded up to the nano-dollar as the ledger's rows are; `at` is a row's started_at."""
    price = calc_price(
        usage,
        model,
        provider_id="google" if provider == "gemini" else provider,
        genai_request_timestamp=datetime.fromisoformat(at),
    )
    return price.total_price.quantize(NANO, rounding=ROUND_CEILING)


def assert_counts(row: dict[str, Any], usage: Usage) -> None:
    """The row's columns, which do not overlap, against a usage whose input holds all of the input side."""
    read, written = int(usage.cache_read_tokens), int(usage.cache_write_tokens)
    assert row["cached_input_tokens"] == read
    assert row["cache_write_tokens"] + row["cache_write_1h_tokens"] == written
    assert row["cache_write_1h_tokens"] == int(usage.cache_write_1h_tokens)
    assert row["input_tokens"] == int(usage.input_tokens) - read - written
    assert row["output_tokens"] == int(usage.output_tokens)
    assert row["reasoning_tokens"] == int(usage.output_reasoning_tokens)


def assert_account(row: dict[str, Any], usage: Usage) -> None:
    """Tokens and cost of a row equal the independent computation from the same answer."""
    assert_counts(row, usage)
    cost = independent_cost(usage, row["provider"], row["model"], row["started_at"])
    assert Decimal(row["cost_usd"]) == cost
    assert row["certainty"] == "computed"


def total_cost(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["cost_usd"]) for row in rows), Decimal(0))
