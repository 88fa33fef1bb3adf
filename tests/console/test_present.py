"""How money, tokens, shares and times read on a screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from console import present

NOW = datetime(2026, 11, 23, 14, 2, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("12.79", "$12.79"),
        ("0", "$0.00"),
        ("0.005", "<$0.01"),
        ("0.015", "$0.02"),
        ("1204", "$1,204.00"),
        ("-3.5", "-$3.50"),
        (Decimal("241.774999999"), "$241.77"),
    ],
)
def test_totals_have_cents(amount, shown):
    assert present.usd(amount) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("0.0601", "$0.0601"), ("0.00005", "<$0.0001"), ("0.00125", "$0.0013"), ("3", "$3.0000")],
)
def test_a_call_has_four_decimals(amount, shown):
    assert present.usd_call(amount) == shown
    assert present.usd_call(amount, estimated=True) == "~" + shown
    assert present.per_call(amount) == shown.replace("$", "")


def test_limits_pace_and_exact_amounts():
    assert present.usd_limit("500") == "$500"
    assert present.usd_limit("1500.00") == "$1,500"
    assert present.usd_limit("0.5") == "$0.50"
    assert present.usd_limit("0.0001") == "$0.0001"
    assert present.usd_pace("0.46") == "$0.46/min"
    assert present.usd_exact("0.000012500") == "$0.0000125"
    assert present.usd_exact(Decimal("1E+3")) == "$1,000.00"
    assert present.usd_exact("-3") == "-$3.00"


@pytest.mark.parametrize(
    ("count", "wide", "narrow"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1_000, "1,000", "1.0k"),
        (61_703, "61,703", "61.7k"),
        (99_949, "99,949", "99.9k"),
        (99_960, "99,960", "100k"),
        (999_949, "999,949", "1000k"),
        (999_960, "999,960", "1.0M"),
        (9_100_000, "9,100,000", "9.1M"),
        (5_000_000_000, "5,000,000,000", "5.0G"),
    ],
)
def test_tokens(count, wide, narrow):
    assert present.tokens(count) == wide
    assert present.tokens(count, narrow=True) == narrow
    assert len(narrow) <= 5


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "0%"), (0.001, "<1%"), (0.42, "42%"), (0.996, "99%"), (0.99999, "99%"), (1, "100%"), (1.02, "102%")],
)
def test_a_share_says_nothing_and_all_only_where_true(share, shown):
    assert present.percent(share) == shown


def test_durations():
    assert present.milliseconds(None) == "–"
    assert present.milliseconds(0.25) == "0.2ms"
    assert present.milliseconds(1303) == "1303ms"
    assert present.milliseconds(1303, narrow=True) == "1.3s"
    assert present.milliseconds(26_000) == "26.0s"
    assert present.milliseconds(250_000) == "4m 10s"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0s"),
        (12, "12s"),
        (250, "4m 10s"),
        (35_880, "9h 58m"),
        (291_600, "3d 9h"),
        (86_400, "1d"),
        (-5, "0s"),
    ],
)
def test_spans_have_two_units(seconds, shown):
    assert present.span(seconds) == shown


def test_ages_and_waits():
    assert present.age("2026-11-23T14:02:12.900Z", NOW) == "now"
    assert present.age("2026-11-23T14:02:01Z", NOW) == "12s ago"
    assert present.age("2026-11-23T11:00:00Z", NOW) == "3h ago"
    assert present.age("2026-11-03T11:00:00Z", NOW) == "3 Nov"
    assert present.until("2026-11-24T00:00:13Z", NOW) == "9h 58m"
    assert present.until(None, NOW) == "–"
    east = timezone(timedelta(hours=5, minutes=30))
    assert present.clock("2026-11-23T14:02:13.5Z", east) == "19:32:13"


def test_rate_counts_from_the_first_byte():
    assert present.rate(260, 3_000, 1_000) == "130"
    assert present.rate(0, 3_000, 1_000) == "–"
    assert present.rate(260, None, None) == "–"
    assert present.rate(2_000, 1_001, 1_000) == "1,998", "what comes in one piece took the whole time to make"


def test_models_and_matches():
    assert present.served("gpt-5.1", "haiku-4.5") == "gpt-5.1 → haiku-4.5"
    assert present.served("gpt-5.1", "gpt-5.1") == "gpt-5.1"
    assert present.matched({"user": "ann", "mode": "vibing"}) == "mode=vibing user=ann"
    assert present.matched({}) == "everything"
