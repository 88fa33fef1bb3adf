"""The official Anthropic client for Python through the gateway, against the same calls made directly."""

from __future__ import annotations

from typing import Any

import anthropic
import pytest

from tests.clients.sdks import TAGS, Place, dumped
from tests.support.gateway import Row, RunningGateway
from tests.support.money import assert_account
from tests.support.wires import MESSAGES

MODEL = "claude-sonnet-5-5"
SYSTEM = "You explain the sea to sailors, calmly and in short sentences. " * 120


def ask(text: str) -> Any:
    return [{"role": "user", "content": text}]


def the_row(gateway: RunningGateway) -> Row:
    (row,) = gateway.rows(1)
    assert row["tags"].items() >= TAGS.items()
    assert (row["outcome"], row["format"], row["provider"]) == ("ok", "anthropic", "anthropic")
    return row


def test_messages(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> Any:
        return place.anthropic().messages.create(
            model=MODEL, max_tokens=300, messages=ask("How do tides work?")
        )

    answer = call(theirs)
    assert call(ours).model_dump() == answer.model_dump()
    assert_account(the_row(gateway), MESSAGES.usage(answer.model_dump()))


def test_messages_stream(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> list[Any]:
        return list(
            place.anthropic().messages.create(
                model=MODEL, max_tokens=300, messages=ask("How do tides work, in short?"), stream=True
            )
        )

    events = dumped(call(theirs))
    assert dumped(call(ours)) == events
    assert_account(the_row(gateway), MESSAGES.usage(MESSAGES.last_usage(events)))


def test_the_stream_helper(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    """The helper puts the message together from the events and is strict about their order."""

    def call(place: Place) -> Any:
        with place.anthropic().messages.stream(
            model=MODEL, max_tokens=300, messages=ask("What is a neap tide?")
        ) as stream:
            return stream.get_final_message()

    answer = call(theirs)
    assert call(ours).model_dump() == answer.model_dump()
    assert_account(the_row(gateway), MESSAGES.usage(answer.model_dump()))


def test_a_cached_system_prompt(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    """Writes on the first turn, reads on the second, of five minutes and of one hour."""

    def call(place: Place, text: str) -> Any:
        marked: Any = [
            {"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral", "ttl": "1h"}},
            {"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral"}},
        ]
        return place.anthropic().messages.create(
            model=MODEL, max_tokens=100, system=marked, messages=ask(text)
        )

    answers = [call(theirs, "First watch?"), call(theirs, "Second watch?")]
    assert call(ours, "First watch?").model_dump() == answers[0].model_dump()
    assert call(ours, "Second watch?").model_dump() == answers[1].model_dump()
    written, read = gateway.rows(2)
    assert written["cache_write_1h_tokens"] > 0
    assert read["cached_input_tokens"] > 0
    assert_account(written, MESSAGES.usage(answers[0].model_dump()))
    assert_account(read, MESSAGES.usage(answers[1].model_dump()))


def test_count_tokens(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> Any:
        return place.anthropic().messages.count_tokens(model=MODEL, messages=ask("How many are these?"))

    assert call(ours).model_dump() == call(theirs).model_dump()
    assert all(row["cost_usd"] == "0.00" for row in gateway.export())


def test_models(ours: Place) -> None:
    names = [model.id for model in ours.anthropic().models.list()]
    assert MODEL in names
    own = [name.startswith("claude") for name in names]
    assert own == sorted(own, reverse=True), "the client's own format first"


def test_a_wrong_token_is_the_clients_own_error(ours: Place) -> None:
    wrong = ours.with_key("not-a-token")
    with pytest.raises(anthropic.AuthenticationError) as caught:
        wrong.anthropic().messages.create(model=MODEL, max_tokens=9, messages=ask("hello"))
    assert "token" in caught.value.message
