"""A request for content, read into the neutral form."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.gemini.translation.openapi import json_schema
from gateway_core.formats.gemini.translation.read_contents import read_contents, system_message
from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.reading import Fields
from gateway_core.formats.neutral.request import Choice, Output, Request, ServerTool, Thinking, Tool
from gateway_core.model.call import Ask, DialectName

_JSON = "application/json"


def read_request(body: bytes, ask: Ask) -> Request:
    """The call. Raises Refusal 400."""
    found = Fields(msgspec.json.decode(body), "", camel=True)
    found = found.inner("generateContentRequest") or found
    found.take("model")
    if "cachedContent" in found:
        raise invalid(
            "'cachedContent' names a part of the conversation that Google keeps; send it whole",
            code="untranslatable",
        )
    config = found.inner("generationConfig") or Fields({}, "generationConfig")
    request = Request(
        dialect=DialectName.GEMINI,
        model=ask.model,
        messages=(*system_message(found.inner("systemInstruction")), *read_contents(found.each("contents"))),
        tools=tuple(tool for each in found.each("tools") for tool in _tools(each)),
        choice=_choice(found.inner("toolConfig")),
        output=_output(config),
        thinking=_thinking(config.inner("thinkingConfig")),
        cap=config.whole("maxOutputTokens"),
        stops=config.texts("stopSequences"),
        temperature=config.number("temperature"),
        top_p=config.number("topP"),
        top_k=config.whole("topK"),
        seed=config.whole("seed"),
        presence_penalty=config.number("presencePenalty"),
        frequency_penalty=config.number("frequencyPenalty"),
        candidates=config.whole("candidateCount"),
        stream=ask.stream,
    )
    own = {**found.rest(), **({"generationConfig": rest} if (rest := config.rest()) else {})}
    return msgspec.structs.replace(request, own=own)


def read_output(body: bytes) -> Output | None:
    """The form that the answer has to have. Raises Refusal 400."""
    config = Fields(msgspec.json.decode(body), "", camel=True).inner("generationConfig")
    return _output(config) if config else None


def _tools(tool: Fields) -> list[Tool | ServerTool]:
    out: list[Tool | ServerTool] = [_function(each) for each in tool.each("functionDeclarations")]
    return [*out, *(ServerTool(key, {key: value}) for key, value in tool.rest().items())]


def _function(declared: Fields) -> Tool:
    schema = declared.mapping("parametersJsonSchema")
    if schema is None and (parameters := declared.mapping("parameters")) is not None:
        schema = json_schema(parameters)
    return Tool(declared.need("name"), declared.text("description") or "", schema=schema, own=declared.rest())


def _choice(config: Fields | None) -> Choice | None:
    calling = config.inner("functionCallingConfig") if config else None
    mode = (calling.text("mode") or "AUTO").upper() if calling else None
    if calling is None or mode in (None, "MODE_UNSPECIFIED"):
        return None
    names = calling.texts("allowedFunctionNames")
    if mode == "NONE":
        return Choice("none")
    if mode not in ("AUTO", "ANY", "VALIDATED"):
        calling.unknown("function calling mode", mode)
    return Choice("required" if mode == "ANY" else "auto", names)


def _output(config: Fields) -> Output | None:
    mime = config.text("responseMimeType")
    if mime not in (None, _JSON, "text/plain"):
        config.unknown("response type", mime)
    schema: dict[str, Any] | None = config.mapping("responseJsonSchema")
    if schema is None and (own := config.mapping("responseSchema")) is not None:
        schema = json_schema(own)
    if schema is not None:
        return Output(schema)
    return Output() if mime == _JSON else None


def _thinking(config: Fields | None) -> Thinking | None:
    if config is None:
        return None
    budget, level = config.whole("thinkingBudget"), config.text("thinkingLevel")
    effort = level.lower() if level and level != "THINKING_LEVEL_UNSPECIFIED" else None
    shown = config.flag("includeThoughts")
    on = None if budget is None and effort is None else budget != 0
    return Thinking(on, effort, budget, shown, config.rest())
