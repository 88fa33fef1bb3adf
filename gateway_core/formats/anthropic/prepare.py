"""A body made ready for a provider that speaks Messages."""

from __future__ import annotations

from gateway_core.formats.anthropic.request import CAP
from gateway_core.formats.fields import whole
from gateway_core.formats.json_object import JsonObject, read_body, read_object
from gateway_core.formats.single_cap import changed_cap, prepare_single_cap
from gateway_core.formats.splice import encoded, splice, splice_within
from gateway_core.model.call import Ask

_LEAST_BUDGET = 1024
"""Thinking tokens below which no budget is taken."""


def prepare_body(body: bytes, ask: Ask, *, model: str, output_cap: int | None) -> bytes:
    """The body with its model and its cap as they have to be."""
    prepared = prepare_single_cap(body, ask, key=CAP, model=model, output_cap=output_cap)
    cap = changed_cap(ask, output_cap)
    if cap is None or b'"budget_tokens"' not in prepared:
        return prepared
    return _with_lower_budget(read_body(prepared), cap)


def _with_lower_budget(found: JsonObject, cap: int) -> bytes:
    """A thinking budget has to stay below the cap, or the whole request is refused."""
    thinking = found.raw("thinking")
    budget = whole(read_object(thinking, "'thinking'"), "budget_tokens") if thinking else None
    if budget is None or budget < cap or cap <= _LEAST_BUDGET:
        return found.text
    lower = splice_within(found, "thinking", {"budget_tokens": encoded(cap - 1)})
    return splice(found, {"thinking": lower})
