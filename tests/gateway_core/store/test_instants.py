"""Instants survive the way into the file and back to the microsecond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.clock import instant_text
from gateway_core.store import instants

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 230 * 366 * 86_400 * 10**6).map(lambda us: EPOCH + timedelta(microseconds=us))


@given(MOMENTS)
def test_text_and_number_are_the_same_instant(moment: datetime) -> None:
    text = instant_text(moment)
    assert instants.text(instants.micros(text)) == text
    assert instants.from_datetime(moment) == instants.micros(text)


@given(MOMENTS, MOMENTS)
def test_the_order_is_kept(one: datetime, other: datetime) -> None:
    numbers = instants.micros(instant_text(one)), instants.micros(instant_text(other))
    assert (numbers[0] < numbers[1]) == (one < other)


def test_an_offset_is_understood() -> None:
    moment = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    assert instants.text(instants.micros(moment.isoformat())) == "2026-03-29T01:30:00.000000Z"


@pytest.mark.parametrize("text", ["2026-11-23T12:00:00", "noon", ""])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        instants.micros(text)


def test_now_is_now() -> None:
    assert abs(instants.now() - instants.from_datetime(datetime.now(UTC))) < instants.SECOND
