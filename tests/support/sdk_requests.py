"""Requests held against the types in the providers' own SDKs: no field that they do not know, none that they
need missing, none of another type."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from anthropic.types.message_create_params import MessageCreateParams
from google.genai import types as genai
from openai.types.chat.completion_create_params import CompletionCreateParams
from openai.types.responses.response_create_params import ResponseCreateParams
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gateway_core.model.call import DialectName

Json = dict[str, Any]


class _Content(BaseModel, extra="forbid"):
    """A request for content as it is on the wire: Google's SDK has types for its parts alone."""

    contents: list[genai.Content]
    system_instruction: genai.Content | None = Field(None, alias="systemInstruction")
    tools: list[genai.Tool] | None = None
    tool_config: genai.ToolConfig | None = Field(None, alias="toolConfig")
    safety_settings: list[genai.SafetySetting] | None = Field(None, alias="safetySettings")
    generation_config: genai.GenerationConfig | None = Field(None, alias="generationConfig")


_TYPES: dict[DialectName, Any] = {
    DialectName.OPENAI_CHAT: CompletionCreateParams,
    DialectName.OPENAI_RESPONSES: ResponseCreateParams,
    DialectName.ANTHROPIC: MessageCreateParams,
    DialectName.GEMINI: _Content,
}
_BEYOND: dict[DialectName, frozenset[str]] = {
    # The types are those of version 2026-10-21; ours is 2023-06-01, which still has them.
    DialectName.ANTHROPIC: frozenset({"temperature", "top_p", "top_k"}),
}


@cache
def _adapter(dialect: DialectName) -> TypeAdapter[Any]:
    kind = _TYPES[dialect]
    return TypeAdapter(kind, config=None if kind is _Content else ConfigDict(extra="forbid"))


def wrongs(dialect: DialectName, body: Json) -> list[str]:
    """What is wrong with a request, in words; nothing where all fits."""
    known = {key: value for key, value in body.items() if key not in _BEYOND.get(dialect, ())}
    try:
        return list(_extras(_adapter(dialect).validate_python(known)))
    except ValidationError as error:
        return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]


def _extras(value: object) -> Iterator[str]:
    """The fields that no type knew, all the way down. The SDKs' types hold lists as iterables, which are
    looked at only as they are read; raises ValidationError then."""
    if isinstance(value, BaseModel):
        yield from (f"{type(value).__name__}.{name} is unknown" for name in value.model_extra or {})
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, dict):
        value = value.values()
    elif isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
        return
    for each in value:
        yield from _extras(each)
