"""A request in the neutral form, written as one for a message, in API version 2023-06-01."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway_core.formats.anthropic.translation.models import USUAL_CAP, refuses_sampling
from gateway_core.formats.anthropic.translation.thinking import write_thinking
from gateway_core.formats.anthropic.translation.write_blocks import write_messages
from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Choice, Request, ServerTool, Tool
from gateway_core.formats.neutral.schema import narrowed
from gateway_core.formats.neutral.values import without_none
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Goal
from gateway_core.model.call import DialectName

SCHEMA_WORDS = frozenset(
    {
        "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "allOf",
        "$ref", "$defs", "definitions", "description", "title", "default", "format", "minItems",
    }
)  # fmt: skip
"""What a schema for structured output may hold (platform.claude.com, structured outputs)."""
_LOST = ("seed", "presence_penalty", "frequency_penalty", "verbosity")


def write_request(request: Request, goal: Goal, notes: Notes) -> bytes:
    """The body. Raises Refusal 400 for several candidates, for recordings, for files kept elsewhere."""
    same = request.dialect is DialectName.ANTHROPIC
    if (request.candidates or 1) > 1:
        raise invalid(
            f"{request.candidates} answers were asked for; {goal.model} gives one a call",
            code="untranslatable",
        )
    for name in _LOST:
        notes.drop_if(name, getattr(request, name))
    cap = request.cap or goal.most_output or USUAL_CAP
    body: dict[str, Any] = {"model": goal.model, "max_tokens": cap}
    body |= write_messages(request, notes)
    if tools := list(_tools(request.tools, same, notes)):
        body["tools"] = tools
        if choice := _choice(request):
            body["tool_choice"] = choice
    body |= write_thinking(request, goal.model, cap, notes)
    body |= _sampling(request, goal.model, "thinking" in body, notes)
    if stops := [stop for stop in request.stops if stop.strip() or same]:
        body["stop_sequences"] = stops
    if len(stops) < len(request.stops):
        notes.drop("stop sequences of white space")
    if request.user is not None:
        body["metadata"] = {"user_id": request.user}
    if format := _output(request, notes):
        body["output_config"] = {**body.get("output_config", {}), "format": format}
    if request.stream:
        body["stream"] = True
    own = notes.own(request.own, same=same)
    if "output_config" in own:
        own["output_config"] = {**body.get("output_config", {}), **own["output_config"]}
    return encoded(body | own)


def _tools(tools: Iterable[Tool | ServerTool], same: bool, notes: Notes) -> Iterable[dict[str, Any]]:
    for tool in tools:
        if isinstance(tool, ServerTool):
            if same:
                yield {"type": tool.kind, **tool.value}
            else:
                notes.drop(f"tool {tool.kind}")
            continue
        if tool.strict and not same:
            notes.drop("strict tools")
        fields = {
            "name": tool.name,
            "description": tool.description or None,
            "input_schema": _input_schema(tool),
            "strict": tool.strict if same else None,
        }
        yield without_none(fields) | notes.own(tool.own, same=same, of="tools")


def _input_schema(tool: Tool) -> dict[str, Any]:
    schema = dict(tool.schema or {})
    return (
        schema
        if "type" in schema
        else {"type": "object", **({"properties": {}} if not schema else {}), **schema}
    )


def _choice(request: Request) -> dict[str, Any] | None:
    choice = request.choice
    alone = request.parallel is not None and not request.parallel
    if choice is None and request.parallel is None:
        return None
    out = _chosen(choice or Choice("auto"))
    if out["type"] != "none" and (alone or (request.parallel and request.dialect is DialectName.ANTHROPIC)):
        out["disable_parallel_tool_use"] = alone
    return out


def _chosen(choice: Choice) -> dict[str, Any]:
    if choice.mode == "required":
        named = len(choice.names) == 1
        return {"type": "tool", "name": choice.names[0]} if named else {"type": "any"}
    return {"type": choice.mode}


def _sampling(request: Request, model: str, thinks: bool, notes: Notes) -> dict[str, Any]:
    """Newer models take none of these; the others not both of the first two, and none while they think."""
    asked: dict[str, Any] = without_none(
        {"temperature": request.temperature, "top_p": request.top_p, "top_k": request.top_k}
    )
    if request.dialect is DialectName.ANTHROPIC:
        return asked
    refused = set(asked) if refuses_sampling(model) or thinks else set()
    if "temperature" in asked and "top_p" in asked:
        refused.add("top_p")
    for name in sorted(refused):
        notes.drop(name)
    kept = {name: value for name, value in asked.items() if name not in refused}
    if kept.get("temperature", 0) > 1:
        notes.drop("temperature above 1")
        kept["temperature"] = 1
    return kept


def _output(request: Request, notes: Notes) -> dict[str, Any] | None:
    """The schema of a structured answer; that any JSON object is wanted is said in words elsewhere."""
    output = request.output
    if output is None or output.schema is None:
        return None
    same = request.dialect is DialectName.ANTHROPIC
    own = notes.own(output.own, same=same, of="output")
    schema = dict(output.schema) if same else narrowed(output.schema, SCHEMA_WORDS, notes, closed=True)
    return {"type": "json_schema", "schema": schema, **own}
