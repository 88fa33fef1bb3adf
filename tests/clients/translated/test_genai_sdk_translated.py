"""Google's official client on models of OpenAI and Anthropic."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from google.genai import errors, types

from tests.clients.sdks import Place
from tests.clients.translated.asking import (
    CITY,
    CLAUDE,
    GPT,
    PIXEL,
    QUESTION,
    TOOLS,
    TOOLS_PLEASE,
    Ledger,
    of_provider,
)

MODELS = [GPT, CLAUDE, "gpt-4o-mini", "claude-sonnet-4-5"]
OFFERED = [
    types.Tool(
        function_declarations=[
            types.FunctionDeclaration(name=name, description=what, parameters_json_schema=CITY)
            for name, what in TOOLS.items()
        ]
    )
]


def counted(usage: Any) -> tuple[int, int]:
    """Input and output tokens."""
    return usage.prompt_token_count, usage.candidates_token_count + (usage.thoughts_token_count or 0)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_content(rows: Ledger, ours: Place, model: str, stream: bool) -> None:
    config = types.GenerateContentConfig(system_instruction="Be brief.", max_output_tokens=900)
    asked: Any = {"model": model, "contents": QUESTION, "config": config}
    client = ours.genai()
    if stream:
        answers = list(client.models.generate_content_stream(**asked))
    else:
        answers = [client.models.generate_content(**asked)]
    assert "".join(answer.text or "" for answer in answers)
    last = answers[-1]
    assert last.candidates and last.candidates[0].finish_reason == types.FinishReason.STOP
    (row,) = rows.served(model)
    whole = row["input_tokens"] + row["cached_input_tokens"] + row["cache_write_tokens"]
    assert counted(last.usage_metadata) == (whole, row["output_tokens"])
    assert f"translated to {of_provider(model)}" in row["route_reason"]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_a_round_of_parallel_tools(rows: Ledger, ours: Place, model: str, stream: bool) -> None:
    client = ours.genai()
    thinking = types.ThinkingConfig(include_thoughts=True, thinking_budget=2000)
    config: Any = types.GenerateContentConfig(
        tools=OFFERED,  # type: ignore[arg-type]
        max_output_tokens=9000,
        thinking_config=thinking,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    contents: list[Any] = [types.Content(role="user", parts=[types.Part(text=TOOLS_PLEASE)])]

    def ask() -> list[Any]:
        if not stream:
            answers = [client.models.generate_content(model=model, contents=contents, config=config)]
        else:
            answers = list(
                client.models.generate_content_stream(model=model, contents=contents, config=config)
            )
        found: list[Any] = answers
        return [part for each in found for part in each.candidates[0].content.parts or ()]

    said = ask()
    calls = [part.function_call for part in said if part.function_call]
    assert [call.name for call in calls] == list(TOOLS)
    assert all(call.args.keys() == {"city", "days"} for call in calls)
    if of_provider(model) == "anthropic":
        assert [part for part in said if part.thought]
    answered = [
        types.Part(
            function_response=types.FunctionResponse(id=call.id, name=call.name, response={"output": "calm"})
        )
        for call in calls
    ]
    contents += [types.Content(role="model", parts=said), types.Content(role="user", parts=answered)]
    assert "".join(part.text or "" for part in ask())
    rows.served(model, 2)


@pytest.mark.parametrize("model", MODELS)
def test_a_structured_answer(rows: Ledger, ours: Place, model: str) -> None:
    config = types.GenerateContentConfig(
        response_mime_type="application/json", response_json_schema=CITY, max_output_tokens=2000
    )
    answer = ours.genai().models.generate_content(model=model, contents="Plan a trip.", config=config)
    assert '"city"' in (answer.text or "")
    rows.served(model)


@pytest.mark.parametrize("model", MODELS)
def test_an_image(rows: Ledger, ours: Place, model: str) -> None:
    parts = [types.Part(inline_data=types.Blob(mime_type="image/png", data=base64.b64decode(PIXEL)))]
    contents: Any = [types.Content(role="user", parts=[*parts, types.Part(text="What is this?")])]
    ours.genai().models.generate_content(model=model, contents=contents)
    rows.served(model)


@pytest.mark.parametrize("model", [GPT, CLAUDE])
def test_a_count(rows: Ledger, ours: Place, model: str) -> None:
    answer = ours.genai().models.count_tokens(model=model, contents=QUESTION * 20)
    assert answer.total_tokens is not None and 50 < answer.total_tokens < 400
    (row,) = rows.new()
    assert (row["outcome"], float(row["cost_usd"])) == ("ok", 0)


def test_embeddings(rows: Ledger, ours: Place) -> None:
    answer = ours.genai().models.embed_content(
        model="text-embedding-3-small",
        contents=["one", "two"],
        config=types.EmbedContentConfig(output_dimensionality=8),
    )
    assert answer.embeddings and [len(each.values or ()) for each in answer.embeddings] == [8, 8]
    (row,) = rows.new()
    assert (row["outcome"], row["provider"]) == ("ok", "openai")


@pytest.mark.parametrize("model", [GPT, CLAUDE])
@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_an_error(rows: Ledger, ours: Place, model: str, status: int) -> None:
    with pytest.raises(errors.APIError) as raised:
        ours.genai().models.generate_content(model=model, contents=f"Fail. [[sim status={status}]]")
    assert raised.value.code == status
    assert raised.value.status and raised.value.status.isupper()
    rows.new()


@pytest.mark.parametrize("model", [GPT, CLAUDE])
@pytest.mark.parametrize("way", ["error:2", "clean:2", "after:2"])
def test_a_stream_that_breaks(rows: Ledger, ours: Place, model: str, way: str) -> None:
    words = f"Tell me. [[sim break={way} output=200 chunks=9]]"
    config = types.GenerateContentConfig(max_output_tokens=900)
    with pytest.raises((errors.APIError, errors.UnknownApiResponseError)):
        for answer in ours.genai().models.generate_content_stream(model=model, contents=words, config=config):
            assert not answer.candidates or answer.candidates[0].finish_reason is None
    (row,) = rows.new()
    assert (row["outcome"], row["certainty"]) == ("failed", "estimated")
