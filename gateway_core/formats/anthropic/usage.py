"""Anthropic's counts as ours: `input_tokens` leaves the cache out, every write states its life.

Source: platform.claude.com, prompt caching (cache_creation by lifetime), compaction and advisor tool
(`iterations`: the entries of compaction and advisor are not in the counts beside them; those of an
advisor and of a fallback name the model that they are billed as), fast mode, data residency.
"""

from __future__ import annotations

from dataclasses import replace

from gateway_core.formats.usage_numbers import Impossible, Stated, count, inner, part, tool_uses, word
from gateway_core.model.usage import Usage


def anthropic_usage(stated: Stated) -> Usage | None:
    """The usage of a message; None where half of it is missing. Raises Impossible."""
    whole = _counted(stated)
    if whole is None:
        return None
    steps = _steps(stated.get("iterations"))
    if None in steps:
        return None
    if len(steps) > 1 or any(step.model for step in steps if step):
        whole = _summed(tuple(step for step in steps if step))
    tier = "fast" if stated.get("speed") == "fast" else word(stated.get("service_tier"))
    region = word(stated.get("inference_geo"))
    return replace(whole, server_tools=tool_uses(stated), service_tier=tier, region=region)


def _counted(stated: Stated) -> Usage | None:
    fresh, out = count(stated, "input_tokens"), count(stated, "output_tokens")
    if fresh is None or out is None:
        return None
    written = inner(stated, "cache_creation")
    hour = part(written, "ephemeral_1h_input_tokens")
    minutes = part(written, "ephemeral_5m_input_tokens")
    # A later event may state the sum of the writes alone; what is no hour's write is a short one.
    minutes = max(minutes, part(stated, "cache_creation_input_tokens") - hour)
    thinking = part(inner(stated, "output_tokens_details"), "thinking_tokens")
    return Usage(
        input=fresh,
        cached_input=part(stated, "cache_read_input_tokens"),
        cache_write=minutes,
        cache_write_1h=hour,
        output=out,
        reasoning=min(thinking, out),
    )


def _steps(iterations: object) -> list[Usage | None]:
    """What was billed one by one inside the answer; None for a step of which half is missing."""
    if iterations is None:
        return []
    if not isinstance(iterations, list):
        raise Impossible("iterations is no list")
    return [_step(each) if isinstance(each, dict) else None for each in iterations]


def _step(stated: Stated) -> Usage | None:
    counted = _counted(stated)
    return replace(counted, model=word(stated.get("model"))) if counted else None


def _summed(steps: tuple[Usage, ...]) -> Usage:
    return Usage(
        input=sum(step.input for step in steps),
        cached_input=sum(step.cached_input for step in steps),
        cache_write=sum(step.cache_write for step in steps),
        cache_write_1h=sum(step.cache_write_1h for step in steps),
        output=sum(step.output for step in steps),
        reasoning=sum(step.reasoning for step in steps),
        steps=steps,
    )
