"""Limits in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from console.limit_words import (
    alert_words,
    breaks,
    change_words,
    limit_moment,
    moment,
    per,
    raise_words,
    window_words,
)
from console.shapes import Budget, Edit, Event

NOW = datetime(2026, 11, 26, 14, 30, tzinfo=UTC)


def budget(**more: Any) -> Budget:
    known: dict[str, Any] = {
        "name": "web",
        "match": {},
        "limit_usd": Decimal(30),
        "window": "month",
        "at_limit": "block",
        "alerts": (80,),
        "spent_usd": Decimal(10),
        "held_usd": Decimal(0),
        "spent_tokens": 0,
        "held_tokens": 0,
        "share": 0.33,
        "state": "ok",
        "window_start": "2026-11-01T00:00:00Z",
    }
    return Budget(**{**known, **more})


def test_moments_are_as_short_as_they_can_be() -> None:
    assert moment(NOW + timedelta(hours=2), NOW) == "16:30"
    assert moment(NOW + timedelta(days=1), NOW) == "Fri 14:30"
    assert moment(NOW + timedelta(days=8), NOW) == "4 Dec 14:30"


def test_a_break_is_told_by_day_and_hour() -> None:
    breaks = (NOW + timedelta(days=1, minutes=30)).isoformat()
    assert limit_moment(budget(breaks_at=breaks), NOW) == "breaks Fri 15:00 at this pace"
    assert limit_moment(budget(share=1.2), NOW) == "the limit is used up"
    assert limit_moment(budget(lands_usd=Decimal(15)), NOW) == "lands at $15.00 at this pace, 50%"


def test_windows_that_begin_elsewhere_say_so() -> None:
    assert [per(one) for one in ("day", "week:sunday", "month:15", "rolling:6h")] == [
        "day",
        "week Sun",
        "month 15",
        "last 6h",
    ]
    assert window_words("week:sunday") == "this week from Sunday"
    assert window_words("month:15") == "this month from day 15"


def test_a_raise_says_to_how_much_and_until_when() -> None:
    until = (NOW + timedelta(hours=3, minutes=30)).isoformat()
    raised = budget(limit_now_usd=Decimal(40), raised_to_usd=Decimal(40), raised_until=until)
    assert raise_words(raised, NOW) == "raised to $40 until 18:00"
    assert raise_words(budget(limit_now_usd=Decimal(30), raised_until=until), NOW) == ""


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (('-limit_usd = "45"', '+limit_usd = "60"'), "limit_usd 45 → 60"),
        (("+[[budgets]]", '+name = "web"', '+limit_usd = "1"'), "new: web"),
        (('-name = "web"', '-limit_usd = "1"'), "gone: web"),
        (('+raised_to_usd = "40"',), "raised_to_usd 40"),
        ((), "+0 −0 lines"),
        (('+name = "web"', "+alerts = [80]", '+name = "docs"', "+alerts = [50]"), "web, docs"),
    ],
)
def test_an_edit_is_told_in_one_line(lines: tuple[str, ...], told: str) -> None:
    edit = Edit(n=1, at="2026-11-26T14:00:00Z", who="ana", what="budgets", lines=lines)
    assert change_words(edit) == told
    named = replace(edit, names=("web",))
    assert change_words(named) == (told if "web" in told else f"web: {told}")


def test_alerts_are_told_in_a_few_words() -> None:
    now = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
    breaks = "2026-11-27T15:00:00Z"
    told: dict[str, tuple[str, dict[str, Any]]] = {
        "web at 80%": ("budget.alert", {"budget": "web", "mark": 80, "text": "long"}),
        "web breaks Fri 15:00": ("budget.landing", {"budget": "web", "breaks_at": breaks, "text": "long"}),
        "41 identical calls": ("runaway", {"rule": "repeat", "text": "41 identical calls"}),
    }
    events = [Event(id=1, kind=kind, data=data) for kind, data in told.values()]
    assert [alert_words(event, now) for event in events] == list(told)


def test_a_limit_that_is_reached_breaks_no_more() -> None:
    at = (NOW + timedelta(minutes=30)).isoformat()
    assert breaks(budget(breaks_at=at), NOW) == "15:00"
    assert breaks(budget(breaks_at=NOW.isoformat(), share=1.84), NOW) is None
    assert breaks(budget(), NOW) is None
