"""The official OpenAI client on models of Anthropic and Google."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest

from tests.clients.sdks import Place
from tests.clients.translated.asking import (
    CITY,
    CLAUDE,
    GEMINI,
    PIXEL,
    QUESTION,
    TOOLS,
    TOOLS_PLEASE,
    Ledger,
    of_provider,
)
from tests.support.simulated import SimulatedProvider

MODELS = [CLAUDE, GEMINI, "claude-sonnet-4-5", "gemini-2.5-flash"]
FUNCTIONS: Any = [
    {"type": "function", "function": {"name": name, "description": what, "parameters": CITY}}
    for name, what in TOOLS.items()
]


def said(text: str) -> Any:
    return [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": text}]


@pytest.mark.parametrize("model", MODELS)
def test_a_completion(rows: Ledger, ours: Place, model: str) -> None:
    answer = ours.openai().chat.completions.create(model=model, messages=said(QUESTION), max_tokens=900)
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    (row,) = rows.served(model)
    assert answer.usage is not None
    assert answer.usage.completion_tokens == row["output_tokens"]
    assert answer.usage.prompt_tokens == row["input_tokens"] + row["cached_input_tokens"]
    assert f"translated to {of_provider(model)}" in row["route_reason"]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("asks", [True, False])
def test_a_stream(rows: Ledger, ours: Place, model: str, asks: bool) -> None:
    options: Any = {"stream_options": {"include_usage": True}} if asks else {}
    chunks = list(
        ours.openai().chat.completions.create(
            model=model, messages=said(QUESTION), max_tokens=900, stream=True, **options
        )
    )
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    (row,) = rows.served(model)
    counted = [chunk.usage for chunk in chunks if chunk.usage]
    assert [each.completion_tokens for each in counted] == ([row["output_tokens"]] if asks else [])


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_a_round_of_parallel_tools(rows: Ledger, ours: Place, model: str, stream: bool) -> None:
    """As agents do it: of the calls only id, name and arguments come back."""
    client, messages = ours.openai(), said(TOOLS_PLEASE)
    options: Any = {"reasoning_effort": "medium", "max_completion_tokens": 9000, "tools": FUNCTIONS}
    if stream:
        with client.chat.completions.stream(model=model, messages=messages, **options) as events:
            answer = events.get_final_completion()
    else:
        answer = client.chat.completions.create(model=model, messages=messages, **options)
    assert answer.choices[0].finish_reason == "tool_calls"
    calls = answer.choices[0].message.tool_calls or []
    assert [call.function.name for call in calls] == list(TOOLS)
    assert all(json.loads(call.function.arguments).keys() == {"city", "days"} for call in calls)
    messages += [
        {
            "role": "assistant",
            "tool_calls": [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.function.name, "arguments": call.function.arguments},
                }
                for call in calls
            ],
        },
        *({"role": "tool", "tool_call_id": call.id, "content": "calm"} for call in reversed(calls)),
    ]
    last = client.chat.completions.create(model=model, messages=messages, **options)
    assert last.choices[0].message.content
    rows.served(model, 2)


@pytest.mark.parametrize("model", MODELS)
def test_a_structured_answer(rows: Ledger, ours: Place, model: str) -> None:
    wanted: Any = {"type": "json_schema", "json_schema": {"name": "plan", "schema": CITY, "strict": True}}
    raw = ours.openai().chat.completions.with_raw_response.create(
        model=model, messages=said("Plan a trip."), response_format=wanted, max_tokens=2000
    )
    answer = raw.parse()
    assert json.loads(answer.choices[0].message.content or "").keys() == {"city", "days"}
    (row,) = rows.served(model)
    assert "schema.pattern" in raw.headers["x-llmconsole-dropped"]
    assert "schema.pattern" in row["route_reason"]


@pytest.mark.parametrize("model", MODELS)
def test_an_image(rows: Ledger, ours: Place, simulated: SimulatedProvider, model: str) -> None:
    content: Any = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}},
    ]
    ours.openai().chat.completions.create(
        model=model, messages=[{"role": "user", "content": content}], max_tokens=900
    )
    rows.served(model)


ERRORS = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    404: openai.NotFoundError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
    529: openai.InternalServerError,
}


@pytest.mark.parametrize("model", [CLAUDE, GEMINI])
@pytest.mark.parametrize("status", ERRORS)
@pytest.mark.parametrize("stream", [False, True])
def test_an_error(rows: Ledger, ours: Place, model: str, status: int, stream: bool) -> None:
    words = f"Fail. [[sim status={status} retry_after=7]]"
    with pytest.raises(ERRORS[status]) as raised:
        ours.openai().chat.completions.create(model=model, messages=said(words), stream=stream)
    assert raised.value.status_code == status
    assert raised.value.response.headers["retry-after"] == "7"
    assert (
        isinstance(raised.value.body, dict)
        and {"message", "type", "param", "code"} <= raised.value.body.keys()
    )
    (row,) = rows.new()
    assert (row["outcome"], float(row["cost_usd"])) == ("failed", 0)


@pytest.mark.parametrize("model", [CLAUDE, GEMINI])
@pytest.mark.parametrize("way", ["error:2", "clean:2", "after:2"])
def test_a_stream_that_breaks(rows: Ledger, ours: Place, model: str, way: str) -> None:
    words = f"Tell me. [[sim break={way} output=200 chunks=9]]"
    stream = ours.openai().chat.completions.create(
        model=model, messages=said(words), stream=True, max_tokens=900
    )
    with pytest.raises(openai.APIError):
        for chunk in stream:
            assert not chunk.choices or chunk.choices[0].finish_reason is None
    (row,) = rows.new()
    assert row["outcome"] == "failed"
    assert row["certainty"] == "estimated" and float(row["cost_usd"]) > 0


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_embeddings(rows: Ledger, ours: Place, encoding: Any) -> None:
    answer = ours.openai().embeddings.create(
        model="gemini-embedding-001", input=["one", "two"], encoding_format=encoding, dimensions=8
    )
    vectors = [each.embedding for each in answer.data]
    assert [each.index for each in answer.data] == [0, 1]
    if encoding == "float":
        assert all(len(vector) == 8 for vector in vectors)
    (row,) = rows.new()
    assert (row["outcome"], row["provider"]) == ("ok", "gemini")
    assert answer.usage.prompt_tokens == row["input_tokens"]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_responses(rows: Ledger, ours: Place, model: str, stream: bool) -> None:
    client = ours.openai()
    tools: Any = [{"type": "function", "parameters": CITY, "strict": False, "name": name} for name in TOOLS]
    asked: list[Any] = [{"role": "user", "content": TOOLS_PLEASE}]
    options: Any = {
        "instructions": "Be brief.",
        "tools": tools,
        "reasoning": {"effort": "low", "summary": "auto"},
    }
    if stream:
        with client.responses.stream(model=model, input=asked, **options) as events:
            answer: Any = list(events)[-1].response  # type: ignore[union-attr]
    else:
        answer = client.responses.create(model=model, input=asked, **options)
    calls = [item for item in answer.output if item.type == "function_call"]
    assert [call.name for call in calls] == list(TOOLS)
    asked += [item.model_dump(exclude_none=True) for item in answer.output]
    asked += [{"type": "function_call_output", "call_id": call.call_id, "output": "calm"} for call in calls]
    last = client.responses.create(model=model, input=asked, **options)
    assert last.output_text and last.status == "completed"
    found = rows.served(model, 2)
    assert last.usage is not None and last.usage.output_tokens == found[1]["output_tokens"]


def test_a_custom_tool_and_a_namespace(rows: Ledger, ours: Place) -> None:
    """As Codex offers them."""
    tools: Any = [
        {"type": "custom", "name": "apply_patch", "description": "A patch."},
        {
            "type": "namespace",
            "name": "sea",
            "description": "The sea.",
            "tools": [{"type": "function", "name": "tides", "parameters": CITY, "strict": False}],
        },
        {"type": "web_search"},
    ]
    raw = ours.openai().responses.with_raw_response.create(model=CLAUDE, input=TOOLS_PLEASE, tools=tools)
    answer: Any = raw.parse()
    patch, tides = [item for item in answer.output if item.type.endswith("_call")]
    assert (patch.type, patch.name, patch.input) == ("custom_tool_call", "apply_patch", "sample")
    assert (tides.type, tides.namespace, tides.name) == ("function_call", "sea", "tides")
    assert raw.headers["x-llmconsole-dropped"] == "tool web_search"
    rows.served(CLAUDE)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"n": 2}, "2 answers"),
        ({"messages": [{"role": "user", "content": [{"type": "smell", "smell": "x"}]}]}, "'smell'"),
        (
            {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "file-1"}}]}]},
            "file-1",
        ),
    ],
)
def test_what_cannot_be_said_is_refused(
    rows: Ledger, ours: Place, simulated: SimulatedProvider, body: dict[str, Any], named: str
) -> None:
    before = simulated.mark()
    asked: dict[str, Any] = {"model": CLAUDE, "messages": said("Hello."), **body}
    with pytest.raises(openai.BadRequestError) as raised:
        ours.openai().chat.completions.create(**asked)
    assert raised.value.code == "untranslatable" and named in raised.value.message
    assert not simulated.seen(before)
    (row,) = rows.new()
    assert (row["outcome"], float(row["cost_usd"])) == ("refused", 0)


def test_every_model_is_listed_the_clients_own_first(rows: Ledger, ours: Place) -> None:
    names = [model.id for model in ours.openai().models.list()]
    assert {CLAUDE, GEMINI} <= set(names)
    assert names.index("gpt-5-mini") < names.index(CLAUDE)
