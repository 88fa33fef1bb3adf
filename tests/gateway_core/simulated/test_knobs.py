"""Knobs: a request says exactly what it wants to cost, and how its answer goes wrong."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gateway_core.model.errors import Refusal
from gateway_core.simulated.knobs import Fault, Knobs, break_of, hang_of, read_knobs
from tests.support import sdk_types
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, WIRES, Wire, events_of


@pytest.fixture(params=WIRES, ids=lambda wire: wire.name)
def wire(request: pytest.FixtureRequest) -> Wire:
    found: Wire = request.param
    return found


def send(
    simulated: SimulatedProvider,
    wire: Wire,
    prompt: str,
    *,
    stream: bool = False,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    body = wire.ask(prompt, cap=5_000, stream=stream)
    sent = {**wire.credential("sk-simulated"), **(headers or {})}
    return simulated.http.post(wire.at(stream), json=body, headers=sent)


def usage(wire: Wire, response: httpx.Response, *, stream: bool = False) -> tuple[int, int, int]:
    assert response.status_code == 200, response.text
    read = wire.usage(wire.last_usage(events_of(response.content)) if stream else response.json())
    return int(read.input_tokens), int(read.cache_read_tokens), int(read.output_tokens)


def test_words_and_headers_are_read() -> None:
    knobs = read_knobs({"x-sim-output": "7", "x-sim-retry-after": "3"}, "Hi [[sim output=5 ttft=0.5 id=a]]")
    assert knobs == Knobs(output=7, retry_after=3, ttft=0.5, id="a")
    assert read_knobs({}, "nothing here") == Knobs()
    assert hang_of(Knobs(hang="5")) == Fault("before", 0, 5.0)
    assert hang_of(Knobs(hang="after:3:0.5")) == Fault("after", 3, 0.5)
    assert break_of(Knobs(break_="clean:2")) == Fault("clean", 2)


@pytest.mark.parametrize("words", ["outputs=5", "output=five", "break=often:3", "usage=odd", "hang=after:1"])
def test_a_knob_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(Refusal, match="knob") as caught:
        read_knobs({}, f"[[sim {words}]]")
    assert caught.value.status == 400


def test_tokens_are_exact(simulated: SimulatedProvider, wire: Wire) -> None:
    words = f"{wire.name}: [[sim input=3000 cached=1000 output=777]]"
    assert usage(wire, send(simulated, wire, words)) == (3000, 1000, 777)


def test_headers_turn_the_same_knobs(simulated: SimulatedProvider, wire: Wire) -> None:
    response = send(simulated, wire, "By header.", headers={"x-sim-input": "123", "x-sim-output": "45"})
    assert usage(wire, response) == (123, 0, 45)


def test_chunks_are_exact(simulated: SimulatedProvider, wire: Wire) -> None:
    response = send(simulated, wire, "[[sim output=200 reasoning=0 chunks=37 id=chunks]]", stream=True)
    assert response.status_code == 200
    assert simulated.seen()[-1]["chunks"] == 37
    events = events_of(response.content)
    if wire is CHAT:
        assert sum(bool(e["choices"] and e["choices"][0]["delta"].get("content")) for e in events) == 37
    if wire is GEMINI:
        assert len(events) == 37


def test_a_provider_may_report_more_than_it_was_allowed(simulated: SimulatedProvider) -> None:
    for extra, expected in (("", 50), (" overrun=1", 80)):
        body = MESSAGES.ask(f"[[sim output=80{extra}]]", cap=50)
        sent = MESSAGES.credential("sk-simulated")
        answer = simulated.http.post(MESSAGES.path, json=body, headers=sent).json()
        assert answer["usage"]["output_tokens"] == expected


@pytest.mark.parametrize("status", [400, 402, 404, 429, 500, 503, 529])
def test_a_status_comes_in_the_formats_own_shape(
    simulated: SimulatedProvider, wire: Wire, status: int
) -> None:
    response = send(simulated, wire, f"[[sim status={status} retry_after=2]]")
    assert response.status_code == status
    assert response.headers["retry-after"] == "2"
    code, message = wire.error_of(response.json())
    assert code and message


def test_a_fault_may_strike_only_once(simulated: SimulatedProvider) -> None:
    words = "Only once, whatever the model. [[sim status=503 times=1]]"
    sent = CHAT.credential("sk-simulated")
    statuses = [
        simulated.http.post(CHAT.path, json=CHAT.ask(words, model=model), headers=sent).status_code
        for model in ("gpt-5-nano", "gpt-5-mini", "gpt-5-nano")
    ]
    assert statuses == [503, 200, 200]


def test_a_fault_may_strike_only_one_model(simulated: SimulatedProvider) -> None:
    words = "Another one serves. [[sim status=503 at=gpt-5-nano]]"
    sent = CHAT.credential("sk-simulated")
    statuses = [
        simulated.http.post(CHAT.path, json=CHAT.ask(words, model=model), headers=sent).status_code
        for model in ("gpt-5-nano", "gpt-5-mini", "gpt-5-nano")
    ]
    assert statuses == [503, 200, 503]


def test_usage_may_be_missing_or_wrong(simulated: SimulatedProvider) -> None:
    def said(fault: str) -> Any:
        body = CHAT.ask(f"[[sim usage={fault} output=10 input=10]]")
        answer = simulated.http.post(CHAT.path, json=body, headers=CHAT.credential("sk-simulated")).json()
        return answer.get("usage", "missing")

    assert said("none") == "missing"
    assert said("void") is None
    assert said("negative")["completion_tokens"] < 0
    assert said("absurd")["completion_tokens"] > 10**9
    assert said("fraction")["prompt_tokens"] == 10.5
    assert said("text")["prompt_tokens"] == "10 tokens"
    assert said("half").keys() == {"prompt_tokens", "prompt_tokens_details"}


@pytest.mark.parametrize("fault", ["none", "void", "absurd", "negative", "fraction", "text", "half"])
def test_spoilt_usage_passes_through_every_format(
    simulated: SimulatedProvider, wire: Wire, fault: str
) -> None:
    for stream in (False, True):
        response = send(simulated, wire, f"[[sim usage={fault} output=10]]", stream=stream)
        assert response.status_code == 200


def test_a_break_closes_the_connection(simulated: SimulatedProvider, wire: Wire) -> None:
    for stream in (False, True):
        with pytest.raises(httpx.RemoteProtocolError):
            send(simulated, wire, "[[sim break=after:2 chunks=9 output=99]]", stream=stream)
        last = simulated.seen()[-1]
        assert (last["finished"], last["client_left"]) == (False, False)
        assert last["chunks"] == (2 if stream else 0)


def test_a_clean_break_has_no_end_mark(simulated: SimulatedProvider, wire: Wire) -> None:
    response = send(simulated, wire, "[[sim break=clean:2 chunks=9 output=99]]", stream=True)
    marks = (b"[DONE]", b"response.completed", b"message_stop", b"finishReason")
    assert response.status_code == 200
    assert not any(mark in response.content for mark in marks)


def test_a_stream_may_end_in_the_formats_own_error(simulated: SimulatedProvider, wire: Wire) -> None:
    response = send(simulated, wire, "[[sim break=error:2 chunks=9 output=99]]", stream=True)
    last = events_of(response.content)[-1]
    if wire is RESPONSES:
        assert (last["type"], last["code"]) == ("error", "server_error")
    else:
        assert all(wire.error_of(last))


REFUSED = {
    ("openai", "words"): ("refusal", "stop"),
    ("openai", "filter"): ("content", "content_filter"),
    ("openai", "prompt"): ("", "content_filter"),
    ("responses", "words"): ("refusal", "completed"),
    ("responses", "filter"): ("output_text", "content_filter"),
    ("responses", "prompt"): ("", "content_filter"),
    ("anthropic", "words"): ("text", "refusal"),
    ("anthropic", "filter"): ("text", "refusal"),
    ("anthropic", "prompt"): ("", "refusal"),
    ("gemini", "words"): ("text", "SAFETY"),
    ("gemini", "filter"): ("text", "SAFETY"),
    ("gemini", "prompt"): ("", "blocked: SAFETY"),
}
"""Where the words of each refusal stand, and how each format says that it ended."""


@pytest.mark.parametrize("how", ["words", "filter", "prompt"])
def test_a_refusal_is_the_formats_own_and_fits_the_sdks_types(
    simulated: SimulatedProvider, wire: Wire, how: str
) -> None:
    words = f"[[sim refuse={how}]]"
    whole = send(simulated, wire, words).json()
    assert sdk_types.whole(wire.name, "generate", whole) == []
    assert _ending(wire, whole) == REFUSED[wire.name, how]
    events = events_of(send(simulated, wire, words, stream=True).content)
    assert sdk_types.events(wire.name, events) == []
    assert _streamed_ending(wire, events) == REFUSED[wire.name, how]


def test_a_refusal_counts_what_was_said(simulated: SimulatedProvider, wire: Wire) -> None:
    assert usage(wire, send(simulated, wire, "[[sim refuse=prompt]]"))[2] == 0
    for stream in (False, True):
        send(simulated, wire, "[[sim refuse=words output=999 reasoning=0]]", stream=stream)
        assert 0 < simulated.seen()[-1]["usage"]["output"] < 99


def test_a_refusal_may_strike_only_one_model_or_only_once(simulated: SimulatedProvider) -> None:
    def ends(words: str, model: str) -> str:
        body = CHAT.ask(words, cap=5_000, model=model)
        answer = simulated.http.post(CHAT.path, json=body, headers=CHAT.credential("sk-simulated")).json()
        return str(answer["choices"][0]["finish_reason"])

    one = "Refused by one. [[sim refuse=filter at=gpt-5-nano]]"
    assert [ends(one, model) for model in ("gpt-5-nano", "gpt-5-mini")] == ["content_filter", "stop"]
    once = "Refused once. [[sim refuse=filter times=1]]"
    assert [ends(once, "gpt-5-nano") for _ in range(2)] == ["content_filter", "stop"]


def _ending(wire: Wire, answer: Any) -> tuple[str, str]:
    """Where words are, and the word for the end, in a whole answer."""
    if wire is CHAT:
        (choice,) = answer["choices"]
        spoken = [name for name in ("content", "refusal") if choice["message"][name]]
        return "".join(spoken), choice["finish_reason"]
    if wire is RESPONSES:
        details = answer["incomplete_details"]
        said = [part["type"] for item in answer["output"] for part in item.get("content", ())]
        return "".join(said), details["reason"] if details else answer["status"]
    if wire is MESSAGES:
        assert answer["stop_details"]["type"] == "refusal"
        return "".join(block["type"] for block in answer["content"]), answer["stop_reason"]
    if "candidates" not in answer:
        return "", f"blocked: {answer['promptFeedback']['blockReason']}"
    (candidate,) = answer["candidates"]
    return "text" if candidate["content"]["parts"][0]["text"] else "", candidate["finishReason"]


def _streamed_ending(wire: Wire, events: list[Any]) -> tuple[str, str]:
    """The same of a stream."""
    if wire is CHAT:
        deltas = [each["choices"][0] for each in events if each["choices"]]
        spoken = {name for each in deltas for name in ("content", "refusal") if each["delta"].get(name)}
        return "".join(spoken), deltas[-1]["finish_reason"]
    if wire is RESPONSES:
        return _ending(wire, events[-1]["response"])
    if wire is MESSAGES:
        blocks = [each["content_block"]["type"] for each in events if each["type"] == "content_block_start"]
        delta = next(each["delta"] for each in events if each["type"] == "message_delta")
        assert delta["stop_details"]["type"] == "refusal"
        return "".join(blocks), delta["stop_reason"]
    return _ending(wire, events[-1])


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_answers_may_be_packed(simulated: SimulatedProvider, wire: Wire, encoding: str) -> None:
    def read(stream: bool, headers: dict[str, str]) -> httpx.Response:
        return send(simulated, wire, f"Packed with {encoding}?", stream=stream, headers=headers)

    for stream in (False, True):
        packed = read(stream, {"x-sim-encoding": encoding})
        assert packed.headers["content-encoding"] == encoding
        assert packed.content == read(stream, {}).content


def test_silence_lasts_as_long_as_asked(simulated: SimulatedProvider, wire: Wire) -> None:
    def seconds(words: str) -> float:
        return send(simulated, wire, f"[[sim {words} output=40]]", stream=True).elapsed.total_seconds()

    assert seconds("hang=0.3") >= 0.3
    assert seconds("ttft=0.3") >= 0.3
    assert seconds("chunks=4 hang=after:2:0.3") >= 0.3
    assert seconds("chunks=4 gap=0.1") >= 0.3
    assert seconds("chunks=4") < 0.3
