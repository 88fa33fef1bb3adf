"""The score is a sum of parts; what is harder for a cheap model than for a strong one scores more."""

from __future__ import annotations

import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.policy import Routing
from gateway_core.rules.complexity import (
    ENOUGH,
    PLACES,
    WEIGHTS,
    Complexity,
    Thresholds,
    classify,
    measure,
    unsure,
)

STEPS = (
    "Ann has three times as many apples as Bob, who has 4. If each of them gives half away, and Ann buys "
    "6 more, how many have they together?"
)


@given(
    st.text(max_size=400), st.integers(0, 50), st.integers(0, 10**7), st.integers(0, 40), st.integers(0, 9)
)
def test_the_score_is_the_sum_of_its_parts(
    text: str, messages: int, size: int, tools: int, images: int
) -> None:
    found = measure(text, messages=messages, context_bytes=size, tools=tools, images=images)
    assert found.value == pytest.approx(min(1.0, max(0.0, sum(part.value for part in found.parts))))
    assert all(part.value for part in found.parts) and 0 <= found.value <= 1


@pytest.mark.parametrize(
    ("easier", "harder"),
    [
        ("Who wrote Faust?", STEPS),
        ("Write a poem about the sea.", "Fix the python function that sorts a linked list."),
        ("Ann has 3 apples and buys 4. How many?", STEPS),
        (
            "Which is red?\nA. milk\nB. blood",
            "I saw him leave, and he said that he would not. Which statement follows?\nA. (1)\nB. (2)",
        ),
    ],
)
def test_what_is_harder_scores_more(easier: str, harder: str) -> None:
    assert measure(easier).value < measure(harder).value


def test_a_figure_drawn_in_lines_makes_mathematics_no_harder() -> None:
    bare = "What is the radius of the circle in square inches?"
    drawn = bare + "\n[asy]\ndraw(circle((0,0),5));\ndot((0,0));\n[/asy]"
    assert measure(drawn).value < measure(bare.replace("the circle", "the circle, the triangle")).value
    assert any(part.name == "lines" and part.value < 0 for part in measure(drawn).parts)


@pytest.mark.parametrize("more", [{"messages": 9}, {"context_bytes": 50_000}, {"tools": 3}, {"images": 1}])
def test_what_comes_with_the_words_counts(more: dict[str, int]) -> None:
    assert measure("Hi", **more).value > measure("Hi").value


def test_every_weight_has_its_count() -> None:
    without = {"kind", "length", "plain words", "options", "lines"}
    assert {name for weights in WEIGHTS.values() for name in weights} - without == set(ENOUGH)
    assert all(sum(weights.values()) <= 1 for weights in WEIGHTS.values())


def test_the_classes() -> None:
    assert classify(measure("Hi").value, Thresholds()) is Complexity.SIMPLE
    assert classify(measure(STEPS).value, Thresholds()) is Complexity.HARD
    assert classify(0.3, Thresholds()) is Complexity.MEDIUM


@pytest.mark.parametrize(
    ("value", "margin", "found", "why"),
    [
        (0.55, 0.02, Complexity.HARD, ""),
        (0.53, 0.02, Complexity.HARD, "up, as unsure: 0.02 under hard"),
        (0.5299, 0.02, Complexity.MEDIUM, ""),
        (0.5499, 0.02, Complexity.HARD, "up, as unsure: 0.0001 under hard"),
        (0.54996, 0.0, Complexity.HARD, ""),
        (0.5499, 0.0, Complexity.MEDIUM, ""),
        (0.28, 0.02, Complexity.MEDIUM, "up, as unsure: 0.02 under medium"),
        (0.2799, 0.02, Complexity.SIMPLE, ""),
        (0.0, 1.0, Complexity.HARD, "up, as unsure: 0.55 under hard"),
    ],
)
def test_up_when_unsure(value: float, margin: float, found: Complexity, why: str) -> None:
    thresholds = Thresholds(margin=margin)
    assert classify(value, thresholds) is found
    assert unsure(value, thresholds) == why


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.3))
def test_a_class_is_the_same_for_a_score_as_it_is_kept(
    value: float, one: float, other: float, margin: float
) -> None:
    """What is replayed later is classified as it was; a margin never leads down."""
    thresholds = Thresholds(min(one, other), max(one, other), margin)
    found = classify(value, thresholds)
    assert found is classify(round(value, PLACES), thresholds)
    plain = classify(value, Thresholds(thresholds.medium, thresholds.hard, 0.0))
    classes = list(Complexity)
    assert classes.index(found) >= classes.index(plain)
    assert bool(unsure(value, thresholds)) is (found is not plain)


def test_the_policy_begins_with_the_same() -> None:
    usual = Routing()
    assert Thresholds() == Thresholds(usual.medium, usual.hard, usual.margin)


def test_a_prompt_of_two_kilobytes_is_quick() -> None:
    """Far below a millisecond; the benchmark says how far."""
    text = (STEPS * 20)[:2048]
    assert min(timeit.repeat(lambda: measure(text), number=10, repeat=20)) / 10 < 0.002
