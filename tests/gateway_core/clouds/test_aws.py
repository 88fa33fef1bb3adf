"""The door to botocore: signatures by another reckoning, and streams that may be split anywhere."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.clouds import aws
from gateway_core.model.errors import Refusal
from gateway_core.simulated.sigv4 import ACCESS, SECRET, SESSION, SESSION_ACCESS, Signed, verify
from gateway_core.simulated.wire.clouds import frame
from gateway_core.upstream.envelopes.bedrock_events import EventWriter

URL = "https://bedrock-runtime.eu-central-1.amazonaws.com/model/eu.anthropic.claude-x%3A0/invoke?b=2&a=1"
HEADERS = {b"host": b"bedrock-runtime.eu-central-1.amazonaws.com", b"content-type": b"application/json"}


def signed(key: str, body: bytes = b"{}") -> Signed:
    fields = aws.signature(key, "bedrock", "eu-central-1", "POST", URL, HEADERS, body)
    headers = {name.decode(): value.decode() for name, value in [*HEADERS.items(), *fields]}
    place = httpx.URL(URL)
    return Signed("POST", place.raw_path.decode().partition("?")[0], place.query.decode(), headers, body)


@pytest.mark.parametrize("key", [f"{ACCESS}:{SECRET}", f"{SESSION_ACCESS}:{SECRET}:{SESSION}"])
def test_a_signature_is_what_another_reckoning_says(key: str) -> None:
    assert verify(signed(key), "bedrock") == key.partition(":")[0]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"body": b"{ }"}, "does not match"),
        ({"path": "/model/other/invoke"}, "does not match"),
        ({"query": "a=1"}, "does not match"),
        ({"method": "PUT"}, "does not match"),
    ],
)
def test_what_was_changed_on_the_way_is_refused(change: dict[str, Any], why: str) -> None:
    request = signed(f"{ACCESS}:{SECRET}")
    parts = {name: getattr(request, name) for name in ("method", "path", "query", "headers", "body")}
    with pytest.raises(Refusal, match=why):
        verify(Signed(**parts | change), "bedrock")


def test_another_secret_or_service_is_refused() -> None:
    with pytest.raises(Refusal, match="does not match"):
        verify(signed(f"{ACCESS}:{SECRET}x"), "bedrock")
    with pytest.raises(Refusal, match="scope"):
        verify(signed(f"{ACCESS}:{SECRET}"), "s3")
    with pytest.raises(Refusal, match="token"):
        verify(signed(f"{SESSION_ACCESS}:{SECRET}"), "bedrock")


EVENTS: list[Any] = [
    {
        "type": "message_start",
        "message": {"model": "claude", "usage": {"input_tokens": 3, "output_tokens": 1}},
    },
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Grüße \u2028\n🙂"}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}},
    {
        "type": "message_stop",
        "amazon-bedrock-invocationMetrics": {"inputTokenCount": 3, "outputTokenCount": 9},
    },
]


def chunk(event: Any) -> bytes:
    data = json.dumps(event, indent=1).encode()
    payload = json.dumps({"bytes": base64.b64encode(data).decode(), "p": "abc"}).encode()
    return frame({":message-type": "event", ":event-type": "chunk"}, payload)


STREAM = b"".join(chunk(event) for event in EVENTS)


def read(pieces: list[bytes]) -> bytes:
    frames, writer = aws.Frames(), EventWriter()
    return b"".join(writer.event(*each) for piece in pieces for each in frames.feed(piece))


def test_a_stream_is_its_events() -> None:
    found = read([STREAM]).decode().split("\n\n")
    assert found.pop() == ""
    for text, event in zip(found, EVENTS, strict=True):
        kind, _, data = text.partition("\n")
        assert kind == f"event: {event['type']}"
        assert json.loads(data.removeprefix("data: ")) == event


def test_split_at_every_byte_it_is_the_same() -> None:
    whole = read([STREAM])
    for at in range(len(STREAM)):
        assert read([STREAM[:at], STREAM[at:]]) == whole
    assert read([STREAM[at : at + 1] for at in range(len(STREAM))]) == whole


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_split_anywhere_it_is_the_same(places: list[int]) -> None:
    ends = [0, *sorted(places), len(STREAM)]
    assert read([STREAM[a:b] for a, b in zip(ends, ends[1:], strict=False)]) == read([STREAM])


@given(st.integers(0, len(STREAM) - 1), st.integers(1, 255))
def test_a_damaged_stream_is_never_taken_for_a_whole_one(at: int, change: int) -> None:
    damaged = bytearray(STREAM)
    damaged[at] ^= change
    try:
        found = read([bytes(damaged)])
    except aws.BadFrame:
        return
    # A length that grew waits for bytes that never come.
    assert b"message_stop" not in found


def test_without_other_usage_the_metrics_are_the_usage() -> None:
    metrics = {"inputTokenCount": 3, "outputTokenCount": 9, "cacheReadInputTokenCount": 5}
    end = {"type": "message_stop", "amazon-bedrock-invocationMetrics": metrics}
    data = json.loads(read([chunk(end)]).partition(b"\ndata: ")[2])
    assert data["usage"] == {"input_tokens": 3, "output_tokens": 9, "cache_read_input_tokens": 5}


@pytest.mark.parametrize(
    ("headers", "payload", "kind"),
    [
        (
            {":message-type": "exception", ":exception-type": "throttlingException"},
            b'{"message":"slow"}',
            "rate_limit_error",
        ),
        (
            {":message-type": "exception", ":exception-type": "modelStreamErrorException"},
            b'{"originalMessage":"slow"}',
            "api_error",
        ),
        (
            {":message-type": "error", ":error-code": "InternalFailure", ":error-message": "slow"},
            b"",
            "api_error",
        ),
    ],
)
def test_an_exception_is_an_error_event(headers: dict[str, str], payload: bytes, kind: str) -> None:
    text = read([frame(headers, payload)])
    assert text.startswith(b"event: error\n")
    data = json.loads(text.partition(b"\ndata: ")[2])
    assert data["type"] == "error" and data["error"]["type"] == kind
    assert "slow" in data["error"]["message"]
