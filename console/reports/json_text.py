"""A report as JSON: money as text, exact to the last digit."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from console.reports.forgone import exact
from console.shapes import Report, ReportRow

SUMS = (
    "calls",
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cost_usd",
    "saved_usd",
    "cache_hits",
    "cache_misses",
    "cache_saved_usd",
    "provider_cache_saved_usd",
    "unpriced",
    "estimated_usd",
)
_MONEY = frozenset(name for name in SUMS if name.endswith("_usd"))


def document(report: Report) -> str:
    """The whole report as one document, in the shape of the admin plane."""
    whole: dict[str, Any] = {
        "since": report.since,
        "until": report.until,
        "by": list(report.by),
        "rows": [{"keys": row.keys, **fields(row)} for row in report.rows],
        "total": {"keys": report.total.keys, **fields(report.total)},
    }
    if report.forgone is not None:
        whole["forgone"] = asdict(report.forgone)
    return json.dumps(whole, indent=2, ensure_ascii=False, default=_exact) + "\n"


def lines(report: Report) -> str:
    """One object a group, its keys among its sums."""
    rows, told = (report.rows if report.by else (report.total,)), report.forgone
    would = {tuple(row.keys.items()): row for row in told.rows} if told else {}
    return "".join(
        json.dumps(
            {**row.keys, **fields(row), **(exact(would.get(tuple(row.keys.items()))) if told else {})},
            ensure_ascii=False,
        )
        + "\n"
        for row in rows
    )


def _exact(amount: object) -> str:
    """Money as text, with all its digits."""
    return f"{amount:f}"


def fields(row: ReportRow) -> dict[str, Any]:
    """The sums by name, in the order of SUMS."""
    values = ((name, getattr(row, name)) for name in SUMS)
    return {name: f"{value:f}" if name in _MONEY else value for name, value in values}
