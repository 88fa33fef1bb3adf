"""The simulated provider under Google's official client: what it says fits the client's own types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from google import genai
from google.genai import errors, types

from tests.clients.sdks import direct
from tests.support.simulated import SimulatedProvider
from tests.support.wires import GEMINI, events_of

MODEL = "gemini-2.5-flash"
WEATHER = types.Tool(
    function_declarations=[
        types.FunctionDeclaration(
            name="weather",
            parameters=types.Schema(
                type=types.Type.OBJECT,
                properties={"town": types.Schema(type=types.Type.STRING)},
                required=["town"],
            ),
        )
    ]
)


@pytest.fixture
def client(simulated: SimulatedProvider) -> Iterator[genai.Client]:
    with direct(simulated) as place:
        yield place.genai()


def posted(simulated: SimulatedProvider, path: str, body: dict[str, Any]) -> Any:
    response = simulated.http.post(path, json=body, headers=GEMINI.credential("sk-simulated"))
    assert response.status_code == 200, response.text
    return response


def generate(client: genai.Client, text: str, **config: Any) -> types.GenerateContentResponse:
    return client.models.generate_content(
        model=MODEL, contents=text, config=types.GenerateContentConfig(**config)
    )


def test_answers_fit_the_type(simulated: SimulatedProvider) -> None:
    """The client's types forbid what they do not know."""
    body = GEMINI.ask("Hello there.")
    types.GenerateContentResponse.model_validate(posted(simulated, GEMINI.path, body).json())
    events = events_of(posted(simulated, GEMINI.stream_path, body).content)
    chunks = [types.GenerateContentResponse.model_validate(event) for event in events]
    finished = [chunk.candidates[0].finish_reason for chunk in chunks if chunk.candidates]
    assert finished[-1] is types.FinishReason.STOP
    assert set(finished[:-1]) == {None}


def test_both_framings_say_the_same(simulated: SimulatedProvider) -> None:
    path, body = GEMINI.stream_path.removesuffix("?alt=sse"), GEMINI.ask("Both ways.")
    array = posted(simulated, path, body)
    assert array.headers["content-type"].startswith("application/json")
    assert json.loads(array.content) == events_of(posted(simulated, GEMINI.stream_path, body).content)


def test_a_stream_says_the_same_as_a_whole_answer(client: genai.Client) -> None:
    whole = generate(client, "Tell me.")
    chunks = list(client.models.generate_content_stream(model=MODEL, contents="Tell me."))
    assert "".join(chunk.text or "" for chunk in chunks) == whole.text
    assert chunks[-1].usage_metadata == whole.usage_metadata
    usages = [chunk.usage_metadata for chunk in chunks if chunk.usage_metadata]
    counts = [usage.candidates_token_count or 0 for usage in usages]
    assert counts == sorted(counts)


def test_thoughts_are_counted_and_shown_when_asked(client: genai.Client) -> None:
    hidden = generate(client, "Why?")
    assert hidden.usage_metadata is not None and hidden.usage_metadata.thoughts_token_count
    off = generate(client, "Why?", thinking_config=types.ThinkingConfig(thinking_budget=0))
    assert off.usage_metadata is not None and not off.usage_metadata.thoughts_token_count
    shown = generate(client, "Why?", thinking_config=types.ThinkingConfig(include_thoughts=True))
    assert [part.thought for part in shown.parts or ()] == [True, None]


def test_function_calls(client: genai.Client) -> None:
    answer = generate(client, "Please use the tool.", tools=[WEATHER])
    assert answer.function_calls is not None
    (call,) = answer.function_calls
    assert (call.name, call.args) == ("weather", {"town": "sample"})
    assert [part.thought_signature is not None for part in answer.parts or ()] == [False, True]


def test_structured_output(client: genai.Client) -> None:
    schema = types.Schema(
        type=types.Type.OBJECT,
        properties={"days": types.Schema(type=types.Type.INTEGER, minimum=3)},
        required=["days"],
    )
    answer = generate(client, "How long?", response_mime_type="application/json", response_schema=schema)
    assert answer.text == '{"days":3}'


def test_the_cap_stops_and_candidates_are_honoured(client: genai.Client) -> None:
    cut = generate(client, "Go on. [[sim output=900 reasoning=0]]", max_output_tokens=10)
    assert cut.candidates is not None and cut.usage_metadata is not None
    assert cut.candidates[0].finish_reason is types.FinishReason.MAX_TOKENS
    assert cut.usage_metadata.candidates_token_count == 10
    two = generate(client, "Go on. [[sim output=51 reasoning=0]]", candidate_count=2)
    assert two.candidates is not None and two.usage_metadata is not None
    assert len(two.candidates) == 2
    assert two.usage_metadata.candidates_token_count == 51
    stopped = generate(client, "Go on.", stop_sequences=[" the "])
    assert " the " not in (stopped.text or "")


def test_the_implicit_cache_reads_what_an_earlier_call_left(client: genai.Client) -> None:
    text = "The lighthouse keeper writes a long letter. " * 200
    first = generate(client, text).usage_metadata
    second = generate(client, text + "What does it say?").usage_metadata
    assert first is not None and first.cached_content_token_count is None
    assert second is not None and (second.cached_content_token_count or 0) > 1024


def test_counts(client: genai.Client) -> None:
    counted = client.models.count_tokens(model=MODEL, contents="How many?")
    run = generate(client, "How many?").usage_metadata
    assert run is not None and counted.total_tokens == run.prompt_token_count


def test_embeddings(client: genai.Client, simulated: SimulatedProvider) -> None:
    config = types.EmbedContentConfig(output_dimensionality=32)
    answer = client.models.embed_content(
        model="gemini-embedding-001", contents=["tide", "moon"], config=config
    )
    assert [len(one.values or ()) for one in answer.embeddings or ()] == [32, 32]
    body = {"content": {"parts": [{"text": "tide"}]}, "outputDimensionality": 32}
    one = posted(simulated, "/v1beta/models/gemini-embedding-001:embedContent", body).json()
    assert one["embedding"]["values"] == (answer.embeddings or [])[0].values


def test_models(client: genai.Client) -> None:
    names = [model.name for model in client.models.list()]
    assert f"models/{MODEL}" in names
    assert client.models.get(model=MODEL).name == f"models/{MODEL}"


def test_refusals(client: genai.Client, simulated: SimulatedProvider) -> None:
    with pytest.raises(errors.ClientError) as caught:
        client.models.generate_content(model="gemina-1", contents="?")
    assert (caught.value.code, caught.value.status) == (404, "NOT_FOUND")
    keyless = simulated.http.post(GEMINI.path, json=GEMINI.ask("?"))
    assert keyless.status_code == 403
    wrong = simulated.http.post(
        GEMINI.path, json=GEMINI.ask("?"), headers={"x-goog-api-key": "invalid-one"}
    ).json()
    assert wrong["error"]["details"][0]["reason"] == "API_KEY_INVALID"
    empty = simulated.http.post(GEMINI.path, json={}, headers=GEMINI.credential("sk-simulated"))
    assert (empty.status_code, empty.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
