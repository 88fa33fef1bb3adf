"""When the weekly report is due: local weeks, clocks that change, and words that mean no time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.errors import ConfigError
from gateway_core.rules.weekly import (
    WEEK,
    Every,
    file_of,
    last_due,
    next_due,
    read_every,
    told_days,
)

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = Every(0, 9, 0)
START = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text, said",
    [
        ("monday@09:00", "monday@09:00"),
        (" Mon@9:00 ", "monday@09:00"),
        ("SUNDAY@23:59", "sunday@23:59"),
        ("thu@00:05", "thursday@00:05"),
    ],
)
def test_words_for_a_time_of_the_week(text: str, said: str) -> None:
    assert str(read_every(text)) == said


@pytest.mark.parametrize("text", ["", "monday", "9:00", "moonday@9:00", "tue@24:00", "tue@9:60", "t@9:00"])
def test_what_is_no_time_of_the_week(text: str) -> None:
    with pytest.raises(ConfigError, match="write a day and a local time: monday@09:00"):
        read_every(text)


def test_it_is_due_from_the_minute_on() -> None:
    nine = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert last_due(MONDAY, nine, BERLIN) == nine
    assert last_due(MONDAY, nine - timedelta(microseconds=1), BERLIN) == nine - WEEK
    assert next_due(MONDAY, nine, BERLIN) == nine + WEEK
    assert next_due(MONDAY, nine - timedelta(microseconds=1), BERLIN) == nine


def test_nine_is_nine_on_both_sides_of_a_change_of_clocks() -> None:
    summer, winter = datetime(2026, 10, 19, 7, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)
    assert next_due(MONDAY, summer, BERLIN) == winter
    skipped = Every(6, 2, 30)
    assert last_due(skipped, datetime(2026, 3, 29, 12, tzinfo=UTC), BERLIN) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )


@given(
    st.builds(Every, st.integers(0, 6), st.integers(0, 23), st.integers(0, 59)),
    st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)),
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Pacific/Apia", "UTC"]),
)
def test_now_lies_between_the_last_and_the_next(every: Every, now: datetime, name: str) -> None:
    tz = ZoneInfo(name)
    last, follows = last_due(every, now, tz), next_due(every, now, tz)
    assert last <= now < follows
    assert timedelta(days=6, hours=22) <= follows - last <= timedelta(days=7, hours=2)
    first, until = told_days(last, tz)
    assert until - first == WEEK and until == last.astimezone(tz).date()


def test_a_file_is_named_after_the_days_that_it_tells_of() -> None:
    first = date(2026, 11, 16)
    assert file_of("/r/llm-%G-W%V.md", first) == "/r/llm-2026-W47.md"
    assert file_of("/r/%Y-%m-%d/week.md", first) == "/r/2026-11-16/week.md"
    assert file_of("/r/plain.md", first) == "/r/plain.md"
    for wrong in ("/r/%s.md", "/r/100%"):
        with pytest.raises(ConfigError, match="stands for nothing"):
            file_of(wrong, first)
