"""The filter over calls: words, keys, comparisons, negation; a wrong word is named."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from console.filter import FilterError, parse
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
