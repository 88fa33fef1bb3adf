"""A request in the neutral form, written as one for a response; nothing of it is kept by the provider."""

from __future__ import annotations

from typing import Any

from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Choice, Output, Request
from gateway_core.formats.neutral.values import without_none
from gateway_core.formats.openai_chat.translation.models import reasons
from gateway_core.formats.openai_chat.translation.output import worded_output
from gateway_core.formats.openai_chat.translation.writes import (
    json_schema,
    write_effort,
    write_tools,
    write_user,
)
from gateway_core.formats.openai_responses.translation.write_items import write_items
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Goal
from gateway_core.model.call import DialectName

_LOST = ("top_k", "seed", "presence_penalty", "frequency_penalty", "stops")
_ENCRYPTED = "reasoning.encrypted_content"


def write_request(request: Request, goal: Goal, notes: Notes) -> bytes:
    """The body. Raises Refusal 400 for several candidates."""
    same = request.dialect is DialectName.OPENAI_RESPONSES
    if (request.candidates or 1) > 1:
        raise invalid(
            f"{request.candidates} answers were asked for; {goal.model} gives one a call",
            code="untranslatable",
        )
    for name in _LOST:
        notes.drop_if(
            "stop" if name == "stops" else name,
            list(value) if isinstance(value := getattr(request, name), tuple) else value,
        )
    request = worded_output(request, notes)
    body: dict[str, Any] = {"model": goal.model}
    body |= write_items(request, goal.model, notes)
    body |= without_none({"max_output_tokens": request.cap, "user": write_user(request, same, notes)})
    if tools := _tools(request, notes):
        body["tools"] = tools
        body |= without_none({"parallel_tool_calls": request.parallel})
        if request.choice is not None:
            body["tool_choice"] = _chosen(request, request.choice)
    body |= _sampling(request, goal.model, same, notes)
    body |= _reasoning(request, goal.model, same, notes)
    own = notes.own(request.own, same=same)
    if text := {**_text(request, same, notes), **own.pop("text", {})}:
        body["text"] = text
    if request.stream:
        body["stream"] = True
    if not same:
        body |= {"store": False, "include": [_ENCRYPTED]} if reasons(goal.model) else {"store": False}
    return encoded(body | own | (dict(request.silent) if same else {}))


def _tools(request: Request, notes: Notes) -> list[dict[str, Any]]:
    """The tools; those that were offered in one group stand in it again."""
    flat = write_tools(request, notes, wrapped=False)
    groups = {tool.name: tool.group for tool in request.functions if tool.group}
    out: list[dict[str, Any]] = []
    for tool in flat:
        group = groups.get(tool.get("name", ""), "")
        if not group:
            out.append(tool)
        elif out and out[-1].get("type") == "namespace" and out[-1]["name"] == group:
            out[-1]["tools"].append(tool)
        else:
            out.append({"type": "namespace", "name": group, "description": "", "tools": [tool]})
    return out


def _chosen(request: Request, choice: Choice) -> Any:
    customs = {tool.name for tool in request.functions if tool.custom}
    named = [{"type": "custom" if name in customs else "function", "name": name} for name in choice.names]
    if not named:
        return choice.mode
    if choice.mode == "required" and len(named) == 1:
        return named[0]
    return {"type": "allowed_tools", "mode": choice.mode, "tools": named}


def _sampling(request: Request, model: str, same: bool, notes: Notes) -> dict[str, Any]:
    asked: dict[str, Any] = without_none({"temperature": request.temperature, "top_p": request.top_p})
    if same or not reasons(model):
        return asked
    for name in asked:
        notes.drop(name)
    return {}


def _reasoning(request: Request, model: str, same: bool, notes: Notes) -> dict[str, Any]:
    thinking = request.thinking
    if thinking is None:
        return {}
    effort = write_effort(thinking, model, notes, same=same)
    summary = "auto" if thinking.shown is not False and not same and effort else None
    fields = {**without_none({"effort": effort, "summary": summary}), **(thinking.own if same else {})}
    return {"reasoning": fields} if fields else {}


def _text(request: Request, same: bool, notes: Notes) -> dict[str, Any]:
    format = _format(request.output, same, notes)
    return without_none({"format": format, "verbosity": request.verbosity})


def _format(output: Output | None, same: bool, notes: Notes) -> dict[str, Any] | None:
    if output is None:
        return None
    if output.schema is None:
        return {"type": "json_object"}
    return {"type": "json_schema", **json_schema(output, same=same, notes=notes)}
