"""A judge: what it reads, and what its word means whichever answer it read first."""

from __future__ import annotations

import pytest

from gateway_core.rules.opinions.checks import Said
from gateway_core.rules.opinions.judging import MOST, bounded, question, verdict


@pytest.mark.parametrize("strong_first", [True, False])
def test_the_order_turns_and_the_verdict_with_it(strong_first: bool) -> None:
    words = question("Why?", Said("the cheap words"), Said("the strong words"), strong_first=strong_first)
    assert (words.index("the strong words") < words.index("the cheap words")) is strong_first
    first = verdict("It is complete.\nFIRST", "openai/x", strong_first=strong_first)
    second = verdict("FIRST looks fine, but\nSECOND", "openai/x", strong_first=strong_first)
    assert (first.gain, second.gain) == ((1.0, -1.0) if strong_first else (-1.0, 1.0))


def test_as_good_and_no_verdict() -> None:
    assert verdict("SAME", "openai/x", strong_first=True).gain == 0.0
    assert verdict("I first looked at the second one.", "openai/x", strong_first=True).gain is None


def test_long_texts_are_cut_and_tools_are_shown() -> None:
    called = Said("", (("find", '{"a": 1}'),))
    words = question("Q" * 50_000, Said("A" * 50_000), called, strong_first=False)
    assert len(words) < 2 * MOST + 2_000 and '[calls find with {"a": 1}]' in words


def test_the_conversation_is_read_within_bounds() -> None:
    turns = [("system", "Answer in French."), *(("user", f"turn {at} " + "x" * 900) for at in range(40))]
    told = bounded(turns)
    assert len(told) <= MOST
    assert told.startswith("[system] Answer in French.")
    assert "turn 39 " in told and "turn 0 " not in told and "left out" in told
    words = question("Why?", Said("a"), Said("b"), strong_first=True, around=turns)
    assert words.index("Answer in French.") < words.index("<<<REQUEST\nWhy?")
    assert len(words) < 2 * MOST


def test_a_short_conversation_is_read_whole() -> None:
    turns = [("system", "Be brief."), ("user", "Which boat?"), ("assistant", "The blue one."), ("user", " ")]
    assert bounded(turns) == "[system] Be brief.\n\n[user] Which boat?\n\n[assistant] The blue one."
    assert bounded([]) == "" and "CONVERSATION" not in question("?", Said("a"), Said("b"), strong_first=True)


def test_one_long_turn_leaves_room_for_the_latest() -> None:
    told = bounded([("system", "s" * 50_000), ("user", "u" * 50_000), ("assistant", "The last.")])
    assert len(told) <= MOST and told.endswith("[assistant] The last.")
