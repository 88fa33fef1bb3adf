"""Bounds and estimates of tokens before a provider has counted them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.call import Ask, DialectName, Operation
from gateway_core.rules.estimate import input_bound, input_estimate, output_estimate

asks = st.builds(
    Ask,
    dialect=st.sampled_from(DialectName),
    operation=st.just(Operation.GENERATE),
    model=st.just("m"),
    input_bytes=st.integers(0, 10**7),
    media_items=st.integers(0, 20),
    messages=st.integers(0, 500),
    has_tools=st.booleans(),
    server_tools=st.lists(st.sampled_from(["web_search", "code"]), max_size=2).map(tuple),
)


@given(asks)
def test_the_bound_holds_every_byte_and_what_providers_put_around(ask: Ask) -> None:
    assert input_bound(ask) >= ask.input_bytes + 8 * ask.messages + 8


@given(asks)
def test_the_estimate_is_below_the_bound_and_above_nothing(ask: Ask) -> None:
    assert 0 < input_estimate(ask) < input_bound(ask)


@given(asks, st.integers(1, 1_000))
def test_more_content_is_never_less(ask: Ask, more: int) -> None:
    larger = replace(
        ask, input_bytes=ask.input_bytes + more, media_items=ask.media_items + 1, messages=ask.messages + 1
    )
    assert input_bound(larger) > input_bound(ask)
    assert input_estimate(larger) > input_estimate(ask)


WEATHER = (
    '{"name":"get_weather","description":"Get the current weather in a given location","input_schema":'
    '{"type":"object","properties":{"location":{"type":"string","description":"The city and state, e.g. '
    'San Francisco, CA"}},"required":["location"]}}'
)


def test_counts_in_anthropics_documentation_lie_within_the_bound() -> None:
    """Examples of https://platform.claude.com/docs/en/build-with-claude/token-counting and their counts."""
    scientist = len("You are a scientist") + len("Hello, Claude")
    weather = len(WEATHER) + len("What's the weather like in San Francisco?")
    for size, tools, reported in ((scientist, False, 14), (weather, True, 403)):
        ask = Ask(DialectName.ANTHROPIC, Operation.GENERATE, "m", input_bytes=size, has_tools=tools)
        assert reported <= input_bound(ask)
        assert reported / 2 <= input_estimate(ask) <= reported * 2


def test_the_dearest_image_lies_within_the_bound() -> None:
    """gpt-4o-mini counts 2,833 tokens and 5,667 for each tile of 512 pixels, 2 × 4 of them at the most."""
    ask = Ask(DialectName.OPENAI_CHAT, Operation.GENERATE, "m", media_items=1)
    assert 2_833 + 8 * 5_667 <= input_bound(ask)


def test_output_is_estimated_by_its_bytes_and_never_zero_where_there_was_some() -> None:
    assert [output_estimate(size) for size in (0, 1, 3, 4, 7, 8, 3_500)] == [0, 1, 1, 2, 2, 3, 1_000]


@given(st.integers(0, 10**9))
def test_estimated_output_is_less_than_its_bytes(size: int) -> None:
    assert size / 4 <= output_estimate(size) <= size
