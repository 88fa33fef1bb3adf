"""Gemini requests: generateContent, streamGenerateContent and countTokens. https://ai.google.dev/api."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Any
from urllib.parse import parse_qs

from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.simulated import models
from gateway_core.simulated.answer import Answer
from gateway_core.simulated.knobs import Knobs
from gateway_core.simulated.options import Options
from gateway_core.simulated.prompt import Piece, Prompt, Thinking, Tool, message_piece, tool_piece
from gateway_core.simulated.spelling import field
from gateway_core.simulated.strict import gemini
from gateway_core.simulated.wire.base import Call, Event, Headers, ParamRefusal, encode, must_be, text_of
from gateway_core.simulated.wire.gemini_answers import events, response
from gateway_core.simulated.wire.gemini_face import GeminiFace, gemini_key, refuse_unknown_model

_LEVELS = {"MINIMAL": 0.1, "LOW": 0.4, "MEDIUM": 1.0, "HIGH": 2.0, "XHIGH": 4.0}


class GenerateContent:
    """POST /v1beta/models/{model}:generateContent and :streamGenerateContent, also under /v1."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def key(self, call: Call) -> str:
        return gemini_key(call)

    def read(self, call: Call) -> Prompt:
        return read_prompt(call, call.json, self._options)

    def whole(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> bytes:
        return encode(response(prompt, answer, knobs))

    def stream(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> Iterator[Event]:
        return events(prompt, answer, knobs)

    def stream_type(self, prompt: Prompt) -> bytes:
        return b"application/json; charset=UTF-8" if prompt.as_array else b"text/event-stream"

    def stream_error(self, prompt: Prompt) -> bytes:
        body, _ = GeminiFace().refusal(Refusal(503, "unavailable", "The model is overloaded."))
        return b",\r\n" + body + b"]" if prompt.as_array else b"data: " + body + b"\r\n\r\n"

    def headers(self, prompt: Prompt, answer: Answer) -> Headers:
        tier = (prompt.tier or "standard").encode()
        return [(b"x-gemini-service-tier", tier), (b"server-timing", b"gfet4t7; dur=1")]


def read_prompt(call: Call, body: dict[str, Any], options: Options) -> Prompt:
    """The prompt of a generating or counting request. Raises Refusal for an unknown model or no contents."""
    refuse_unknown_model(Operation.GENERATE, call.model, options)
    contents = must_be(body, "contents", list)
    if not contents or not all(isinstance(content, dict) for content in contents):
        raise ParamRefusal(
            "invalid_request", "* GenerateContentRequest.contents: contents is not specified", ""
        )
    gemini.check(body, call.model)
    config = field(body, "generationConfig") or {}
    last = _last_parts(contents)
    thinking, effort = _thinking(call.model, field(config, "thinkingConfig") or {})
    return Prompt(
        dialect=DialectName.GEMINI,
        model=call.model,
        body=body,
        pieces=_pieces(body, contents),
        last_text=text_of(last),
        after_tool=any(field(part, "functionResponse") for part in last),
        stream=call.verb == "streamGenerateContent",
        as_array="sse" not in parse_qs(call.query).get("alt", ()),
        cap=field(config, "maxOutputTokens"),
        stops=tuple(str(stop) for stop in field(config, "stopSequences") or ()),
        choices=int(field(config, "candidateCount") or 1),
        tools=tuple(_tools(body)),
        tool_choice=_tool_choice(field(field(body, "toolConfig"), "functionCallingConfig") or {}),
        schema=_schema(config),
        thinking=thinking,
        effort=effort,
        tier=field(body, "serviceTier"),
    )


def _thinking(model: str, config: dict[str, Any]) -> tuple[Thinking, float]:
    if not models.thinks(model) or field(config, "thinkingBudget") == 0:
        return Thinking.OFF, 0.0
    shown = Thinking.SHOWN if field(config, "includeThoughts") else Thinking.HIDDEN
    return shown, _LEVELS.get(str(field(config, "thinkingLevel")).upper(), 1.0)


def _pieces(body: dict[str, Any], contents: list[Any]) -> tuple[Piece, ...]:
    tools = [tool_piece(tool) for tool in body.get("tools") or ()]
    system = field(body, "systemInstruction")
    opening = [message_piece(system, system.get("parts"))] if isinstance(system, dict) else []
    return (*tools, *opening, *(message_piece(content, content.get("parts")) for content in contents))


def _last_parts(contents: list[Any]) -> list[Any]:
    """The parts of all that was said since the model spoke last: Gemini reads these as one turn."""
    since = takewhile(lambda content: content.get("role", "user") == "user", reversed(contents))
    return [part for content in reversed(list(since)) for part in content.get("parts") or ()]


def _tools(body: dict[str, Any]) -> Iterator[Tool]:
    for tool in body.get("tools") or ():
        for declared in field(tool, "functionDeclarations") or ():
            schema = field(declared, "parametersJsonSchema") or declared.get("parameters") or {}
            yield Tool(str(declared.get("name")), schema)


def _tool_choice(config: dict[str, Any]) -> str:
    mode = str(config.get("mode", "AUTO")).upper()
    allowed = field(config, "allowedFunctionNames") or ()
    if mode == "ANY" and allowed:
        return str(allowed[0])
    return {"ANY": "required", "NONE": "none"}.get(mode, "auto")


def _schema(config: dict[str, Any]) -> Any:
    schema = field(config, "responseJsonSchema") or field(config, "responseSchema")
    if schema is not None:
        return schema
    return {"type": "object"} if field(config, "responseMimeType") == "application/json" else None


def count_tokens(call: Call, options: Options) -> bytes:
    """POST …:countTokens, of contents or of a whole request."""
    body = field(call.json, "generateContentRequest") or call.json
    total = read_prompt(call, body, options).input_tokens
    return encode({"totalTokens": total, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": total}]})
