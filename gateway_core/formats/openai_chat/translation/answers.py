"""A whole chat completion, read into the neutral form and written out of it."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.neutral.answer import Answer, Candidate, Finish, Said
from gateway_core.formats.neutral.request import Text, Thought, ToolCall
from gateway_core.formats.neutral.values import instant, text_of
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Reply
from gateway_core.formats.usage_numbers import word
from gateway_core.model.usage import Usage

FINISHES = {
    "stop": Finish.STOP,
    "length": Finish.LENGTH,
    "tool_calls": Finish.TOOLS,
    "function_call": Finish.TOOLS,
    "content_filter": Finish.FILTERED,
    # Mistral's, DeepSeek's and OpenRouter's: the answer stopped before its end.
    "model_length": Finish.LENGTH,
    "insufficient_system_resource": Finish.LENGTH,
    "error": Finish.LENGTH,
}
WORDS = {
    Finish.STOP: "stop",
    Finish.STOP_SEQUENCE: "stop",
    Finish.LENGTH: "length",
    Finish.TOOLS: "tool_calls",
    Finish.FILTERED: "content_filter",
}


class Named(msgspec.Struct):
    """A function or a custom tool with what it is called with; in a stream a piece of both."""

    name: str | None = None
    arguments: str | None = None
    input: str | None = None


class Call(msgspec.Struct):
    """A call of a tool, or a piece of one."""

    index: int | None = None
    id: str | None = None
    type: str | None = None
    function: Named | None = None
    custom: Named | None = None

    @property
    def inner(self) -> Named:
        return self.function or self.custom or Named()


class Message(msgspec.Struct):
    """What a choice says, or a piece of it."""

    content: Any = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    tool_calls: list[Call] | None = None


class Choice(msgspec.Struct):
    """One of the answers, or a piece of it."""

    index: int = 0
    message: Message | None = None
    delta: Message | None = None
    finish_reason: str | None = None


class Completion(msgspec.Struct):
    """A chat completion, or a chunk of one."""

    choices: list[Choice] | None = None
    id: Any = None
    model: Any = None
    created: Any = None
    error: Any = None

    @property
    def head(self) -> tuple[str, str, int]:
        """Id, model and epoch seconds, as far as they are stated."""
        return word(self.id) or "", word(self.model) or "", instant(self.created)


COMPLETION = msgspec.json.Decoder(Completion)


def read_answer(body: bytes, reply: Reply) -> Answer:
    """The answer. Raises ValueError."""
    found = COMPLETION.decode(body)
    if found.choices is None:
        raise ValueError("no choices")
    id, model, created = found.head
    return Answer(id, model, tuple(_candidate(choice) for choice in found.choices), created)


def _candidate(choice: Choice) -> Candidate:
    parts = tuple(_parts(choice.message)) if choice.message else ()
    return Candidate(parts, FINISHES.get(choice.finish_reason or "stop", Finish.STOP))


def _parts(message: Message) -> list[Said]:
    parts: list[Said] = []
    if thought := message.reasoning_content or message.reasoning:
        parts.append(Thought(thought))
    if text := words_of(message.content):
        parts.append(Text(text))
    if message.refusal:
        parts.append(Text(message.refusal, refusal=True))
    for at, call in enumerate(message.tool_calls or ()):
        inner = call.inner
        said = inner.input if call.custom else inner.arguments
        parts.append(ToolCall(call.id or f"call_{at}", inner.name or "", said or "", bool(call.custom)))
    return parts


def words_of(content: Any) -> str:
    """The text in `content`, which some servers send as a list of parts."""
    if isinstance(content, list):
        texts = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(text for text in texts if isinstance(text, str))
    return content if isinstance(content, str) else ""


def write_answer(answer: Answer, reply: Reply) -> bytes:
    """The body."""
    body: dict[str, Any] = {
        "id": answer.id or f"chatcmpl-{reply.call_id}",
        "object": "chat.completion",
        "created": answer.created or reply.created,
        "model": answer.model,
        "choices": [_choice(candidate, at) for at, candidate in enumerate(answer.candidates)],
    }
    if reply.usage is not None:
        body["usage"] = write_usage(reply.usage)
    return encoded(body)


def _choice(candidate: Candidate, at: int) -> dict[str, Any]:
    said = [part for part in candidate.parts if isinstance(part, Text) and not part.refusal]
    refusals = [part for part in candidate.parts if isinstance(part, Text) and part.refusal]
    calls = [write_call(part) for part in candidate.parts if isinstance(part, ToolCall)]
    thoughts = "".join(part.text for part in candidate.parts if isinstance(part, Thought))
    message: dict[str, Any] = {
        "role": "assistant",
        "content": text_of(said) if said or not calls else None,
        "refusal": text_of(refusals) or None,
    }
    if thoughts:
        message["reasoning_content"] = thoughts
    if calls:
        message["tool_calls"] = calls
    return {"index": at, "message": message, "logprobs": None, "finish_reason": WORDS[candidate.finish]}


def write_call(call: ToolCall) -> dict[str, Any]:
    """A call in an answer."""
    if call.custom:
        return {"id": call.id, "type": "custom", "custom": {"name": call.name, "input": call.arguments}}
    function = {"name": call.name, "arguments": call.arguments or "{}"}
    return {"id": call.id, "type": "function", "function": function}


def write_usage(usage: Usage) -> dict[str, Any]:
    """The counts in OpenAI's words: cached and written tokens are slices of the prompt."""
    given = {"cached_tokens": usage.cached_input, "audio_tokens": usage.audio_input}
    if written := usage.cache_write + usage.cache_write_1h:
        given["cache_write_tokens"] = written
    return {
        "prompt_tokens": usage.total_input,
        "completion_tokens": usage.output,
        "total_tokens": usage.total,
        "prompt_tokens_details": given,
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning,
            "audio_tokens": usage.audio_output,
        },
    }
