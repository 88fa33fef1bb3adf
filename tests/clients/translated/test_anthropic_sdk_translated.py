"""The official Anthropic client on models of OpenAI and Google."""

from __future__ import annotations

from typing import Any

import anthropic
import pytest

from tests.clients.sdks import Place
from tests.clients.translated.asking import (
    CITY,
    GEMINI,
    GPT,
    PIXEL,
    QUESTION,
    TOOLS,
    TOOLS_PLEASE,
    Ledger,
    of_provider,
)

MODELS = [GPT, GEMINI, "gpt-4o-mini", "gemini-2.5-flash"]
OFFERED: Any = [
    {"name": name, "description": what, "input_schema": CITY, "cache_control": {"type": "ephemeral"}}
    for name, what in TOOLS.items()
]


def said(text: str) -> Any:
    return [{"role": "user", "content": text}]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_a_message(rows: Ledger, ours: Place, model: str, stream: bool) -> None:
    options: Any = {"model": model, "max_tokens": 900, "messages": said(QUESTION), "system": "Be brief."}
    if stream:
        with ours.anthropic().messages.stream(**options) as events:
            answer = events.get_final_message()
    else:
        answer = ours.anthropic().messages.create(**options)
    assert answer.content[0].type == "text" and answer.content[0].text
    assert answer.stop_reason == "end_turn"
    (row,) = rows.served(model)
    counted = (answer.usage.input_tokens, answer.usage.cache_read_input_tokens, answer.usage.output_tokens)
    assert counted == (row["input_tokens"], row["cached_input_tokens"], row["output_tokens"])
    assert f"translated to {of_provider(model)}" in row["route_reason"]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_a_round_of_parallel_tools(rows: Ledger, ours: Place, model: str, stream: bool) -> None:
    client, messages = ours.anthropic(), said(TOOLS_PLEASE)
    options: Any = {"model": model, "max_tokens": 9000, "tools": OFFERED}
    options["thinking"] = {"type": "enabled", "budget_tokens": 2000}

    def ask() -> Any:
        if not stream:
            return client.messages.create(messages=messages, **options)
        with client.messages.stream(messages=messages, **options) as events:
            return events.get_final_message()

    answer = ask()
    assert answer.stop_reason == "tool_use"
    calls = [block for block in answer.content if block.type == "tool_use"]
    assert [call.name for call in calls] == list(TOOLS)
    assert all(call.input.keys() == {"city", "days"} for call in calls)
    if model == GEMINI:
        assert [block.thinking for block in answer.content if block.type == "thinking"]
    results = [{"type": "tool_result", "tool_use_id": call.id, "content": "calm"} for call in calls]
    messages += [
        {"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in answer.content]},
        {"role": "user", "content": [*results, {"type": "text", "text": "Go on."}]},
    ]
    assert ask().stop_reason == "end_turn"
    found = rows.served(model, 2)
    assert "tools.cache_control" in found[0]["route_reason"]


@pytest.mark.parametrize("model", MODELS)
def test_a_structured_answer(rows: Ledger, ours: Place, model: str) -> None:
    config: Any = {"format": {"type": "json_schema", "schema": CITY}}
    answer = ours.anthropic().messages.create(
        model=model, max_tokens=2000, messages=said("Plan a trip."), output_config=config
    )
    assert answer.content[-1].type == "text" and '"city"' in answer.content[-1].text
    rows.served(model)


@pytest.mark.parametrize("model", MODELS)
def test_an_image(rows: Ledger, ours: Place, model: str) -> None:
    source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
    content: Any = [{"type": "image", "source": source}, {"type": "text", "text": "What is this?"}]
    ours.anthropic().messages.create(
        model=model, max_tokens=900, messages=[{"role": "user", "content": content}]
    )
    rows.served(model)


@pytest.mark.parametrize("model", MODELS)
def test_a_count(rows: Ledger, ours: Place, model: str) -> None:
    """Google counts; for OpenAI's models the gateway estimates."""
    answer = ours.anthropic().messages.count_tokens(
        model=model, messages=said(QUESTION * 20), system="Brief."
    )
    assert 50 < answer.input_tokens < 400
    (row,) = rows.new()
    assert (row["outcome"], float(row["cost_usd"])) == ("ok", 0)
    assert ("estimate" in str(row["error"])) == (of_provider(model) == "openai")


ERRORS = {
    400: anthropic.BadRequestError,
    401: anthropic.AuthenticationError,
    404: anthropic.NotFoundError,
    429: anthropic.RateLimitError,
    503: anthropic.ServiceUnavailableError,
}


@pytest.mark.parametrize("model", [GPT, GEMINI])
@pytest.mark.parametrize("status", ERRORS)
def test_an_error(rows: Ledger, ours: Place, model: str, status: int) -> None:
    words = f"Fail. [[sim status={status} retry_after=7]]"
    with pytest.raises(ERRORS[status]) as raised:
        ours.anthropic().messages.create(model=model, max_tokens=90, messages=said(words), stream=True)
    body: Any = raised.value.body
    assert body["type"] == "error" and body["error"]["type"].endswith("_error")
    assert raised.value.response.headers["retry-after"] == "7"
    rows.new()


@pytest.mark.parametrize("model", [GPT, GEMINI])
@pytest.mark.parametrize("way", ["error:2", "clean:2", "after:2"])
def test_a_stream_that_breaks(rows: Ledger, ours: Place, model: str, way: str) -> None:
    words = f"Tell me. [[sim break={way} output=200 chunks=9]]"
    stream = ours.anthropic().messages.create(model=model, max_tokens=900, messages=said(words), stream=True)
    with pytest.raises(anthropic.APIStatusError):
        for event in stream:
            assert event.type not in ("message_delta", "message_stop")
    (row,) = rows.new()
    assert (row["outcome"], row["certainty"]) == ("failed", "estimated")
