"""A request for a message, read into the neutral form."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.anthropic.translation.read_blocks import content_parts
from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.reading import Fields
from gateway_core.formats.neutral.request import (
    Choice,
    Message,
    Output,
    Request,
    ServerTool,
    Thinking,
    Tool,
)
from gateway_core.model.call import Ask, DialectName
from gateway_core.model.errors import Refusal

THREADS = "thread_unsupported_request"
"""Anthropic's own code: its SDKs go on without a thread when they read it."""


def read_request(body: bytes, ask: Ask) -> Request:
    """The call. Raises Refusal 400."""
    found = Fields(msgspec.json.decode(body), "")
    found.take("stream")
    if found.inner("thread") is not None:
        raise Refusal(
            400,
            THREADS,
            "a message thread is kept by Anthropic, and another provider serves this call; send the whole "
            "conversation without 'thread'",
        )
    config = found.inner("output_config") or Fields({}, "output_config")
    format = _format(found, config)
    effort = config.text("effort")
    choice, parallel = _choice(found.inner("tool_choice"))
    request = Request(
        dialect=DialectName.ANTHROPIC,
        model=found.text("model") or "",
        messages=_messages(found),
        tools=tuple(_tool(tool) for tool in found.each("tools")),
        choice=choice,
        parallel=parallel,
        output=_output(format),
        thinking=_thinking(found.inner("thinking"), effort),
        cap=found.whole("max_tokens"),
        stops=found.texts("stop_sequences"),
        temperature=found.number("temperature"),
        top_p=found.number("top_p"),
        top_k=found.whole("top_k"),
        user=_user(found.inner("metadata")),
        stream=ask.stream,
    )
    own = {**found.rest(), **({"output_config": rest} if (rest := config.rest()) else {})}
    return msgspec.structs.replace(request, own=own)


def read_output(body: bytes) -> Output | None:
    """The form that the answer has to have. Raises Refusal 400."""
    found = Fields(msgspec.json.decode(body), "")
    return _output(_format(found, found.inner("output_config")))


def _format(found: Fields, config: Fields | None) -> Fields | None:
    """The format of the output, also where it stood at first."""
    return (config.inner("format") if config else None) or found.inner("output_format")


def _messages(found: Fields) -> tuple[Message, ...]:
    system = content_parts(found, "system")
    opening = [Message("system", tuple(system))] if system else []
    return (*opening, *(_message(message) for message in found.each("messages")))


def _message(message: Fields) -> Message:
    role = message.need("role")
    if role not in ("user", "assistant", "system"):
        message.unknown("role", role)
    parts = content_parts(message, "content")
    return Message(role, tuple(parts), message.rest())  # type: ignore[arg-type]


def _tool(tool: Fields) -> Tool | ServerTool:
    kind = tool.text("type")
    if kind not in (None, "custom"):
        return ServerTool(kind, tool.rest())
    return Tool(
        name=tool.need("name"),
        description=tool.text("description") or "",
        schema=tool.mapping("input_schema"),
        strict=tool.flag("strict"),
        own=tool.rest(),
    )


def _choice(choice: Fields | None) -> tuple[Choice | None, bool | None]:
    """The choice, and whether calls may come together."""
    if choice is None:
        return None, None
    alone = choice.flag("disable_parallel_tool_use")
    parallel = None if alone is None else not alone
    match kind := choice.text("type"):
        case "auto" | "none":
            return Choice(kind), parallel
        case "any":
            return Choice("required"), parallel
        case "tool":
            return Choice("required", (choice.need("name"),)), parallel
    choice.unknown("tool choice", kind)


def _output(format: Fields | None) -> Output | None:
    if format is None:
        return None
    if (kind := format.text("type")) != "json_schema":
        format.unknown("output format", kind)
    schema = format.mapping("schema")
    if schema is None:
        raise invalid(f"{format.where} has no 'schema'")
    return Output(schema, strict=True, own=format.rest())


def _thinking(thinking: Fields | None, effort: str | None) -> Thinking | None:
    if thinking is None:
        return Thinking(effort=effort) if effort is not None else None
    kind = thinking.text("type")
    shown = _shown(thinking.text("display"))
    budget = thinking.whole("budget_tokens")
    if kind == "disabled":
        return Thinking(on=False, effort=effort, own=thinking.rest())
    if kind not in ("enabled", "adaptive"):
        thinking.unknown("thinking", kind)
    return Thinking(on=True, effort=effort, budget=budget, shown=shown, own=thinking.rest())


def _shown(display: str | None) -> bool | None:
    return None if display is None else display != "omitted"


def _user(metadata: Fields | None) -> str | None:
    value: Any = metadata.take("user_id") if metadata else None
    return value if isinstance(value, str) else None
