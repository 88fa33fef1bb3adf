"""Answers held against the types in the providers' own SDKs: nothing missing, nothing of another type, and
nothing that the type does not know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import anthropic.types as anthropic
import openai.types as openai
import openai.types.chat as openai_chat
import openai.types.responses as openai_responses
from google.genai import types as genai
from pydantic import BaseModel, TypeAdapter

Json = dict[str, Any]

_WHOLE: dict[tuple[str, str], Any] = {
    ("openai", "generate"): openai_chat.ChatCompletion,
    ("openai", "embed"): openai.CreateEmbeddingResponse,
    ("responses", "generate"): openai_responses.Response,
    ("anthropic", "generate"): anthropic.Message,
    ("anthropic", "count"): anthropic.MessageTokensCount,
    ("gemini", "generate"): genai.GenerateContentResponse,
    ("gemini", "count"): genai.CountTokensResponse,
    ("gemini", "embed"): genai.EmbedContentResponse,
}
_EVENTS: dict[str, Any] = {
    "openai": TypeAdapter(openai_chat.ChatCompletionChunk),
    "responses": TypeAdapter(openai_responses.ResponseStreamEvent),
    "anthropic": TypeAdapter(anthropic.RawMessageStreamEvent),
    "gemini": TypeAdapter(genai.GenerateContentResponse),
}
PING = {"type": "ping"}
"""Anthropic's, which its SDK passes over before it looks at types."""
_BEYOND = {
    # What the real APIs send beside what the types of these versions know.
    "ChatCompletionMessage.reasoning_content",
    "ChoiceDelta.reasoning_content",
    "Response.store",
    "ResponseFunctionCallArgumentsDoneEvent.name",
}


def whole(format: str, operation: str, body: Json) -> list[str]:
    """What is wrong with a whole answer, in words; nothing where all fits."""
    if (format, operation) == ("gemini", "count"):
        # Google's REST reference has it, its SDK's type of these versions has not.
        body = {name: value for name, value in body.items() if name != "promptTokensDetails"}
    return _wrong(TypeAdapter(_WHOLE[format, operation]), body)


def events(format: str, stream: list[Json]) -> list[str]:
    """What is wrong with the events of a stream."""
    return [wrong for event in stream if event != PING for wrong in _wrong(_EVENTS[format], event)]


def _wrong(adapter: TypeAdapter[Any], raw: Json) -> list[str]:
    try:
        # As JSON: so an enum's word and a date's text are what they are on the wire.
        found = adapter.validate_json(json.dumps(raw), strict=False)
    except ValueError as error:
        return [f"{error} in {json.dumps(raw)[:500]}"]
    return [
        f"{name} is unknown, in {json.dumps(raw)[:300]}" for name in _extras(found) if name not in _BEYOND
    ]


def _extras(value: object) -> Iterator[str]:
    """The fields that a type did not know, all the way down."""
    if isinstance(value, BaseModel):
        for name in value.model_extra or {}:
            yield f"{type(value).__name__}.{name}"
        for name in type(value).model_fields:
            yield from _extras(getattr(value, name))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _extras(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _extras(each)
