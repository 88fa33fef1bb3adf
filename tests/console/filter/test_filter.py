"""The filter over calls: words, keys, comparisons, negation; a wrong word is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from console.filter import FilterError, parse, settled
from console.filter.offering import offered
from console.shapes import Call
from tests.screens.story import Story

CALL: Call = replace(
    Story()._calls[0],
    id="7fabcd",
    asked_model="claude-opus-4-5",
    model="claude-haiku-4-5",
    provider="anthropic",
    route="cheap",
    token="laptop",
    tags={"user": "ana", "project": "search", "ticket": "ABC-12"},
    input_tokens=40_000,
    cached_input_tokens=20_000,
    output_tokens=90,
    cost_usd=Decimal("0.06"),
    first_byte_ms=2_400.0,
    outcome="ok",
    http_status=200,
    cache="miss",
    certainty="computed",
    status="settled",
    path="/v1/messages",
)


@pytest.mark.parametrize(
    "text",
    [
        "", "ana", "ANA", "haiku opus", "messages", "7fab", "laptop", "user:ana", "user:bo,ana",
        "project:sea*", "model:*haiku*", "asked:claude-opus-4-5", "provider:anthropic", "key:laptop",
        "tag.ticket:abc-12",
        "cost>0.05", "cost>=0.06", "cost<1", "in>50k", "in<1M", "out<100", "ttft>2s", "ttft>2000ms",
        "status:200", "status>=200", "is:routed", "-is:cached", "-user:bo", "-gemini", "team:",
        "ana cost>0.05 -bo",
    ],
)  # fmt: skip
def test_what_matches(text: str) -> None:
    assert parse(text)(CALL)


@pytest.mark.parametrize(
    "text",
    [
        "bo", "user:bo", "user:an", "-ana", "model:haiku", "cost>0.06", "in>60k", "out>=100", "ttft<2s",
        "status:404", "is:live", "is:blocked", "is:error", "is:cached", "is:estimated", "-is:routed", "user:",
        "ana bo",
    ],
)  # fmt: skip
def test_what_does_not(text: str) -> None:
    assert not parse(text)(CALL)


def test_states() -> None:
    assert parse("is:live")(replace(CALL, status="open", outcome=None))
    assert parse("is:blocked")(replace(CALL, outcome="refused"))
    assert parse("is:error")(replace(CALL, outcome="failed"))
    assert parse("is:estimated")(replace(CALL, certainty="estimated"))
    assert not parse("ttft>1s")(replace(CALL, first_byte_ms=None))


@pytest.mark.parametrize(
    ("text", "word"), [("ana is:nice", "'is:nice'"), ("cost>x", "'cost>x'"), ("ages>3", "'ages>3'")]
)
def test_a_wrong_word_is_named(text: str, word: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert word in str(caught.value)


NOW = datetime(2026, 11, 26, 14, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "finished", "whether"),
    [
        ("since:15m", "2026-11-26T14:10:00Z", True), ("since:15m", "2026-11-26T14:04:00Z", False),
        ("since:2d", "2026-11-25T14:04:00Z", True), ("since:15m", None, True),
        ("at:14:00..14:30", "2026-11-26T14:30:59Z", True), ("at:14:00..14:30", "2026-11-25T14:31:00Z", False),
        ("at:23:00..1:00", "2026-11-26T00:30:00Z", True), ("at:23:00..1:00", "2026-11-26T12:30:00Z", False),
        ("-at:14:00..14:30", "2026-11-26T15:00:00Z", True),
    ],
)  # fmt: skip
def test_moments(text: str, finished: str | None, whether: bool) -> None:
    call = replace(CALL, started_at="2026-11-26T14:05:00Z", finished_at=finished)
    assert parse(text, lambda: NOW)(call) is whether


def test_a_time_of_the_day_is_of_the_zone_that_is_looked_from() -> None:
    berlin = NOW.astimezone(timezone(timedelta(hours=1)))
    call = replace(CALL, finished_at="2026-11-26T13:10:00Z")
    assert parse("at:14:00..14:30", lambda: berlin)(call)
    assert not parse("at:14:00..14:30", lambda: NOW)(call)


@pytest.mark.parametrize(
    "text",
    ["status:>=400", "status>=400", "is:throttled", "is:live|throttled", "is:live,throttled", '"no room"',
     '-"other words"', '"no ro', 'project:"my app"', "tag.team:", "tag.ticket:ABC-12", "out<1"],
)  # fmt: skip
def test_words_that_a_throttled_call_matches(text: str) -> None:
    tags = {"ticket": "abc-12", "project": "my app"}
    call = replace(
        CALL,
        outcome="refused",
        http_status=429,
        error="throttled: there is no room",
        tags=tags,
        output_tokens=0,
    )
    assert parse(text)(call)
    assert not parse(f"-{text}" if not text.startswith("-") else text[1:])(call)


def test_repeated_are_loops_that_were_stopped_and_answers_given_again() -> None:
    stopped = replace(CALL, outcome="refused", error="runaway_stopped: runaway guard: 5 identical calls")
    again = replace(CALL, error="idempotency-key of call 7f: its answer again")
    assert parse("is:repeated")(stopped) and parse("is:repeated")(again)
    assert not parse("is:repeated")(CALL)


@pytest.mark.parametrize("text", ["since:soon", "at:14:00", "at:25:00..26:00", "ana out<", "is:live|nice"])
def test_where_the_wrong_word_stands(text: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert text[caught.value.start : caught.value.end] == text.split()[-1]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("us", "user:"), ("ana -pro", "ana -project:"), ("user:", "user:ana"), ("user:bo,c", "user:bo,cyd"),
        ("is:th", "is:throttled"), ("is:live|er", "is:live|error"), ("tag.ti", "tag.ticket:"),
        ("cos", "cost>"), ("since:", "since:15m"), ("project:", 'project:"my app"'), ("user:ana ", None),
        ("", None), ("zzz", None), ("user:ana", None),
    ],
)  # fmt: skip
def test_what_is_offered(text: str, whole: str | None) -> None:
    people = ("ana", "ana", "bo", "cyd")
    calls = [replace(CALL, tags={"user": user, "ticket": "1", "project": "my app"}) for user in people]
    assert offered(text, calls) == whole


@pytest.mark.parametrize(
    ("valid", "text", "kept"),
    [("ana is", "ana is:x", "ana "), ("ana is:live", "ana is:livex", "ana is:live"), ("", "cost>", "")],
)
def test_the_beginning_of_a_wrong_word_asks_for_nothing(valid: str, text: str, kept: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert settled(valid, caught.value) == kept
