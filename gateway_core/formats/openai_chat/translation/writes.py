"""A request in the neutral form, written as one for a chat completion."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.neutral.effort import effort_of, nearest
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Choice, Output, Request, ServerTool, Thinking, Tool
from gateway_core.formats.neutral.schema import is_strict
from gateway_core.formats.neutral.values import without_none
from gateway_core.formats.openai_chat.translation.models import efforts, reasons
from gateway_core.formats.openai_chat.translation.output import worded_output
from gateway_core.formats.openai_chat.translation.write_messages import write_messages
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Goal
from gateway_core.model.call import DialectName

MOST_STOPS = 4
LONGEST_USER = 64
_SAMPLING = ("temperature", "top_p", "presence_penalty", "frequency_penalty")


def write_request(request: Request, goal: Goal, notes: Notes) -> bytes:
    """The body. Raises Refusal 400 for files that another provider keeps."""
    same = request.dialect is DialectName.OPENAI_CHAT
    request = worded_output(request, notes)
    body: dict[str, Any] = {"model": goal.model}
    body["messages"] = write_messages(request, goal.model, notes)
    body |= without_none(
        {
            "max_completion_tokens" if reasons(goal.model) else "max_tokens": request.cap,
            "n": request.candidates,
            "seed": request.seed,
            "user": write_user(request, same, notes),
            "verbosity": request.verbosity if reasons(goal.model) or same else None,
            "response_format": _output(request.output, same, notes),
            "reasoning_effort": write_effort(request.thinking, goal.model, notes, same=same),
        }
    )
    if tools := write_tools(request, notes, wrapped=True):
        body["tools"] = tools
        body |= _choice(request)
    body |= _sampling(request, goal.model, same, notes)
    if request.stream:
        body["stream"] = True
        if goal.ask_usage:
            body["stream_options"] = {"include_usage": True}
    return encoded(body | notes.own(request.own, same=same))


def write_user(request: Request, same: bool, notes: Notes) -> str | None:
    """Who asks. OpenAI takes 64 characters; what agents send to Anthropic is longer."""
    if request.user is None or same or len(request.user) <= LONGEST_USER:
        return request.user
    notes.drop("user")
    return None


def write_tools(request: Request, notes: Notes, *, wrapped: bool) -> list[dict[str, Any]]:
    """The tools that the client runs; what another provider runs is dropped. wrapped: as chats have it."""
    same = request.dialect is (DialectName.OPENAI_CHAT if wrapped else DialectName.OPENAI_RESPONSES)
    out: list[dict[str, Any]] = []
    for tool in request.tools:
        if isinstance(tool, ServerTool):
            if same:
                out.append({"type": tool.kind, **tool.value})
            else:
                notes.drop(f"tool {tool.kind}")
            continue
        kind, inner = _tool(
            tool if same else _loosened(tool, notes), notes.own(tool.own, same=same, of="tools")
        )
        if kind == "function" and not wrapped and not same:
            # Responses need both, and take null from a function without parameters.
            inner = {"parameters": None, "strict": False, **inner}
        out.append({"type": kind, kind: inner} if wrapped else {"type": kind, **inner})
    return out


def _loosened(tool: Tool, notes: Notes) -> Tool:
    """A tool that is strict only where OpenAI takes its schema so."""
    if not tool.strict or is_strict(tool.schema):
        return tool
    notes.drop("strict tools")
    return msgspec.structs.replace(tool, strict=False)


def _tool(tool: Tool, own: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    named = {"name": tool.name, "description": tool.description or None}
    if tool.custom:
        return "custom", {**without_none(named), **own}
    more = {"parameters": tool.schema, "strict": tool.strict}
    return "function", {**without_none(named | more), **own}


def _choice(request: Request) -> dict[str, Any]:
    choice = request.choice
    out: dict[str, Any] = {}
    if choice is not None:
        customs = {tool.name for tool in request.functions if tool.custom}
        out["tool_choice"] = _chosen(choice, customs)
    if request.parallel is not None:
        out["parallel_tool_calls"] = request.parallel
    return out


def _chosen(choice: Choice, customs: set[str]) -> Any:
    named = [_named(name, name in customs) for name in choice.names]
    if not named:
        return choice.mode
    if choice.mode == "required" and len(named) == 1:
        return named[0]
    return {"type": "allowed_tools", "allowed_tools": {"mode": choice.mode, "tools": named}}


def _named(name: str, custom: bool) -> dict[str, Any]:
    kind = "custom" if custom else "function"
    return {"type": kind, kind: {"name": name}}


def _output(output: Output | None, same: bool, notes: Notes) -> dict[str, Any] | None:
    if output is None:
        return None
    if output.schema is None:
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": json_schema(output, same=same, notes=notes)}


def json_schema(output: Output, *, same: bool, notes: Notes) -> dict[str, Any]:
    """A schema with its name. Strict only where it is written as OpenAI wants it for that."""
    strict = output.strict if same else is_strict(output.schema)
    if not same and not strict:
        notes.drop("strict schema")
    inner = {"name": output.name or "answer", "schema": dict(output.schema or {}), "strict": strict}
    return without_none(inner) | notes.own(output.own, same=same, of="output")


def write_effort(thinking: Thinking | None, model: str, notes: Notes, *, same: bool) -> str | None:
    """The effort in a word that the model knows; a model that is not known to think gets none."""
    effort = effort_of(thinking) if thinking is not None else None
    if thinking is not None:
        notes.own(thinking.own, same=same, of="thinking")
    if thinking is None or effort is None or same:
        return effort
    known = efforts(model)
    if not known:
        if effort != "none":
            notes.drop("thinking")
        return None
    return nearest(thinking, effort, known, notes)


def _sampling(request: Request, model: str, same: bool, notes: Notes) -> dict[str, Any]:
    """Sampling parameters and stop sequences, which reasoning models refuse."""
    found: dict[str, Any] = without_none({name: getattr(request, name) for name in _SAMPLING})
    if request.stops:
        found["stop"] = list(request.stops[:MOST_STOPS])
        if len(request.stops) > MOST_STOPS:
            notes.drop(f"stop sequences after the first {MOST_STOPS}")
    if request.top_k is not None:
        # Not OpenAI's own; servers that run open models take it.
        found["top_k"] = request.top_k
    if same:
        return found
    refused = list(found) if reasons(model) else [name for name in ("top_k",) if name in found]
    for name in refused:
        notes.drop(name)
    return {name: value for name, value in found.items() if name not in refused}
