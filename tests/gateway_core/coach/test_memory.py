"""What the coach remembers is bounded, and enough to compare with."""

from __future__ import annotations

from gateway_core.coach.memory import KEPT, OPENERS, Traces
from gateway_core.rules.prompt_cache.verdict import Traced
from tests.gateway_core.rules.prompt_cache.making import prompt, traced

RULES = "A rule of the harbour. " * 300


def growing(number: int) -> Traced:
    return traced(prompt(RULES, *(f"Message {each} " * 20 for each in range(number))), call=str(number))


def test_the_latest_calls_of_a_conversation_are_kept() -> None:
    traces = Traces()
    for number in range(KEPT + 3):
        traces.keep("one", growing(number))
    assert [each.call_id for each in traces.of("one")] == [str(number) for number in range(3, KEPT + 3)]
    assert "two" not in traces


def test_memory_does_not_grow() -> None:
    traces = Traces(most_bytes=100_000)
    for number in range(500):
        traces.keep(f"conversation {number}", traced(prompt(f"{number} {RULES}", "Hi")))
    assert traces.bytes <= 100_000
    assert "conversation 499" in traces
    assert "conversation 0" not in traces


def test_what_comes_again_is_paid_for_once() -> None:
    traces = Traces()
    traces.keep("one", growing(1))
    once = traces.bytes
    traces.keep("one", growing(1))
    assert traces.bytes - once < once / 10


def test_conversations_that_begin_alike_but_for_one_block_are_found() -> None:
    traces = Traces()
    first = traced(prompt(f"Monday. {RULES}", "Hi", tools=("a", "b")))
    traces.keep_opener(first)
    alike = traced(prompt(f"Tuesday. {RULES}", "Hello", tools=("a", "b")))
    assert list(traces.openers(alike)) == [first]
    assert not traces.openers(traced(prompt(f"Tuesday. {RULES}", "Hello", tools=("a", "c"))))
    assert not traces.openers(traced(prompt(f"Tuesday. {RULES}", "Hello", tools=("a",))))
    for _ in range(OPENERS + 5):
        traces.keep_opener(first)
    assert len(traces.openers(alike)) == OPENERS
