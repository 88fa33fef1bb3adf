"""Streams pass unchanged and are read the same, however their bytes are split and wherever they break."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.formats import DIALECTS
from gateway_core.formats.metering import AROUND_TOOL_USE
from gateway_core.formats.sse import HELD_LIMIT
from gateway_core.model.call import Ask, DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.model.usage import Usage
from tests.gateway_core.formats.streams import (
    ANTHROPIC,
    CHAT,
    GEMINI,
    RESPONSES,
    STREAMS,
    Stream,
    cut,
    passed,
)

places = st.lists(st.integers(0, 3000), max_size=40)
EVENT_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")


@pytest.mark.parametrize("name", STREAMS)
@given(places=places)
def test_splits_change_neither_bytes_nor_reading(name: str, places: list[int]) -> None:
    stream = STREAMS[name]
    assert passed(stream, cut(stream.data, places)) == passed(stream, [stream.data])


@pytest.mark.parametrize("name", STREAMS)
def test_byte_by_byte(name: str) -> None:
    stream = STREAMS[name]
    assert passed(stream, [bytes([byte]) for byte in stream.data]) == passed(stream, [stream.data])


@pytest.mark.parametrize("name", [name for name in STREAMS if "hidden" not in name])
def test_what_is_not_hidden_passes_byte_for_byte(name: str) -> None:
    assert passed(STREAMS[name], [STREAMS[name].data]).data == STREAMS[name].data


@pytest.mark.parametrize("data", [CHAT, RESPONSES, ANTHROPIC, GEMINI])
def test_a_whole_chunk_is_handed_on_as_the_very_object(data: bytes) -> None:
    dialect = next(stream.dialect for stream in STREAMS.values() if stream.data == data)
    meter = Stream(dialect, data).meter()
    assert meter.feed(data) is data


@pytest.mark.parametrize("name", STREAMS)
@given(end=st.integers(0, 3000), places=places)
def test_a_stream_that_breaks_is_not_finished_and_leaves_whole_events(
    name: str, end: int, places: list[int]
) -> None:
    stream = STREAMS[name]
    data = stream.data[:end]
    result = passed(stream, cut(data, places))
    if result.reading.finished:
        return
    if name == "gemini array":
        dialect = DIALECTS[stream.dialect]
        (final,) = dialect.stream_refusal(
            Refusal(502, "w", "m"), "id7", events=False, begun=bool(result.data)
        )
        assert json.loads(result.data + final)[-1]["error"]["code"] == 502
    else:
        assert not result.data or EVENT_END.search(result.data[-4:])
        for event in EVENT_END.split(result.data):
            for line in event.splitlines():
                if line.startswith(b"data: {"):
                    json.loads(line[6:])
    assert result.output_bytes <= passed(stream, [stream.data]).output_bytes


def read(name: str, data: bytes | None = None) -> Usage:
    stream = STREAMS[name]
    reading = passed(stream, [stream.data if data is None else data]).reading
    assert reading.usage is not None
    return reading.usage


def test_chat_usage_comes_with_the_last_chunk() -> None:
    assert read("chat") == Usage(
        input=86, cached_input=1920, output=300, reasoning=128, service_tier="default"
    )
    assert passed(STREAMS["chat"], [CHAT]).reading.model == "gpt-5-mini"


def test_responses_usage_comes_with_the_last_event() -> None:
    assert read("responses") == Usage(
        input=11,
        cached_input=3,
        cache_write=18000,
        output=9,
        reasoning=4,
        server_tools={"web_search": 1},
        service_tier="flex",
    )
    assert passed(STREAMS["responses"], [RESPONSES]).reading.model == "gpt-5-mini-2026-01-01"


def test_anthropic_usage_is_cumulative_and_the_last_wins_field_by_field() -> None:
    assert read("anthropic") == Usage(
        input=25,
        cached_input=7,
        cache_write=10,
        cache_write_1h=20,
        output=15,
        server_tools={"web_search": 2},
        service_tier="standard",
    )


@pytest.mark.parametrize("name", ["gemini", "gemini array"])
def test_gemini_usage_is_repeated_and_the_last_wins(name: str) -> None:
    assert read(name) == Usage(
        input=65,
        cached_input=40,
        output=42,
        reasoning=30,
        audio_input=20,
        server_tools={"web_search": 2},
    )


@pytest.mark.parametrize(
    ("name", "content", "tools"),
    [
        ("chat", 'Grüße "usage":null \u2028[DONE]{"a":', "f"),
        ("responses", "Hi{}", ""),
        ("anthropic", 'HmHallöchen {"type":"message_stop"}{"city"', ""),
        ("gemini", 'Grü{"name": "f","args": {"a": "]}"}}', ""),
        ("gemini array", 'Grü{"name": "f","args": {"a": "]}"}}', ""),
    ],
)
def test_generated_content_is_counted_in_bytes(name: str, content: str, tools: str) -> None:
    """The use of a tool beside its arguments too: it is billed without any."""
    used = AROUND_TOOL_USE + len(tools) if tools else 0
    assert passed(STREAMS[name], [STREAMS[name].data]).output_bytes == len(content.encode()) + used


def test_first_content_is_seen_when_it_comes() -> None:
    meter = STREAMS["anthropic"].meter()
    head, _, rest = ANTHROPIC.partition(b"event: ping")
    meter.feed(head)
    assert not meter.first_content
    meter.feed(b"event: ping" + rest)
    assert meter.first_content


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("chat", b"data: [DONE]\n\n"),
        ("responses", b'"type":"response.completed"'),
        ("anthropic", b'data: {"type":"message_stop"}'),
        ("gemini", b'"finishReason": "STOP",'),
        ("gemini array", b'"finishReason": "STOP",'),
    ],
)
def test_a_stream_without_its_end_mark_is_not_finished(name: str, end: bytes) -> None:
    stream = STREAMS[name]
    assert passed(stream, [stream.data]).reading.finished
    assert not passed(stream, [stream.data.replace(end, b"")]).reading.finished


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("chat", b'data: {"error":{"message":"overloaded","code":502},"choices":[]}\n\n'),
        ("responses", b'event: error\ndata: {"type":"error","code":"server_error","message":"m"}\n\n'),
        ("anthropic", b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n'),
        ("gemini", b'data: {"error": {"code": 503,"message": "m","status": "UNAVAILABLE"}}\r\n\r\n'),
    ],
)
def test_an_error_in_a_stream_is_no_proper_end(name: str, error: bytes) -> None:
    stream = STREAMS[name]
    assert not passed(stream, [error + stream.data]).reading.finished


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("chat", b"data: [DONE]"),
        ("chat, usage hidden", b"data: [DONE]"),
        ("anthropic", b"event: message_stop"),
    ],
)
def test_usage_is_exact_where_only_the_end_mark_is_missing(name: str, before: bytes) -> None:
    stream = STREAMS[name]
    whole = passed(stream, [stream.data]).reading
    broken = passed(stream, [stream.data[: stream.data.index(before)]]).reading
    assert (broken.usage, broken.finished, broken.usage_final) == (whole.usage, False, True)
    begun = passed(stream, [stream.data[: stream.data.index(b"\n\n") + 2]]).reading
    assert not begun.usage_final


def test_usage_that_comes_with_every_chunk_is_final_only_with_the_end() -> None:
    chunk = (
        b'data: {"choices":[{"delta":{},"finish_reason":%b}],'
        b'"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\n'
    )
    assert not passed(STREAMS["chat"], [chunk % b"null"]).reading.usage_final
    assert passed(STREAMS["chat"], [chunk % b"null" + chunk % b'"stop"']).reading.usage_final


@pytest.mark.parametrize("kind", ["incomplete", "failed"])
def test_a_response_may_end_incomplete_or_failed(kind: str) -> None:
    data = RESPONSES.replace(b"response.completed", f"response.{kind}".encode())
    assert passed(STREAMS["responses"], [data]).reading.finished


def test_a_prompt_that_gemini_refuses_ends_the_stream() -> None:
    blocked = (
        b'data: {"promptFeedback": {"blockReason": "SAFETY"},'
        b'"usageMetadata": {"promptTokenCount": 4,"totalTokenCount": 4}}\n\n'
    )
    result = passed(STREAMS["gemini"], [blocked])
    assert result.reading.finished
    assert result.reading.usage == Usage(input=4)


def test_googles_bare_error_in_a_stream_reaches_the_client() -> None:
    error = b'{\n  "error": {\n    "code": 503,\n    "message": "busy"\n  }\n}'
    result = passed(STREAMS["gemini"], [GEMINI.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", error])
    assert error in result.data
    assert not result.reading.finished


@pytest.mark.parametrize("name", ["chat", "responses", "anthropic", "gemini"])
@pytest.mark.parametrize(
    "junk", [b"<html>busy</html>", b"data: {\n\n", b"data: []\n\ndata: 7\n\n", b"\xff\n\n"]
)
def test_junk_passes_and_says_nothing(name: str, junk: bytes) -> None:
    result = passed(STREAMS[name], [junk])
    assert result.reading.usage is None
    assert not result.reading.finished


def test_negative_usage_in_a_stream_is_stated_but_not_believed() -> None:
    reading = passed(
        STREAMS["chat"], [CHAT.replace(b'"completion_tokens":300', b'"completion_tokens":-3')]
    ).reading
    assert reading.usage is None
    assert reading.impossible == "negative completion_tokens"
    assert reading.finished


def test_groq_states_usage_in_a_place_of_its_own() -> None:
    chunk = (
        b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],'
        b'"x_groq":{"id":"r","usage":{"prompt_tokens":5,"completion_tokens":0}}}\n\n'
    )
    assert read("chat", chunk) == Usage(input=5)


def test_the_last_of_cumulative_usages_wins() -> None:
    chunk = b'data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":%d}}\n\n'
    assert read("chat", chunk % 3 + chunk % 8) == Usage(input=5, output=8)


def test_an_event_longer_than_anybody_holds_passes() -> None:
    meter = DIALECTS[DialectName.OPENAI_CHAT].meter(
        Ask(DialectName.OPENAI_CHAT, Operation.GENERATE, "m", stream=True), hide_usage=False
    )
    piece = b"x" * 2**20
    out = b"".join(meter.feed(piece) for _ in range(20))
    assert len(out) > HELD_LIMIT, "an endless line must not gather in memory"


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("value", [b'"\xff\xfe"', b"[" * 5000 + b"]" * 5000], ids=["no text", "deep"])
def test_an_event_that_nobody_can_read_passes(name: str, value: bytes) -> None:
    """A provider that writes nonsense is relayed and estimated; it does not break the call."""
    keys = (b"type", b"model", b"usage", b"choices", b"delta", b"response", b"candidates", b"modelVersion")
    odd = b"".join(b'data: {"%s":%s}\n\n' % (key, value) for key in keys)
    found = passed(STREAMS[name], [odd])
    assert found.data == odd
    assert found.reading.usage is None
