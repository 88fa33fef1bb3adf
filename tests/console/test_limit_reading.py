"""What people write in the forms of limits: read as meant, or told what is wrong in which field."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from console.limit_reading import (
    Mistake,
    read_dollars,
    read_price,
    read_seconds,
    read_tokens,
    read_until,
    read_window,
    window_parts,
)

NOW = datetime(2026, 11, 26, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "first", "window"),
    [
        ("month", "", "month"),
        ("month", "1", "month"),
        ("month", "15", "month:15"),
        ("week", "", "week"),
        ("week", "mon", "week"),
        ("week", "Sunday", "week:sunday"),
        ("week", "su", "week:sunday"),
        ("rolling", "6h", "rolling:6h"),
        ("day", "whatever", "day"),
    ],
)
def test_windows_are_read_and_taken_apart_again(kind: str, first: str, window: str) -> None:
    assert read_window(kind, first) == window
    assert read_window(*window_parts(window)) == window


@pytest.mark.parametrize(("kind", "first"), [("month", "29"), ("month", "x"), ("week", "t"), ("rolling", "")])
def test_a_window_that_cannot_be_is_told_at_its_field(kind: str, first: str) -> None:
    with pytest.raises(Mistake) as caught:
        read_window(kind, first)
    assert caught.value.field == "first"


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("", None),
        ("18:00", "2026-11-26T18:00:00+00:00"),
        ("9:15", "2026-11-27T09:15:00+00:00"),
        ("90m", "2026-11-26T16:00:00+00:00"),
        ("2d", "2026-11-28T14:30:00+00:00"),
        ("30 Nov", "2026-11-30T00:00:00+00:00"),
        ("3 January", "2027-01-03T00:00:00+00:00"),
        ("2026-12-24 18:00", "2026-12-24T18:00:00+00:00"),
        ("2026-12-24T18:00:00+01:00", "2026-12-24T18:00:00+01:00"),
    ],
)
def test_until_takes_times_days_lengths_and_instants(text: str, until: str | None) -> None:
    assert read_until(text, NOW) == until


@pytest.mark.parametrize("text", ["25:00", "tomorrow", "0m", "2026-11-26 14:29", "31 Feb"])
def test_until_is_in_the_future_and_readable(text: str) -> None:
    with pytest.raises(Mistake) as caught:
        read_until(text, NOW)
    assert caught.value.field == "until"


def test_the_details_of_what_happens_at_the_limit() -> None:
    assert read_price("") is None
    assert read_price("$7.50") == Decimal("7.50")
    assert (read_seconds(""), read_seconds("90s"), read_seconds("2m")) == (60, 90, 120)
    assert read_tokens("200k", "tokens") == 200_000
    for wrong in ("0", "10m", "soon"):
        with pytest.raises(Mistake) as caught:
            read_seconds(wrong)
        assert caught.value.field == "detail"


@pytest.mark.parametrize(
    ("text", "amount"), [("0", "0"), ("$0.25", "0.25"), (" 3 ", "3"), ("0.0001", "0.0001")]
)
def test_a_loss_may_be_nothing(text: str, amount: str) -> None:
    assert read_dollars(text, "most_loss_usd", nothing=True) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "told"), [("", "an amount in dollars"), ("-1", "[$]0 or more"), ("nan", "[$]0 or more")]
)
def test_a_loss_that_is_none_is_told(text: str, told: str) -> None:
    with pytest.raises(Mistake, match=told) as mistake:
        read_dollars(text, "most_loss_usd", nothing=True)
    assert mistake.value.field == "most_loss_usd"
