"""What the conditions of a route ask, and what they say of a call that does not meet them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway_core.rules.complexity import Score
from gateway_core.rules.routing.conditions import conditions_of
from gateway_core.rules.routing.situation import Situation
from tests.gateway_core.rules.routing.making import FACTS, call


def at(day: int, hour: int, minute: int = 0) -> Situation:
    """A call in the week of Monday, 23 November 2026."""
    return call(local=datetime(2026, 11, 22 + day, hour, minute, tzinfo=UTC))


def scored(value: float) -> Situation:
    return call(measure=lambda _: Score(value, ()))


def used(share: float | None) -> Situation:
    return call(used=lambda name: share if name == "web team" else None)


HOLDS: list[tuple[dict[str, str], Situation, bool]] = [
    ({"mode": "vibing"}, call(), True),
    ({"project": "we*"}, call(), True),
    ({"model": "openai/gpt-5.1"}, call(), True),
    ({"asked": "gpt-5*"}, call(), True),
    ({"asked": "fast, auto"}, call(asked="auto"), True),
    ({"asked": "fast"}, call(), False),
    ({"format": "anthropic,openai"}, call(), True),
    ({"format": "gemini"}, call(), False),
    ({"tools": "yes"}, call(tools=True), True),
    ({"tools": "no"}, call(tools=True), False),
    ({"images": "yes"}, call(), False),
    ({"stream": "no"}, call(), True),
    ({"context": ">50k"}, call(context=50_000), False),
    ({"context": ">=50k"}, call(context=50_000), True),
    ({"context": ">=2k,<50_000"}, call(context=2_000), True),
    ({"context": "<1.5M"}, call(context=1_499_999), True),
    ({"messages": ">10"}, call(messages=11), True),
    ({"complexity": "simple"}, scored(0.1), True),
    ({"complexity": "simple,hard"}, scored(0.9), True),
    ({"complexity": ">=medium"}, scored(0.9), True),
    ({"complexity": ">=medium"}, scored(0.1), False),
    ({"complexity": "simple"}, call(), False),
    ({"budget": "web team >= 80%"}, used(0.8), True),
    ({"budget": "web team>=80%"}, used(0.79), False),
    ({"budget": "web team < 50%"}, used(0.1), True),
    ({"budget": "gone < 50%"}, used(0.1), False),
    ({"time": "09:00..18:00"}, at(4, 9), True),
    ({"time": "09:00..18:00"}, at(4, 18), False),
    ({"time": "22:00..06:00"}, at(4, 23), True),
    ({"time": "22:00..06:00"}, at(4, 5, 59), True),
    ({"time": "22:00..06:00"}, at(4, 6), False),
    ({"time": "18:00..24:00"}, at(4, 23, 59), True),
    ({"time": "mon-fri 09:00..18:00"}, at(6, 10), False),
    ({"time": "sat,sun"}, at(6, 10), True),
    ({"time": "fri-mon"}, at(1, 10), True),
    ({"time": "fri-mon"}, at(2, 10), False),
]


@pytest.mark.parametrize(
    ("when", "situation", "holds"), HOLDS, ids=[f"{n}-{case[0]}" for n, case in enumerate(HOLDS)]
)
def test_a_condition_holds_or_not(when: dict[str, str], situation: Situation, holds: bool) -> None:
    (condition,) = conditions_of(when)
    assert condition.holds(situation) is holds
    assert condition.failing(situation).startswith(f"{condition.key} is ")


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"context": "50k"}, "no bound"),
        ({"complexity": "tricky"}, "none of simple, medium, hard"),
        ({"complexity": ">=simple,hard"}, "none of"),
        ({"tools": "maybe"}, "none of yes, no"),
        ({"format": "soap"}, "none of openai, responses, anthropic, gemini"),
        ({"budget": "web team"}, "says no share"),
        ({"time": "noon"}, "is no time"),
        ({"time": "25:61..26:00"}, "no time of day"),
        ({"time": "mon-funday"}, "is no time"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(when: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        conditions_of(when)


def test_what_costs_is_asked_last() -> None:
    found = conditions_of({"complexity": "simple", "mode": "vibing", "context": ">1k"})
    assert [each.key for each in found] == ["mode", "context", "complexity"]


def test_a_call_says_what_it_has_instead() -> None:
    (context,) = conditions_of({"context": ">50k"})
    assert context.failing(call(context=1_200)) == "context is 1,200, not >50k"
    (tag,) = conditions_of({"team": "search"})
    assert tag.failing(call()) == "team is not set, not search"
    (budget,) = conditions_of({"budget": "web team >= 80%"})
    assert budget.failing(used(0.25)) == "budget is web team at 25%, not web team >= 80%"
    assert FACTS.tags["mode"] == "vibing"
