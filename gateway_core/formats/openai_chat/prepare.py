"""A body made ready for a provider that speaks Chat Completions: spliced, never encoded anew."""

from __future__ import annotations

import re

from gateway_core.formats.json_object import JsonObject, read_body
from gateway_core.formats.openai_chat.request import CAPS
from gateway_core.formats.splice import encoded, splice, splice_within
from gateway_core.model.call import Ask, Operation

_NEWER_CAP = re.compile(r"(?:.*/)?(?:gpt-[5-9]|o[1-9])(?![a-z])")
"""Models that refuse `max_tokens` (platform.openai.com, reasoning guide)."""


def prepare_body(body: bytes, ask: Ask, *, model: str, output_cap: int | None, ask_usage: bool) -> bytes:
    """The body with its model, its cap and its wish for usage as they have to be."""
    other_model = bool(ask.model) and model != ask.model
    capped = output_cap is not None and ask.operation is Operation.GENERATE and output_cap != ask.output_cap
    wants_usage = ask_usage and not ask.usage_asked
    if not (other_model or capped or wants_usage):
        return body
    found = read_body(body)
    values: dict[str, bytes] = {}
    if other_model:
        values["model"] = encoded(model)
    if capped:
        values |= {key: encoded(output_cap) for key in _cap_keys(found, model)}
    if wants_usage:
        values["stream_options"] = splice_within(found, "stream_options", {"include_usage": b"true"})
    return splice(found, values, renamed=_renamed(found, model) if other_model or capped else {})


def _cap_keys(found: JsonObject, model: str) -> list[str]:
    """The client's own choice of words, else the one that the model takes."""
    used = [key for key in CAPS if found.raw(key)]
    return used or ["max_completion_tokens" if _NEWER_CAP.match(model) else "max_tokens"]


def _renamed(found: JsonObject, model: str) -> dict[str, str]:
    """A cap in the older word, which a newer model refuses, gets the newer one."""
    newer, older = CAPS
    fits = older in found.values and newer not in found.values
    return {older: newer} if fits and _NEWER_CAP.match(model) else {}
