"""A request for a response, read into the neutral form."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.reading import Fields
from gateway_core.formats.neutral.request import (
    Choice,
    Message,
    Output,
    Request,
    ServerTool,
    Text,
    Thinking,
    Tool,
)
from gateway_core.formats.openai_chat.translation.reads import read_choice
from gateway_core.formats.openai_responses.translation.read_items import read_items
from gateway_core.model.call import Ask, DialectName

_ELSEWHERE = ("previous_response_id", "conversation", "prompt")
"""Fields by which a part of the input is kept by the provider."""
_SILENT = ("stream_options", "include", "store", "client_metadata", "truncation")
"""What means nothing to another provider, and changes no answer."""


def read_request(body: bytes, ask: Ask) -> Request:
    """The call. Raises Refusal 400."""
    found = Fields(msgspec.json.decode(body), "")
    for key in _ELSEWHERE:
        if key in found:
            raise invalid(
                f"{key!r} names what one provider keeps; send the whole input", code="untranslatable"
            )
    if found.flag("background"):
        raise invalid("'background' answers are kept by one provider; ask without it", code="untranslatable")
    found.take("stream")
    kept = {key: value for key in _SILENT if (value := found.take(key)) is not None}
    text = found.inner("text") or Fields({}, "text")
    instructions = found.text("instructions")
    opening = [Message("system", (Text(instructions),))] if instructions else []
    request = Request(
        dialect=DialectName.OPENAI_RESPONSES,
        model=found.text("model") or "",
        messages=(*opening, *read_items(found.take("input"))),
        tools=tuple(tool for each in found.each("tools") for tool in _tools(each)),
        choice=_choice(found.take("tool_choice")),
        parallel=found.flag("parallel_tool_calls"),
        output=_output(text.inner("format")),
        thinking=_thinking(found.inner("reasoning")),
        cap=found.whole("max_output_tokens"),
        temperature=found.number("temperature"),
        top_p=found.number("top_p"),
        verbosity=text.text("verbosity"),
        user=found.text("user"),
        stream=ask.stream,
    )
    own = {**found.rest(), **({"text": rest} if (rest := text.rest()) else {})}
    return msgspec.structs.replace(request, own=own, silent=kept)


def read_output(body: bytes) -> Output | None:
    """The form that the answer has to have. Raises Refusal 400."""
    text = Fields(msgspec.json.decode(body), "").inner("text")
    return _output(text.inner("format")) if text else None


def _tools(tool: Fields, group: str = "") -> list[Tool | ServerTool]:
    match kind := tool.text("type"):
        case "function":
            function = Tool(
                name=tool.need("name"),
                description=tool.text("description") or "",
                schema=tool.mapping("parameters"),
                strict=tool.flag("strict"),
                group=group,
            )
            return [msgspec.structs.replace(function, own=tool.rest())]
        case "custom":
            name, description = tool.need("name"), tool.text("description") or ""
            return [Tool(name, description, custom=True, group=group, own=tool.rest())]
        case "namespace" if not group:
            name = tool.need("name")
            return [inner for each in tool.each("tools") for inner in _tools(each, name)]
    return [ServerTool(str(kind), tool.rest())]


def _choice(choice: Any) -> Choice | None:
    return read_choice(choice)


def _output(format: Fields | None) -> Output | None:
    kind = format.text("type") if format else None
    if format is None or kind in (None, "text"):
        return None
    if kind == "json_object":
        return Output()
    if kind != "json_schema":
        format.unknown("text format", kind)
    schema, name, strict = format.mapping("schema") or {}, format.text("name") or "", format.flag("strict")
    return Output(schema, name, strict, own=format.rest())


def _thinking(reasoning: Fields | None) -> Thinking | None:
    if reasoning is None:
        return None
    effort, summary = reasoning.text("effort"), reasoning.text("summary")
    shown = None if summary is None else summary != "none"
    own = {**reasoning.rest(), **({"summary": summary} if summary else {})}
    if effort == "none":
        return Thinking(on=False, shown=shown, own=own)
    return Thinking(on=True if effort else None, effort=effort, shown=shown or False, own=own)
