"""How much to think, in Anthropic's words: an effort for newer models, a budget for older ones."""

from __future__ import annotations

from typing import Any

from gateway_core.formats.anthropic.translation.models import LEAST_BUDGET, adaptive
from gateway_core.formats.neutral.effort import budget_of, effort_of, nearest
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Message, Request, Thinking, Thought, ToolCall, ToolResult
from gateway_core.formats.neutral.values import merged, without_none
from gateway_core.model.call import DialectName

_EFFORTS = ("low", "medium", "high", "max")


def write_thinking(request: Request, model: str, cap: int, notes: Notes) -> dict[str, Any]:
    """The fields `thinking` and `output_config`, as far as they are needed."""
    thinking = request.thinking
    if thinking is None:
        return {}
    if request.dialect is DialectName.ANTHROPIC:
        return _as_it_was(thinking)
    notes.own(thinking.own, same=False, of="thinking")
    effort, budget = effort_of(thinking), budget_of(thinking)
    if effort == "none" or not (thinking.on or effort or budget):
        return {}
    display = {"display": "omitted" if thinking.shown is False else "summarized"}
    if adaptive(model):
        config = {"output_config": {"effort": nearest(thinking, effort, _EFFORTS, notes)}} if effort else {}
        return {"thinking": {"type": "adaptive", **display}, **config}
    if why := _hinders(request, cap):
        notes.drop(f"thinking ({why})")
        return {}
    wanted = max(LEAST_BUDGET, budget if budget and budget > 0 else 8 * LEAST_BUDGET)
    return {"thinking": {"type": "enabled", "budget_tokens": min(wanted, cap - 1)}}


def _as_it_was(thinking: Thinking) -> dict[str, Any]:
    out: dict[str, Any] = {"output_config": {"effort": thinking.effort}} if thinking.effort else {}
    if thinking.on is None:
        return out
    kind = "disabled" if not thinking.on else "adaptive" if thinking.budget is None else "enabled"
    shown = None if thinking.shown is None else "summarized" if thinking.shown else "omitted"
    fields = without_none({"type": kind, "budget_tokens": thinking.budget, "display": shown})
    return {"thinking": {**fields, **thinking.own}, **out}


def _hinders(request: Request, cap: int) -> str | None:
    """Why a budget would make the provider refuse the call."""
    if cap <= LEAST_BUDGET:
        return f"the output cap leaves no room for {LEAST_BUDGET} tokens"
    if request.choice is not None and request.choice.mode == "required" and request.tools:
        return "a tool must be called"
    if unsigned_round(request.messages):
        return "the client did not bring back the signed thinking of this tool round"
    return None


def unsigned_round(messages: tuple[Message, ...]) -> bool:
    """Whether the last turn brings results of calls whose signed thinking is lost."""
    if not messages or not any(isinstance(part, ToolResult) for part in messages[-1].parts):
        return False
    said = [message for message in merged(messages) if message.role == "assistant"]
    calls = said and any(isinstance(part, ToolCall) for part in said[-1].parts)
    signed = said and any(
        isinstance(part, Thought) and part.origin is DialectName.ANTHROPIC for part in said[-1].parts
    )
    return bool(calls) and not signed
