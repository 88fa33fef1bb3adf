"""A request in the neutral form, written as one for content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway_core.formats.gemini.translation.models import LEAST_PRO_BUDGET, has_levels, is_pro, levels
from gateway_core.formats.gemini.translation.write_contents import write_contents
from gateway_core.formats.neutral.effort import budget_of, effort_of, nearest
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Choice, Request, ServerTool, Thinking, Tool
from gateway_core.formats.neutral.schema import narrowed
from gateway_core.formats.neutral.values import without_none
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Goal
from gateway_core.model.call import DialectName

SCHEMA_WORDS = frozenset(
    {
        "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items",
        "prefixItems", "minItems", "maxItems", "minimum", "maximum", "anyOf", "oneOf", "properties",
        "additionalProperties", "required", "propertyOrdering",
    }
)  # fmt: skip
"""The part of JSON Schema that Gemini knows (ai.google.dev/api/generate-content, responseJsonSchema)."""
_OF_AN_EMPTY_OBJECT = {
    "type", "properties", "required", "additionalProperties", "$schema", "title", "description",
}  # fmt: skip
MOST_STOPS = 5
_TOP = {"topP": "top_p", "topK": "top_k", "maxOutputTokens": "cap", "candidateCount": "candidates"}
_PLAIN = ("temperature", "seed")
_PENALTIES = {"presencePenalty": "presence_penalty", "frequencyPenalty": "frequency_penalty"}


def write_request(request: Request, goal: Goal, notes: Notes) -> bytes:
    """The body; model and stream stand in the path. Raises Refusal 400 for results of unknown calls."""
    same = request.dialect is DialectName.GEMINI
    for name in ("verbosity", "user"):
        notes.drop_if(name, getattr(request, name))
    body = write_contents(request, goal.model, notes)
    if tools := _tools(request, same, notes):
        body["tools"] = tools
        if (choice := _choice(request, notes)) is not None:
            body["toolConfig"] = {"functionCallingConfig": choice}
    own = notes.own(request.own, same=same)
    config = {**_config(request, goal.model, same, notes), **own.pop("generationConfig", {})}
    if config:
        body["generationConfig"] = config
    return encoded(body | own)


def _config(request: Request, model: str, same: bool, notes: Notes) -> dict[str, Any]:
    names = {**_TOP, **_PENALTIES, **{name: name for name in _PLAIN}}
    config: dict[str, Any] = without_none({key: getattr(request, name) for key, name in names.items()})
    if request.stops:
        config["stopSequences"] = list(request.stops if same else request.stops[:MOST_STOPS])
        if len(request.stops) > MOST_STOPS and not same:
            notes.drop(f"stop sequences after the first {MOST_STOPS}")
    if request.output is not None:
        config["responseMimeType"] = "application/json"
        if request.output.schema is not None:
            notes.own(request.output.own, same=same, of="output")
            schema = request.output.schema
            config["responseJsonSchema"] = dict(schema) if same else narrowed(schema, SCHEMA_WORDS, notes)
    if request.thinking is not None:
        thinking = _as_it_was(request.thinking) if same else _thinking(request.thinking, model, notes)
        if thinking:
            config["thinkingConfig"] = thinking
    return config


def _as_it_was(thinking: Thinking) -> dict[str, Any]:
    level = thinking.effort.upper() if thinking.effort else None
    fields = {"thinkingBudget": thinking.budget, "thinkingLevel": level, "includeThoughts": thinking.shown}
    return {**without_none(fields), **thinking.own}


def _thinking(thinking: Thinking, model: str, notes: Notes) -> dict[str, Any]:
    notes.own(thinking.own, same=False, of="thinking")
    effort, budget = effort_of(thinking), budget_of(thinking)
    off = effort == "none"
    shown = {} if off else {"includeThoughts": thinking.shown is not False}
    if off and is_pro(model):
        notes.drop("thinking off (this model always thinks)")
    if has_levels(model):
        known = levels(model)
        level = known[0] if off else nearest(thinking, effort, known, notes) if effort else None
        return without_none({"thinkingLevel": level.upper() if level else None, **shown})
    if off:
        budget = LEAST_PRO_BUDGET if is_pro(model) else 0
    most = 32_768 if is_pro(model) else 24_576
    return without_none({"thinkingBudget": None if budget is None else min(budget, most), **shown})


def _tools(request: Request, same: bool, notes: Notes) -> list[dict[str, Any]]:
    declared: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for tool in request.tools:
        if isinstance(tool, Tool):
            declared.append(_declared(tool, same, notes))
        elif same:
            others.append(dict(tool.value))
        else:
            notes.drop(f"tool {tool.kind}")
    return [*([{"functionDeclarations": declared}] if declared else []), *others]


def _declared(tool: Tool, same: bool, notes: Notes) -> dict[str, Any]:
    own = notes.own(tool.own, same=same, of="tools")
    if tool.strict:
        notes.drop("strict tools")
    schema = tool.schema
    if schema is not None and not same:
        # A function without parameters has none; an empty object is refused.
        schema = None if _says_nothing(schema) else narrowed(schema, SCHEMA_WORDS, notes)
    fields = {
        "name": tool.name,
        "description": tool.description or None,
        "parametersJsonSchema": schema,
    }
    return without_none(fields) | own


def _says_nothing(schema: Mapping[str, Any]) -> bool:
    free = isinstance(schema.get("additionalProperties"), dict)
    return not (schema.keys() - _OF_AN_EMPTY_OBJECT or schema.get("properties") or free)


def _choice(request: Request, notes: Notes) -> dict[str, Any] | None:
    if request.parallel is False:
        notes.drop("parallel_tool_calls false")
    choice = request.choice
    if choice is None or not any(not isinstance(tool, ServerTool) for tool in request.tools):
        return None
    return _mode(choice)


def _mode(choice: Choice) -> dict[str, Any]:
    modes = {"auto": "VALIDATED" if choice.names else "AUTO", "required": "ANY", "none": "NONE"}
    names = {"allowedFunctionNames": list(choice.names)} if choice.names else {}
    return {"mode": modes[choice.mode], **names}
