"""The simulated provider under OpenAI's official client: what it says fits the client's own types."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai.types import CreateEmbeddingResponse
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import BaseModel, TypeAdapter

from tests.clients.sdks import direct
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, RESPONSES, events_of

PARAMETERS = {
    "type": "object",
    "properties": {"town": {"type": "string"}, "days": {"type": "integer", "minimum": 2}},
    "required": ["town", "days"],
    "additionalProperties": False,
}
CHAT_TOOL: Any = {"type": "function", "function": {"name": "weather", "parameters": PARAMETERS}}
FLAT_TOOL: Any = {"type": "function", "name": "weather", "parameters": PARAMETERS, "strict": True}


class Verdict(BaseModel):
    safe: bool
    reasons: list[str]


@pytest.fixture
def client(simulated: SimulatedProvider) -> Iterator[openai.OpenAI]:
    with direct(simulated) as place:
        yield place.openai()


def ask(text: str) -> Any:
    return [{"role": "user", "content": text}]


def posted(simulated: SimulatedProvider, path: str, body: dict[str, Any]) -> Any:
    response = simulated.http.post(path, json=body, headers=CHAT.credential("sk-simulated"))
    assert response.status_code == 200, response.text
    return response


def test_chat_fits_the_type(simulated: SimulatedProvider) -> None:
    body = {"model": "gpt-5-mini", "messages": ask("use the tool"), "tools": [CHAT_TOOL], "n": 2}
    answer = ChatCompletion.model_validate(posted(simulated, CHAT.path, body).json())
    assert len(answer.choices) == 2
    assert answer.choices[0].finish_reason == "tool_calls"


def test_chunks_fit_the_type(simulated: SimulatedProvider) -> None:
    body = {"model": "gpt-4.1", "messages": ask("use the tools"), "tools": [CHAT_TOOL], "stream": True}
    raw = posted(simulated, CHAT.path, {**body, "stream_options": {"include_usage": True}}).content
    chunks = [ChatCompletionChunk.model_validate(event) for event in events_of(raw)]
    assert raw.endswith(b"data: [DONE]\n\n")
    assert not chunks[-1].choices and chunks[-1].usage is not None
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_chat_says_what_it_counts(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="gpt-4.1", messages=ask("[[sim output=100]]"))
    said = answer.choices[0].message.content or ""
    assert math.ceil(len(said.encode()) / 4) == 100
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 100
    assert answer.usage.prompt_tokens == 3 + 4 + math.ceil(len("[[sim output=100]]") / 4)


def test_reasoning_models_reason(client: openai.OpenAI) -> None:
    def reasoning(**more: Any) -> int:
        answer = client.chat.completions.create(messages=ask("Why?"), **more)
        assert answer.usage is not None and answer.usage.completion_tokens_details is not None
        return answer.usage.completion_tokens_details.reasoning_tokens or 0

    assert reasoning(model="gpt-4.1") == 0
    assert reasoning(model="gpt-5.1", reasoning_effort="none") == 0
    low, high = (reasoning(model="o4-mini", reasoning_effort=effort) for effort in ("low", "high"))
    assert 0 < low < high


def test_a_stream_says_the_same_as_a_whole_answer(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="gpt-5.1", messages=ask("Tell me."))
    with client.chat.completions.stream(model="gpt-5.1", messages=ask("Tell me.")) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].message.content == whole.choices[0].message.content
    assert final.id == whole.id


def test_tool_calls_in_a_stream(client: openai.OpenAI) -> None:
    asked: Any = {"model": "gpt-5.1", "messages": ask("Please use the tool."), "tools": [CHAT_TOOL]}
    with client.chat.completions.stream(**asked) as stream:
        calls = stream.get_final_completion().choices[0].message.tool_calls
    assert calls is not None
    (call,) = calls
    assert call.function.name == "weather"
    assert call.function.arguments == '{"town":"sample","days":2}'
    turns = [*ask("Please use the tool."), {"role": "assistant", "tool_calls": [call.model_dump()]}]
    turns.append({"role": "tool", "tool_call_id": call.id, "content": "rain"})
    after = client.chat.completions.create(**{**asked, "messages": turns})
    assert after.choices[0].finish_reason == "stop"


def test_structured_output(client: openai.OpenAI) -> None:
    chat = client.chat.completions.parse(model="gpt-5.1", messages=ask("Safe?"), response_format=Verdict)
    assert chat.choices[0].message.parsed == Verdict(safe=True, reasons=[])
    response = client.responses.parse(model="gpt-5.1", input="Safe?", text_format=Verdict)
    assert response.output_parsed == Verdict(safe=True, reasons=[])


def test_the_cap_and_stop_words_are_honoured(client: openai.OpenAI) -> None:
    def choice(**more: Any) -> Any:
        answer = client.chat.completions.create(model="gpt-4.1", messages=ask("[[sim output=200]]"), **more)
        return answer.choices[0], answer.usage

    whole, _ = choice()
    capped, usage = choice(max_tokens=50)
    assert (capped.finish_reason, usage.completion_tokens) == ("length", 50)
    assert whole.message.content.startswith(capped.message.content)
    word = whole.message.content.split()[20]
    stopped, usage = choice(stop=[word])
    assert stopped.finish_reason == "stop"
    assert word not in stopped.message.content
    assert usage.completion_tokens == math.ceil(len(stopped.message.content.encode()) / 4)


def test_responses_fit_the_type(simulated: SimulatedProvider) -> None:
    body = {"model": "gpt-5.1", "input": "use the tool", "tools": [FLAT_TOOL], "instructions": "Be brief."}
    answer = Response.model_validate(posted(simulated, RESPONSES.path, body).json())
    assert [item.type for item in answer.output] == ["reasoning", "function_call"]


def test_response_events_fit_the_type(simulated: SimulatedProvider) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
    for text in ("Talk.", "use the tool"):
        body = {"model": "gpt-5.1", "input": text, "tools": [FLAT_TOOL], "stream": True}
        events = events_of(posted(simulated, RESPONSES.path, body).content)
        assert [event["sequence_number"] for event in events] == list(range(len(events)))
        assert [adapter.validate_python(event).type for event in events] == [e["type"] for e in events]


def test_responses_stream_helper(client: openai.OpenAI) -> None:
    with client.responses.stream(model="gpt-5.1", input="Talk to me.") as stream:
        final = stream.get_final_response()
    whole = client.responses.create(model="gpt-5.1", input="Talk to me.")
    assert final.output_text == whole.output_text
    assert final.usage == whole.usage


def test_a_cut_response_is_incomplete(client: openai.OpenAI) -> None:
    events = list(client.responses.create(model="gpt-4.1", input="Go on.", max_output_tokens=20, stream=True))
    assert events[-1].type == "response.incomplete"
    assert events[-1].response.usage is not None
    assert events[-1].response.usage.output_tokens == 20


def test_a_response_goes_on_from_an_earlier_one(client: openai.OpenAI) -> None:
    first = client.responses.create(model="gpt-4.1", input="Remember the word.")
    second = client.responses.create(model="gpt-4.1", input="Which?", previous_response_id=first.id)
    assert first.usage is not None and second.usage is not None
    assert second.usage.input_tokens > first.usage.total_tokens
    with pytest.raises(openai.BadRequestError, match="not found"):
        client.responses.create(model="gpt-4.1", input="Which?", previous_response_id="resp_unknown")


def test_input_tokens_are_counted_without_a_run(client: openai.OpenAI) -> None:
    counted = client.responses.input_tokens.count(model="gpt-4.1", input="How many?")
    run = client.responses.create(model="gpt-4.1", input="How many?")
    assert run.usage is not None and counted.input_tokens == run.usage.input_tokens


def test_embeddings_are_the_same_packed_or_not(client: openai.OpenAI, simulated: SimulatedProvider) -> None:
    body = {"model": "text-embedding-3-small", "input": ["tide", "moon"], "dimensions": 64}
    plain = CreateEmbeddingResponse.model_validate(posted(simulated, "/v1/embeddings", body).json())
    packed = client.embeddings.create(model="text-embedding-3-small", input=["tide", "moon"], dimensions=64)
    assert packed.data == plain.data
    assert packed.usage.prompt_tokens == 2
    assert math.isclose(math.hypot(*packed.data[0].embedding), 1, rel_tol=1e-5)


def test_near_texts_have_near_embeddings(client: openai.OpenAI) -> None:
    texts = ["the tide follows the moon", "the moon pulls the tide", "invoices are due on Monday"]
    data = client.embeddings.create(model="text-embedding-3-small", input=texts).data
    tide, moon, invoice = (item.embedding for item in data)

    def likeness(one: list[float], other: list[float]) -> float:
        return sum(a * b for a, b in zip(one, other, strict=True))

    assert likeness(tide, moon) > 0.5 > likeness(tide, invoice)


def test_models(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert "gpt-5-mini" in names and not [name for name in names if name.startswith(("claude", "gemini"))]
    assert client.models.retrieve("gpt-5-mini").id == "gpt-5-mini"


def test_refusals(client: openai.OpenAI, simulated: SimulatedProvider) -> None:
    with pytest.raises(openai.NotFoundError, match="gpt5"):
        client.chat.completions.create(model="gpt5", messages=ask("?"))
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="claude-sonnet-4-5", messages=ask("?"))
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="gpt-5-mini", messages=ask("?"), max_tokens=9)
    assert (caught.value.code, caught.value.param) == ("unsupported_parameter", "max_tokens")
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="sk-invalid").models.list()
    assert simulated.http.post(CHAT.path, json={}).status_code == 401
    broken = simulated.http.post(CHAT.path, content=b"{", headers=CHAT.credential("sk-simulated"))
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "invalid_json")


def test_any_name_may_be_simulated(client: openai.OpenAI) -> None:
    assert client.chat.completions.create(model="sim-anything", messages=ask("?")).model == "sim-anything"
