"""A request for a chat completion, read into the neutral form."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.reading import Fields
from gateway_core.formats.neutral.request import Choice, Output, Request, ServerTool, Thinking, Tool
from gateway_core.formats.openai_chat.translation.read_messages import read_messages
from gateway_core.model.call import Ask, DialectName

_OF_THE_STREAM = ("stream", "stream_options")
_LEGACY = ("functions", "function_call")


def read_request(body: bytes, ask: Ask) -> Request:
    """The call. Raises Refusal 400."""
    found = Fields(msgspec.json.decode(body), "")
    for key in _LEGACY:
        if key in found:
            raise invalid(f"{key!r} is the older way to offer tools; send 'tools'", code="untranslatable")
    for key in _OF_THE_STREAM:
        found.take(key)
    cap, older = found.whole("max_completion_tokens"), found.whole("max_tokens")
    return Request(
        dialect=DialectName.OPENAI_CHAT,
        model=found.text("model") or "",
        messages=read_messages(found.each("messages")),
        tools=read_tools(found),
        choice=read_choice(found.take("tool_choice")),
        parallel=found.flag("parallel_tool_calls"),
        output=_output(found.inner("response_format")),
        thinking=_thinking(found.text("reasoning_effort")),
        cap=older if cap is None else cap,
        stops=found.texts("stop"),
        temperature=found.number("temperature"),
        top_p=found.number("top_p"),
        top_k=found.whole("top_k"),
        seed=found.whole("seed"),
        presence_penalty=found.number("presence_penalty"),
        frequency_penalty=found.number("frequency_penalty"),
        candidates=found.whole("n"),
        verbosity=found.text("verbosity"),
        user=found.text("user"),
        stream=ask.stream,
        own=found.rest(),
    )


def read_output(body: bytes) -> Output | None:
    """The form that the answer has to have. Raises Refusal 400."""
    return _output(Fields(msgspec.json.decode(body), "").inner("response_format"))


def read_tools(found: Fields) -> tuple[Tool | ServerTool, ...]:
    """The tools that are offered."""
    return tuple(_tool(tool) for tool in found.each("tools"))


def _tool(tool: Fields) -> Tool | ServerTool:
    kind = tool.text("type") or "function"
    if kind == "function" and (function := tool.inner("function")):
        return Tool(
            name=function.need("name"),
            description=function.text("description") or "",
            schema=function.mapping("parameters"),
            strict=function.flag("strict"),
            own=function.rest(),
        )
    if kind == "custom" and (custom := tool.inner("custom")):
        return Tool(custom.need("name"), custom.text("description") or "", custom=True, own=custom.rest())
    return ServerTool(kind, tool.rest())


def read_choice(choice: Any) -> Choice | None:
    """The choice of tools: a word, one tool by name, or some of them."""
    if choice is None:
        return None
    if choice in ("auto", "none", "required"):
        return Choice(choice)
    found = Fields(choice, "tool_choice")
    kind = found.text("type")
    if kind in ("function", "custom"):
        inner = found.inner(kind) or found
        return Choice("required", (inner.need("name"),))
    if kind == "allowed_tools":
        return _allowed(found.inner("allowed_tools") or found)
    found.unknown("tool choice", kind)


def _allowed(allowed: Fields) -> Choice:
    mode = allowed.text("mode")
    tools = allowed.each("tools")
    names = tuple((tool.inner("function") or tool.inner("custom") or tool).need("name") for tool in tools)
    return Choice("required" if mode == "required" else "auto", names)


def _output(wanted: Fields | None) -> Output | None:
    kind = wanted.text("type") if wanted else None
    if wanted is None or kind in (None, "text"):
        return None
    if kind == "json_object":
        return Output()
    if kind != "json_schema":
        wanted.unknown("response_format", kind)
    schema = wanted.inner("json_schema")
    if schema is None:
        raise invalid("response_format has no 'json_schema'")
    return Output(
        schema=schema.mapping("schema") or {},
        name=schema.text("name") or "",
        strict=schema.flag("strict"),
        own=schema.rest(),
    )


def _thinking(effort: str | None) -> Thinking | None:
    if effort is None:
        return None
    return Thinking(on=False) if effort == "none" else Thinking(on=True, effort=effort)
