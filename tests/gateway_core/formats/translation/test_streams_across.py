"""Streams across formats: however they are split they say the same, and they end as their client knows it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_core.formats import DIALECTS
from gateway_core.formats.bridge import TRANSLATORS, Bridge
from gateway_core.formats.neutral.answer import Answer
from gateway_core.formats.neutral.gathering import Gathering
from gateway_core.formats.neutral.request import Text, Thought, ToolCall
from gateway_core.formats.neutral.returning import returned
from gateway_core.formats.sse import payloads
from gateway_core.formats.translating import TranslatingMeter
from gateway_core.formats.translator import Goal, Reply
from gateway_core.model.call import DialectName
from gateway_core.model.errors import Refusal
from tests.gateway_core.formats.streams import cut
from tests.gateway_core.formats.translation.answers import ANSWERS, MINIMAL, STREAMED
from tests.gateway_core.formats.translation.calls import ANTHROPIC, CHAT, GEMINI, RESPONSES, ask_of

PAIRS = [(here, there) for here in MINIMAL for there in STREAMED if here is not there]


def bridge(here: DialectName, there: DialectName, *, as_array: bool = False) -> Bridge:
    """A bridge whose call has been sent."""
    body = {**MINIMAL[here], **({"stream": True} if here is not GEMINI else {})}
    ask = ask_of(here, body, stream=True)
    made = Bridge(
        ask, there, Reply(ask, "01TEST", created=7, as_array=as_array, body=msgspec.json.encode(body))
    )
    made.prepare(msgspec.json.encode(body), Goal("m"), None)
    return made


def passed(meter: TranslatingMeter, pieces: list[bytes]) -> bytes:
    return b"".join(meter.feed(piece) for piece in pieces) + meter.close()


def heard(dialect: DialectName, stream: bytes) -> Answer:
    """What a client of that format takes from a stream."""
    ask = ask_of(dialect, MINIMAL[dialect], stream=True)
    reader, gathering = TRANSLATORS[dialect].stream_reader(Reply(ask, "01TEST")), Gathering()
    for payload in payloads(stream):
        for event in reader.read(payload):
            gathering.take(event)
    assert reader.failure is None
    return gathering.answer


@pytest.mark.parametrize(("here", "there"), PAIRS)
@settings(max_examples=12)
@given(places=st.lists(st.integers(0, 6000), max_size=40))
def test_splits_change_nothing(here: DialectName, there: DialectName, places: list[int]) -> None:
    data = STREAMED[there]
    whole, split = bridge(here, there).meter(), bridge(here, there).meter()
    assert passed(split, cut(data, places)) == passed(whole, [data])
    assert split.reading == whole.reading
    assert split.output_bytes == whole.output_bytes > 0


@pytest.mark.parametrize(("here", "there"), PAIRS)
def test_every_byte_alone(here: DialectName, there: DialectName) -> None:
    data = STREAMED[there]
    alone = [data[at : at + 1] for at in range(len(data))]
    assert passed(bridge(here, there).meter(), alone) == passed(bridge(here, there).meter(), [data])


@pytest.mark.parametrize(("here", "there"), PAIRS)
def test_a_stream_says_what_the_provider_said(here: DialectName, there: DialectName) -> None:
    meter = bridge(here, there).meter()
    (said,) = heard(here, passed(meter, [STREAMED[there]])).candidates
    assert "".join(part.text for part in said.parts if isinstance(part, Text)) == "Grüße \u2028[DONE]"
    calls = [part for part in said.parts if isinstance(part, ToolCall)]
    assert [(call.name, json.loads(call.arguments)) for call in calls] == [("f", {"a": "ü]}"}), ("g", {})]
    assert len({call.id for call in calls}) == 2
    assert said.finish == "tools"
    thoughts = [part.text for part in said.parts if isinstance(part, Thought)]
    assert thoughts == ["Hm"]


@pytest.mark.parametrize(("here", "there"), PAIRS)
def test_the_counts_are_the_providers(here: DialectName, there: DialectName) -> None:
    meter = bridge(here, there).meter()
    ask = ask_of(here, {**MINIMAL[here], "stream_options": {"include_usage": True}}, stream=True)
    again = DIALECTS[here].meter(ask, hide_usage=False)
    again.feed(passed(meter, [STREAMED[there]]))
    stated, mine = meter.reading.usage, again.reading.usage
    assert stated is not None and again.reading.finished
    if here is not CHAT:
        assert mine is not None
        assert (mine.total_input, mine.output, mine.reasoning) == (
            stated.total_input,
            stated.output,
            stated.reasoning,
        )


@pytest.mark.parametrize(("here", "there"), PAIRS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_stream_that_breaks_has_no_end(here: DialectName, there: DialectName, share: float) -> None:
    data = STREAMED[there]
    meter = bridge(here, there).meter()
    out = passed(meter, [data[: int(len(data) * share)]])
    assert not meter.reading.finished
    again = DIALECTS[here].meter(ask_of(here, MINIMAL[here], stream=True), hide_usage=False)
    again.feed(out)
    assert not again.reading.finished


ERRORS = {
    CHAT: b'data: {"error":{"message":"Too much.","type":"server_error","code":"overloaded"}}\n\n',
    RESPONSES: b'data: {"type":"error","code":"overloaded","message":"Too much.","sequence_number":9}\n\n',
    ANTHROPIC: b'data: {"type":"error","error":{"type":"overloaded_error","message":"Too much."}}\n\n',
    GEMINI: b'data: {"error":{"code":503,"message":"Too much.","status":"UNAVAILABLE"}}\n\n',
}


@pytest.mark.parametrize(("here", "there"), PAIRS)
def test_an_error_inside_a_stream_is_told(here: DialectName, there: DialectName) -> None:
    meter = bridge(here, there).meter()
    begun = STREAMED[there][: STREAMED[there].index(b"\n\n") + 2]
    passed(meter, [begun, ERRORS[there], STREAMED[there]])
    assert not meter.reading.finished
    refusal = meter.refusal
    assert isinstance(refusal, Refusal)
    assert "Too much." in refusal.message and refusal.status >= 500


def test_an_event_that_cannot_be_read_is_no_success() -> None:
    meter = bridge(CHAT, ANTHROPIC).meter()
    passed(meter, [b'data: {"type": 7}\n\n', STREAMED[ANTHROPIC]])
    assert not meter.reading.finished and meter.refusal is not None


@pytest.mark.parametrize("there", [CHAT, ANTHROPIC])
def test_a_stream_as_one_array(there: DialectName) -> None:
    out = passed(bridge(GEMINI, there, as_array=True).meter(), [STREAMED[there]])
    chunks: list[Any] = json.loads(out)
    assert chunks[-1]["candidates"][0]["finishReason"] == "STOP"


@pytest.mark.parametrize(("here", "there"), PAIRS)
def test_a_whole_answer_says_the_same(here: DialectName, there: DialectName) -> None:
    made = bridge(here, there)
    ask = ask_of(here, MINIMAL[here])
    reply = Reply(ask, "01TEST", body=msgspec.json.encode(MINIMAL[here]))
    usage = DIALECTS[there].read_answer(ask.operation, ANSWERS[there]).usage
    answer = TRANSLATORS[here].read_answer(made.answer(ANSWERS[there], usage), reply)
    asked = TRANSLATORS[there].read_answer(ANSWERS[there], reply)
    shown = returned(asked, made._naming)
    assert answer.candidates[0].finish == asked.candidates[0].finish
    assert [part for part in answer.candidates[0].parts if isinstance(part, Text)] == [
        part for part in shown.candidates[0].parts if isinstance(part, Text)
    ]
    assert [part.id for part in answer.candidates[0].parts if isinstance(part, ToolCall)] == [
        part.id for part in shown.candidates[0].parts if isinstance(part, ToolCall)
    ]
    mine = DIALECTS[here].read_answer(ask.operation, made.answer(ANSWERS[there], usage)).usage
    assert mine is not None and usage is not None
    assert (mine.total_input, mine.output) == (usage.total_input, usage.output)


@pytest.mark.parametrize(("here", "there"), PAIRS)
def test_an_answer_that_is_none_is_refused(here: DialectName, there: DialectName) -> None:
    for body in (b"<html>", b"{}", b"[]"):
        if there is GEMINI and body == b"{}":
            continue
        with pytest.raises(Refusal) as raised:
            bridge(here, there).answer(body, None)
        assert raised.value.status == 502
