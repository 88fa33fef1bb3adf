"""OpenAI's counts as ours, in the words of both of its formats and of those who follow them.

Sources: the API reference of Chat Completions and Responses; prompt caching guide (cached and written
tokens are slices of the input); DeepSeek's prompt_cache_hit_tokens; xAI, whose reasoning tokens stand
beside completion_tokens and not within them (docs.x.ai: they count in total_tokens only).
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway_core.formats.usage_numbers import Stated, count, inner, part, rest, tool_uses, within
from gateway_core.model.usage import Usage


@dataclass(frozen=True, slots=True)
class Names:
    """What one format calls its counts."""

    input: str
    output: str
    input_details: str
    output_details: str


CHAT = Names("prompt_tokens", "completion_tokens", "prompt_tokens_details", "completion_tokens_details")
RESPONSES = Names("input_tokens", "output_tokens", "input_tokens_details", "output_tokens_details")


def openai_usage(
    stated: Stated,
    *,
    output: bool = True,
    service_tier: str | None = None,
    tools: dict[str, int] | None = None,
) -> Usage | None:
    """The usage of an answer; None where half of it is missing. Raises Impossible.

    output: False for embeddings, which state none; tools: server tools counted elsewhere in the answer.
    """
    names = RESPONSES if RESPONSES.input in stated else CHAT
    total_in = count(stated, names.input)
    out = count(stated, names.output) if output else 0
    if total_in is None or out is None:
        return None
    given, made = inner(stated, names.input_details), inner(stated, names.output_details)
    cached = (
        part(given, "cached_tokens")
        or part(stated, "prompt_cache_hit_tokens")
        or part(stated, "cached_tokens")
    )
    written = part(given, "cache_write_tokens")
    fresh = rest(total_in, cached, written, name=names.input)
    reasoning = part(made, "reasoning_tokens") or part(stated, "reasoning_tokens")
    out = _with_reasoning(stated, total_in, out, reasoning)
    audio_in, image_in = within(fresh, part(given, "audio_tokens"), part(given, "image_tokens"))
    audio_out, image_out = within(out, part(made, "audio_tokens"), part(made, "image_tokens"))
    return Usage(
        input=fresh,
        cached_input=cached,
        cache_write=written,
        output=out,
        reasoning=min(reasoning, out),
        audio_input=audio_in,
        image_input=image_in,
        audio_output=audio_out,
        image_output=image_out,
        server_tools=tools or tool_uses(stated),
        service_tier=service_tier,
    )


def _with_reasoning(stated: Stated, total_in: int, out: int, reasoning: int) -> int:
    """All output tokens: the total tells whether reasoning stands beside the output or within it."""
    total = count(stated, "total_tokens")
    if total is None:
        return out + reasoning if reasoning > out else out
    return out + reasoning if total == total_in + out + reasoning else out
