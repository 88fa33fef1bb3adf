"""What alerts say: one sentence with what is spent, of how much, and when, in the zone of the gateway."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from gateway_core.alerts.words import dollars, moment, sentence
from gateway_core.model.events import EventKind

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday
BERLIN = ZoneInfo("Europe/Berlin")
SPENT = {"budget": "web team", "unit": "usd", "spent_usd": "20.0031", "limit_usd": "25.00"}


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        (
            EventKind.BUDGET_ALERT,
            {**SPENT, "mark": 80, "resets_at": "2026-11-30T23:00:00Z"},
            "budget web team has reached 80 %: $20.00 of $25.00 spent, resets Tuesday 1 December 00:00",
        ),
        (
            EventKind.BUDGET_ALERT,
            {
                "budget": "tokens",
                "unit": "tokens",
                "spent_tokens": 2_000_100,
                "limit_tokens": 2_000_000,
                "mark": 100,
            },
            "budget tokens is used up: 2,000,100 tokens of 2,000,000 tokens spent",
        ),
        (
            EventKind.BUDGET_LANDING,
            {**SPENT, "breaks_at": "2026-11-26T14:00:00Z"},
            "budget web team crosses 100 % on Thursday 15:00 at this pace: $20.00 of $25.00 spent by now",
        ),
        (
            EventKind.BUDGET_EXCESS,
            {"id": "01jd", "budgets": ["web", "all"], "excess_usd": "0.0213"},
            "call 01jd cost $0.02 more than was held for it under web, all",
        ),
        (EventKind.RUNAWAY, {"text": "41 identical calls"}, "41 identical calls"),
    ],
)
def test_sentences(kind: EventKind, facts: dict[str, object], words: str) -> None:
    assert sentence(kind, facts, NOW, BERLIN) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-24T14:00:00Z", "Tuesday 15:00"),
        ("2026-11-30T14:00:00Z", "Monday 15:00"),
        ("2026-12-01T14:00:00Z", "Tuesday 1 December 15:00"),
        ("2027-01-04T14:00:00Z", "Monday 4 January 2027 15:00"),
        ("2026-11-23T23:30:00Z", "Tuesday 00:30"),
    ],
)
def test_moments_are_local_and_have_a_date_where_the_weekday_would_mislead(at: str, words: str) -> None:
    assert moment(at, NOW, BERLIN) == words


def test_dollars_are_cents_until_they_are_less() -> None:
    assert [dollars(text) for text in ("1234.567", "0.00", "0.0213", "0.00345", "0.000000012")] == [
        "1,234.57",
        "0.00",
        "0.02",
        "0.0034",
        "0.000000012",
    ]
