"""The simulated provider under Anthropic's official client: what it says fits the client's own types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anthropic
import pytest
from anthropic.types import Message, MessageTokensCount, ModelInfo, RawMessageStreamEvent
from pydantic import TypeAdapter

from tests.clients.sdks import direct
from tests.support.simulated import SimulatedProvider
from tests.support.wires import MESSAGES, events_of

MODEL = "claude-sonnet-5-5"
TOOL: Any = {
    "name": "weather",
    "description": "The weather of a town",
    "input_schema": {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]},
}
THINK: Any = {"type": "enabled", "budget_tokens": 1024}


@pytest.fixture
def client(simulated: SimulatedProvider) -> Iterator[anthropic.Anthropic]:
    with direct(simulated) as place:
        yield place.anthropic()


def ask(text: str) -> Any:
    return [{"role": "user", "content": text}]


def body(text: str, **more: Any) -> dict[str, Any]:
    return {"model": MODEL, "max_tokens": 4096, "messages": ask(text), **more}


def posted(simulated: SimulatedProvider, sent: dict[str, Any]) -> Any:
    response = simulated.http.post(MESSAGES.path, json=sent, headers=MESSAGES.credential("sk-simulated"))
    assert response.status_code == 200, response.text
    return response


def test_a_message_fits_the_type(simulated: SimulatedProvider) -> None:
    sent = body("use the tool", tools=[TOOL], thinking=THINK)
    message = Message.model_validate(posted(simulated, sent).json())
    assert [block.type for block in message.content] == ["thinking", "text", "tool_use"]
    assert message.stop_reason == "tool_use"


def test_events_fit_the_type(simulated: SimulatedProvider) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(RawMessageStreamEvent)
    raw = posted(simulated, body("use the tool", tools=[TOOL], thinking=THINK, stream=True)).content
    events = [event for event in events_of(raw) if event["type"] != "ping"]
    kinds = [adapter.validate_python(event).type for event in events]
    assert kinds[0] == "message_start"
    assert kinds[-2:] == ["message_delta", "message_stop"]
    assert kinds.count("content_block_start") == kinds.count("content_block_stop") == 3


def test_a_stream_says_the_same_as_a_whole_message(client: anthropic.Anthropic) -> None:
    asked: Any = {"model": MODEL, "max_tokens": 4096, "thinking": THINK, "tools": [TOOL]}
    whole = client.messages.create(**asked, messages=ask("Please use the tool."))
    with client.messages.stream(**asked, messages=ask("Please use the tool.")) as stream:
        final = stream.get_final_message()
    assert [b.model_dump(exclude_none=True) for b in final.content] == [
        b.model_dump(exclude_none=True) for b in whole.content
    ]
    assert final.usage.output_tokens == whole.usage.output_tokens
    assert final.usage.input_tokens == whole.usage.input_tokens


def test_thinking_is_asked_for_and_signed(client: anthropic.Anthropic) -> None:
    plain = client.messages.create(**body("Why?"))
    assert [block.type for block in plain.content] == ["text"]
    thought = client.messages.create(**body("Why?", thinking={"type": "adaptive"})).content[0]
    assert thought.type == "thinking"
    assert thought.thinking and thought.signature


def test_the_prompt_cache_grows_along_a_conversation(client: anthropic.Anthropic) -> None:
    def text(words: str, ttl: str | None = None) -> dict[str, Any]:
        mark = {"type": "ephemeral", **({"ttl": ttl} if ttl else {})}
        return {"type": "text", "text": words, "cache_control": mark}

    system: Any = [text("You know the sea by heart. " * 300, "1h")]
    turns: list[Any] = [{"role": "user", "content": [text("What is a tide? " * 20)]}]

    def usage() -> Any:
        return client.messages.create(model=MODEL, max_tokens=500, system=system, messages=turns).usage

    first = usage()
    assert first.cache_read_input_tokens == 0
    assert first.cache_creation.ephemeral_1h_input_tokens > 1024
    assert first.cache_creation.ephemeral_5m_input_tokens > 0
    assert usage() == first, "the very same request has the very same answer"
    del turns[0]["content"][0]["cache_control"]
    turns += [{"role": "assistant", "content": "Water."}, {"role": "user", "content": [text("And a wave?")]}]
    second = usage()
    assert second.cache_read_input_tokens == first.cache_creation_input_tokens
    assert 0 < second.cache_creation_input_tokens < 100
    assert second.cache_creation.ephemeral_1h_input_tokens == 0


def test_short_prompts_are_not_cached(client: anthropic.Anthropic) -> None:
    block = {"type": "text", "text": "Short.", "cache_control": {"type": "ephemeral"}}
    usage = client.messages.create(**body("?", system=[block])).usage
    assert usage.cache_creation_input_tokens == usage.cache_read_input_tokens == 0


def test_the_cap_and_stop_sequences_are_honoured(client: anthropic.Anthropic) -> None:
    cut = client.messages.create(**body("Go on.", max_tokens=10))
    assert (cut.stop_reason, cut.usage.output_tokens) == ("max_tokens", 10)
    stopped = client.messages.create(**body("Go on.", stop_sequences=[" the "]))
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", " the ")


def test_structured_output(client: anthropic.Anthropic) -> None:
    form = {"type": "json_schema", "schema": TOOL["input_schema"]}
    message = client.messages.create(**body("Where?", output_config={"format": form}))
    assert message.content[0].type == "text"
    assert message.content[0].text == '{"town":"sample"}'


def test_tokens_are_counted_without_a_run(client: anthropic.Anthropic) -> None:
    counted = client.messages.count_tokens(model=MODEL, messages=ask("How many?"), tools=[TOOL])
    run = client.messages.create(**body("How many?", tools=[TOOL]))
    assert MessageTokensCount.model_validate(counted.model_dump()).input_tokens == run.usage.input_tokens


def test_models(client: anthropic.Anthropic, simulated: SimulatedProvider) -> None:
    names = [model.id for model in client.models.list()]
    assert MODEL in names and all(name.startswith("claude") for name in names)
    raw = simulated.http.get(f"/v1/models/{MODEL}", headers=MESSAGES.credential("sk-simulated")).json()
    assert ModelInfo.model_validate(raw).id == MODEL


def test_refusals(client: anthropic.Anthropic, simulated: SimulatedProvider) -> None:
    with pytest.raises(anthropic.NotFoundError):
        client.messages.create(**body("?", model="claudius"))
    with pytest.raises(anthropic.AuthenticationError):
        client.with_options(api_key="sk-invalid").messages.create(**body("?"))
    with pytest.raises(anthropic.BadRequestError, match="budget_tokens"):
        client.messages.create(**body("?", thinking=THINK, max_tokens=100))

    def refused(sent: dict[str, Any], **headers: str) -> tuple[int, str]:
        answer = simulated.http.post(MESSAGES.path, json=sent, headers=headers)
        return answer.status_code, answer.json()["error"]["type"]

    key, version = {"x-api-key": "sk-simulated"}, {"anthropic-version": "2023-06-01"}
    assert refused(body("?")) == (401, "authentication_error")
    assert refused(body("?"), **key) == (400, "invalid_request_error")
    no_cap = {"model": MODEL, "messages": ask("?")}
    assert refused(no_cap, **key, **version) == (400, "invalid_request_error")
    newest = {"anthropic-version": "2026-10-21"}
    assert refused(body("?", temperature=0.5), **key, **newest) == (400, "invalid_request_error")
    assert simulated.http.post(
        MESSAGES.path, json=body("?", temperature=0.5), headers={**key, **version}
    ).is_success
    assert refused(body("[[sim status=529]]"), **key, **version) == (529, "overloaded_error")
