"""The official Google Gen AI client for Python through the gateway, against the same calls made directly."""

from __future__ import annotations

from typing import Any

import pytest
from google.genai import errors, types

from tests.clients.sdks import TAGS, Place
from tests.support.gateway import Row, RunningGateway
from tests.support.money import assert_account
from tests.support.wires import GEMINI, Json

MODEL = "gemini-2.5-flash"


def the_row(gateway: RunningGateway) -> Row:
    (row,) = gateway.rows(1)
    assert row["tags"].items() >= TAGS.items()
    assert (row["outcome"], row["format"], row["provider"]) == ("ok", "gemini", "gemini")
    return row


def as_sent(answer: Any) -> Json:
    """The answer in the words of the wire, without what the SDK adds about the transport."""
    sent: Json = answer.model_dump(by_alias=True, exclude_none=True, mode="json")
    sent.pop("sdkHttpResponse", None)
    return sent


def test_generate_content(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> Json:
        with place.genai() as client:
            return as_sent(client.models.generate_content(model=MODEL, contents="How do tides work?"))

    answer = call(theirs)
    assert call(ours) == answer
    assert_account(the_row(gateway), GEMINI.usage(answer))


def test_generate_content_stream(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> list[Json]:
        with place.genai() as client:
            stream = client.models.generate_content_stream(model=MODEL, contents="And the spring tide?")
            return [as_sent(chunk) for chunk in stream]

    chunks = call(theirs)
    assert len(chunks) > 1
    assert call(ours) == chunks
    assert_account(the_row(gateway), GEMINI.usage(GEMINI.last_usage(chunks)))


def test_the_older_path(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    """Today's client speaks /v1, most others /v1beta: both are served."""

    def call(place: Place) -> Json:
        options = types.HttpOptions(api_version="v1beta")
        config = types.GenerateContentConfig(http_options=options)
        with place.genai() as client:
            return as_sent(
                client.models.generate_content(model=MODEL, contents="Still on v1beta?", config=config)
            )

    answer = call(theirs)
    assert call(ours) == answer
    assert_account(the_row(gateway), GEMINI.usage(answer))


def test_count_tokens(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> Json:
        with place.genai() as client:
            return as_sent(client.models.count_tokens(model=MODEL, contents="How many are these?"))

    assert call(ours) == call(theirs)
    assert all(row["cost_usd"] == "0.00" for row in gateway.export())


def test_embed_content(gateway: RunningGateway, ours: Place, theirs: Place) -> None:
    def call(place: Place) -> Json:
        with place.genai() as client:
            return as_sent(client.models.embed_content(model="gemini-embedding-001", contents="tide"))

    assert call(ours) == call(theirs)
    assert the_row(gateway)["output_tokens"] == 0


def test_models(ours: Place) -> None:
    with ours.genai() as client:
        names = [model.name for model in client.models.list()]
    assert f"models/{MODEL}" in names


def test_a_wrong_token_is_the_clients_own_error(ours: Place) -> None:
    wrong = ours.with_key("not-a-token")
    with wrong.genai() as client, pytest.raises(errors.ClientError) as caught:
        client.models.generate_content(model=MODEL, contents="hello")
    assert caught.value.code == 401
    assert "token" in str(caught.value.message)
