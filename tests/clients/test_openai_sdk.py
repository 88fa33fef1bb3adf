"""The official OpenAI client for Python through the gateway, against the same calls made directly."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from tests.clients.sdks import TAGS, Place, dumped
from tests.support.gateway import Row, RunningGateway
from tests.support.money import assert_account
from tests.support.wires import CHAT, RESPONSES

MODEL = "gpt-5-mini"
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a town",
        "parameters": {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]},
    },
}


def ask(text: str) -> Any:
    return [{"role": "user", "content": text}]


def the_row(gateway: RunningGateway) -> Row:
    (row,) = gateway.rows(1)
    assert row["tags"].items() >= TAGS.items()
    assert row["outcome"] == "ok"
    return row


def test_chat(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> Any:
        return place.openai().chat.completions.create(model=MODEL, messages=ask("How do tides work?"))

    answer = call(theirs)
    assert call(ours).model_dump() == answer.model_dump()
    assert_account(the_row(gateway), CHAT.usage(answer.model_dump()))


def test_chat_stream(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    """The client asks for no usage: it sees none, and the row has it all the same."""

    def call(place: Place, **more: Any) -> list[Any]:
        messages = ask("How do tides work, step by step?")
        return list(
            place.openai().chat.completions.create(model=MODEL, messages=messages, stream=True, **more)
        )

    chunks = call(theirs)
    assert dumped(call(ours)) == dumped(chunks)
    assert not any(chunk.usage for chunk in chunks)
    row = the_row(gateway)
    asked = dumped(call(theirs, stream_options={"include_usage": True}))
    assert_account(row, CHAT.usage(CHAT.last_usage(asked)))


def test_chat_stream_with_usage(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> list[Any]:
        return list(
            place.openai().chat.completions.create(
                model=MODEL,
                messages=ask("And the moon?"),
                stream=True,
                stream_options={"include_usage": True},
            )
        )

    chunks = dumped(call(theirs))
    assert dumped(call(ours)) == chunks
    assert_account(the_row(gateway), CHAT.usage(CHAT.last_usage(chunks)))


def test_chat_with_a_tool(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> Any:
        return place.openai().chat.completions.create(
            model=MODEL,
            messages=ask("Use the weather tool for Bergen."),
            tools=[WEATHER],
            tool_choice="required",
        )

    answer = call(theirs)
    assert answer.choices[0].message.tool_calls
    assert call(ours).model_dump() == answer.model_dump()
    assert_account(the_row(gateway), CHAT.usage(answer.model_dump()))


def test_responses(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> Any:
        return place.openai().responses.create(model=MODEL, input="Why is the sea salt?", store=False)

    answer = call(theirs)
    assert call(ours).model_dump() == answer.model_dump()
    row = the_row(gateway)
    assert row["format"] == "responses"
    assert_account(row, RESPONSES.usage(answer.model_dump()))


def test_responses_stream(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> list[Any]:
        client = place.openai()
        return list(client.responses.create(model=MODEL, input="Why is ice light?", store=False, stream=True))

    events = dumped(call(theirs))
    assert dumped(call(ours)) == events
    assert_account(the_row(gateway), RESPONSES.usage(RESPONSES.last_usage(events)))


def test_embeddings(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> Any:
        return place.openai().embeddings.create(model="text-embedding-3-small", input=["tide", "moon"])

    answer = call(theirs)
    assert call(ours).model_dump() == answer.model_dump()
    row = the_row(gateway)
    assert row["input_tokens"] == answer.usage.prompt_tokens
    assert row["output_tokens"] == 0
    assert float(row["cost_usd"]) > 0


def test_models(ours: Place) -> None:
    names = [model.id for model in ours.openai().models.list()]
    assert MODEL in names
    assert ours.openai().models.retrieve(MODEL).id == MODEL


def test_a_wrong_token_is_the_clients_own_error(ours: Place) -> None:
    wrong = ours.with_key("not-a-token")
    with pytest.raises(openai.AuthenticationError) as caught:
        wrong.openai().chat.completions.create(model=MODEL, messages=ask("hello"))
    assert "token" in caught.value.message


def test_an_unknown_model_is_the_clients_own_error(ours: Place) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        ours.openai().chat.completions.create(model="gqt-5-mini", messages=ask("hello"))
    assert caught.value.code == "model_not_found"
    assert MODEL in caught.value.message
