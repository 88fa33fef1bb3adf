"""Refusals in each format's own shape: the official SDKs raise them, with the message whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import anthropic
import openai
import pytest
from anthropic.types.shared import ErrorResponse
from google.genai import errors as google_errors
from openai.types.responses import ResponseErrorEvent, ResponseFailedEvent

from gateway_core.formats import DIALECTS
from gateway_core.formats.sse import payloads
from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from tests.clients.sdks import Place
from tests.gateway_core.formats.canned import answering
from tests.gateway_core.formats.streams import ANTHROPIC, CHAT, GEMINI, RESPONSES

MESSAGE = 'budget "web team" used $5.00 of $5.00; resets 00:00 — llmconsole budgets set …'
SPENT = Refusal(402, "budget_spent", MESSAGE)
HI: Any = [{"role": "user", "content": "hi"}]


def chat(place: Place, stream: bool) -> None:
    answer = place.openai().chat.completions.create(model="m", messages=HI, stream=stream)
    for _ in answer if stream else ():
        pass


def responses(place: Place, stream: bool) -> None:
    answer = place.openai().responses.create(model="m", input="hi", stream=stream)
    for _ in answer if stream else ():
        pass


def messages(place: Place, stream: bool) -> None:
    answer = place.anthropic().messages.create(model="m", messages=HI, max_tokens=9, stream=stream)
    for _ in answer if stream else ():
        pass


def gemini(place: Place, stream: bool) -> None:
    with place.genai() as client:
        if stream:
            for _ in client.models.generate_content_stream(model="m", contents="hi"):
                pass
        else:
            client.models.generate_content(model="m", contents="hi")


Call = Callable[[Place, bool], None]
CALLS: dict[DialectName, tuple[Call, type[Exception]]] = {
    DialectName.OPENAI_CHAT: (chat, openai.APIError),
    DialectName.OPENAI_RESPONSES: (responses, openai.APIError),
    DialectName.ANTHROPIC: (messages, anthropic.APIStatusError),
    DialectName.GEMINI: (gemini, google_errors.APIError),
}
BEGUN = {
    DialectName.OPENAI_CHAT: CHAT[: CHAT.index(b": keep-alive")],
    DialectName.OPENAI_RESPONSES: RESPONSES[: RESPONSES.index(b"event: response.completed")],
    DialectName.ANTHROPIC: ANTHROPIC[: ANTHROPIC.index(b"event: content_block_stop")],
    DialectName.GEMINI: GEMINI[: GEMINI.index(b"\r\n\r\n") + 4],
}


@pytest.mark.parametrize("status", [400, 401, 402, 404, 413, 429, 503])
@pytest.mark.parametrize("dialect", CALLS)
def test_sdks_raise_a_refusal_with_its_message(dialect: DialectName, status: int) -> None:
    call, expected = CALLS[dialect]
    body = DIALECTS[dialect].refusal(Refusal(status, "some_word", MESSAGE), "id7")
    with answering(body, status=status) as place, pytest.raises(expected) as raised:
        call(place, False)
    assert MESSAGE in str(raised.value)
    shown = getattr(raised.value, "status_code", None) or getattr(raised.value, "code", None)
    assert shown == status


@pytest.mark.parametrize("dialect", CALLS)
def test_sdks_raise_a_refusal_in_a_running_stream(dialect: DialectName) -> None:
    call, expected = CALLS[dialect]
    stream = BEGUN[dialect] + b"".join(DIALECTS[dialect].stream_refusal(SPENT, "id7"))
    with answering(stream, kind="text/event-stream") as place, pytest.raises(expected) as raised:
        call(place, True)
    assert MESSAGE in str(raised.value)


@pytest.mark.parametrize("dialect", CALLS)
def test_a_stream_that_was_refused_never_reads_as_finished(dialect: DialectName) -> None:
    meter = DIALECTS[dialect].meter(
        DIALECTS[dialect].read(Operation.GENERATE, b'{"model":"m"}', path_model="m"), hide_usage=False
    )
    meter.feed(BEGUN[dialect] + b"".join(DIALECTS[dialect].stream_refusal(SPENT, "id7")))
    meter.close()
    assert not meter.reading.finished


def body_of(dialect: DialectName, refusal: Refusal) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(DIALECTS[dialect].refusal(refusal, "id7"))
    return body


def test_openais_error_has_its_four_fields() -> None:
    for dialect in (DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES):
        assert body_of(dialect, SPENT) == {
            "error": {"message": MESSAGE, "type": "insufficient_quota", "param": None, "code": "budget_spent"}
        }
    unknown = body_of(DialectName.OPENAI_CHAT, Refusal(404, "model_not_found", "no such model"))
    assert (unknown["error"]["type"], unknown["error"]["param"]) == ("invalid_request_error", "model")


@pytest.mark.parametrize(
    ("status", "openai_type", "anthropic_type", "google_status"),
    [
        (400, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT"),
        (401, "authentication_error", "authentication_error", "UNAUTHENTICATED"),
        (402, "insufficient_quota", "billing_error", "FAILED_PRECONDITION"),
        (403, "permission_error", "permission_error", "PERMISSION_DENIED"),
        (404, "invalid_request_error", "not_found_error", "NOT_FOUND"),
        (413, "invalid_request_error", "request_too_large", "INVALID_ARGUMENT"),
        (429, "rate_limit_error", "rate_limit_error", "RESOURCE_EXHAUSTED"),
        (500, "server_error", "api_error", "INTERNAL"),
        (502, "server_error", "api_error", "UNAVAILABLE"),
        (503, "server_error", "overloaded_error", "UNAVAILABLE"),
        (504, "server_error", "timeout_error", "DEADLINE_EXCEEDED"),
    ],
)
def test_each_format_names_an_error_in_its_own_words(
    status: int, openai_type: str, anthropic_type: str, google_status: str
) -> None:
    refusal = Refusal(status, "w", "m")
    assert body_of(DialectName.OPENAI_CHAT, refusal)["error"]["type"] == openai_type
    assert body_of(DialectName.ANTHROPIC, refusal)["error"]["type"] == anthropic_type
    assert body_of(DialectName.GEMINI, refusal)["error"]["status"] == google_status


def test_anthropics_error_is_its_own_type() -> None:
    parsed = ErrorResponse.model_validate(body_of(DialectName.ANTHROPIC, SPENT))
    assert (parsed.error.type, parsed.error.message, parsed.request_id) == ("billing_error", MESSAGE, "id7")


def test_googles_error_says_when_to_come_back() -> None:
    error = body_of(DialectName.GEMINI, Refusal(429, "throttled", "slow down", retry_after=3))["error"]
    assert error["code"] == 429
    kinds = {detail["@type"].rpartition(".")[2]: detail for detail in error["details"]}
    assert kinds["RetryInfo"]["retryDelay"] == "3s"
    assert kinds["ErrorInfo"]["reason"] == "THROTTLED"
    assert "RetryInfo" not in str(body_of(DialectName.GEMINI, SPENT))


@pytest.mark.parametrize(
    ("status", "code"), [(402, "invalid_prompt"), (429, "rate_limit_exceeded"), (502, "server_error")]
)
def test_a_response_fails_with_events_of_its_own_types(status: int, code: str) -> None:
    (events,) = DIALECTS[DialectName.OPENAI_RESPONSES].stream_refusal(Refusal(status, "w", MESSAGE), "id7")
    error, failed = map(json.loads, payloads(events))
    assert ResponseErrorEvent.model_validate(error).message == MESSAGE
    event = ResponseFailedEvent.model_validate(failed)
    assert event.response.status == "failed"
    assert event.response.error is not None
    assert (event.response.error.code, event.response.error.message) == (code, MESSAGE)
    assert error["sequence_number"] < failed["sequence_number"] < 2**31


def test_no_end_in_success_follows() -> None:
    for dialect in DialectName:
        final = b"".join(DIALECTS[dialect].stream_refusal(SPENT, "id7"))
        assert b"[DONE]" not in final
        assert b"message_stop" not in final
        assert b"completed" not in final
