"""A client that did not ask for usage sees a stream as if nobody had asked."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.formats.openai_chat.hiding import without_usage
from tests.gateway_core.formats.streams import CHAT, STREAMS, cut, passed

USAGE_CHUNK = CHAT[CHAT.rindex(b'data: {"id"') : CHAT.rindex(b"data: [DONE]")]
UNASKED = CHAT.replace(b',"usage":null', b"").replace(USAGE_CHUNK, b"")
"""The same stream as a provider sends it to a client that does not ask."""


@given(places=st.lists(st.integers(0, len(CHAT)), max_size=30))
def test_the_stream_is_the_one_of_a_client_that_does_not_ask(places: list[int]) -> None:
    result = passed(STREAMS["chat, usage hidden"], cut(CHAT, places))
    assert result.data == UNASKED
    assert result.reading == passed(STREAMS["chat"], [CHAT]).reading


def test_a_stream_without_usage_passes_as_the_very_object() -> None:
    assert without_usage(UNASKED) is UNASKED


def event(text: str) -> bytes:
    return f"data: {text}\n\n".encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"usage":null,"choices":[{}]}', '{"choices":[{}]}'),
        ('{"usage":null}', "{}"),
        ('{"choices":[{}] , "usage" : null }', '{"choices":[{}]  }'),
        ('{"choices":[{"x":{"usage":null}}],"usage":null}', '{"choices":[{"x":{"usage":null}}]}'),
        ('{"choices":[{"x":{"usage":null}}]}', '{"choices":[{"x":{"usage":null}}]}'),
        ('{"x_groq":{"usage":null},"choices":[]}', '{"x_groq":{"usage":null},"choices":[]}'),
        (
            '{"choices":[],"usage":null,"prompt_filter_results":[{"a":1}]}',
            '{"choices":[],"prompt_filter_results":[{"a":1}]}',
        ),
        (
            '{"choices":[{"delta":{"content":",\\"usage\\":null}"}}],"usage":null}',
            '{"choices":[{"delta":{"content":",\\"usage\\":null}"}}]}',
        ),
        # Providers that state usage beside content do so unasked.
        (
            '{"choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}',
            '{"choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}',
        ),
        ('{"choices":[{}],"usage":null,"usage":null}', '{"choices":[{}]}'),
        ('{"usage" not JSON}', '{"usage" not JSON}'),
    ],
)
def test_what_is_taken_out_of_one_chunk(before: str, after: str) -> None:
    assert without_usage(event(before)) == event(after)


@pytest.mark.parametrize("choices", ['"choices":[],', '"choices":null,', ""])
def test_a_chunk_of_nothing_but_usage_disappears(choices: str) -> None:
    usage = event(f'{{{choices}"usage":{{"prompt_tokens":1,"completion_tokens":2}}}}')
    other = event('{"choices":[{"delta":{"content":"x"}}]}')
    assert without_usage(other + usage + other) == other + other


@pytest.mark.parametrize("end", ["\n\n", "\r\n\r\n"])
def test_an_event_disappears_with_all_its_lines(end: str) -> None:
    line = end[: len(end) // 2]
    usage = f'id: 7{line}event: chunk{line}data: {{"choices":[],"usage":{{}}}}{end}'.encode()
    done = f"data: [DONE]{end}".encode()
    assert without_usage(usage + done) == done


scalars = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=6))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["usage", "a", "b"]), inner),
    max_leaves=6,
)


@given(
    before=st.dictionaries(st.sampled_from(["id", "model", "x"]), values),
    after=st.dictionaries(st.sampled_from(["z", "service_tier", "obfuscation"]), values),
    ascii_only=st.booleans(),
)
def test_any_chunk_loses_its_own_null_and_nothing_else(
    before: dict[str, object], after: dict[str, object], ascii_only: bool
) -> None:
    def chunk(fields: dict[str, object]) -> bytes:
        return event(json.dumps(fields, ensure_ascii=ascii_only, separators=(",", ":")))

    choice = {"choices": [{"index": 0}]}
    assert without_usage(chunk(before | choice | {"usage": None} | after)) == chunk(before | choice | after)
