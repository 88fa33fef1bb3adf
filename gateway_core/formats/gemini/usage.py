"""Gemini's counts as ours: the cache is within the prompt, thoughts stand beside the candidates.

Source: ai.google.dev/api/generate-content, UsageMetadata; …/docs/google-search (from Gemini 3 on each
search is billed once, empty ones are not; before, each prompt that searched).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from gateway_core.formats.usage_numbers import Stated, count, part, rest, within, word
from gateway_core.model.usage import Usage

_BILLED_BY_PROMPT = re.compile(r"(?:models/)?gemini-[12](?!\d)")
_TIERS = {"ON_DEMAND_PRIORITY": "priority", "ON_DEMAND_FLEX": "flex", "ON_DEMAND": "standard"}


class _Modal(NamedTuple):
    audio: int
    image: int
    video: int


def gemini_usage(stated: Stated, *, output: bool = True) -> Usage | None:
    """The usage of an answer; None where half of it is missing. Raises Impossible.

    output: False for embeddings, which make none.
    """
    prompt = count(stated, "promptTokenCount")
    thoughts, tools = part(stated, "thoughtsTokenCount"), part(stated, "toolUsePromptTokenCount")
    made = _candidates(stated, (prompt or 0) + thoughts + tools) if output else 0
    if prompt is None or made is None:
        return None
    cached = part(stated, "cachedContentTokenCount")
    fresh = rest(prompt, cached, name="promptTokenCount") + tools
    audio, image, video = within(fresh, *_fresh_media(stated))
    out = _modal(stated, "candidatesTokensDetails")
    audio_out, image_out, video_out = within(made, out.audio, out.image, out.video)
    return Usage(
        input=fresh,
        cached_input=cached,
        output=made + thoughts,
        reasoning=thoughts,
        audio_input=audio,
        image_input=image,
        video_input=video,
        audio_output=audio_out,
        image_output=image_out,
        video_output=video_out,
        service_tier=_tier(stated),
    )


def searches(queries: Collection[str], model: str | None) -> dict[str, int]:
    """Billed searches of an answer with these queries."""
    found = {query for query in queries if query}
    if not found:
        return {}
    return {"web_search": 1 if _BILLED_BY_PROMPT.match(model or "") else len(found)}


def _candidates(stated: Stated, others: int) -> int | None:
    """Tokens of the candidates. None of them is left out of the answer; then the total has to tell."""
    made = count(stated, "candidatesTokenCount")
    total = count(stated, "totalTokenCount")
    if made is None and total is not None:
        return rest(total, others, name="totalTokenCount")
    return made


def _fresh_media(stated: Stated) -> _Modal:
    """Media tokens that were not read from the cache."""
    prompt, cached = _modal(stated, "promptTokensDetails"), _modal(stated, "cacheTokensDetails")
    tools = _modal(stated, "toolUsePromptTokensDetails")
    return _Modal(
        *(max(0, whole - kept) + used for whole, kept, used in zip(prompt, cached, tools, strict=True))
    )


def _modal(stated: Stated, name: str) -> _Modal:
    details = stated.get(name)
    counts = {"AUDIO": 0, "IMAGE": 0, "VIDEO": 0}
    for each in details if isinstance(details, list) else ():
        if isinstance(each, dict) and each.get("modality") in counts:
            counts[each["modality"]] += part(each, "tokenCount")
    return _Modal(*counts.values())


def tier_name(name: str | None) -> str | None:
    """A service tier by its short name: SERVICE_TIER_PRIORITY is 'priority'."""
    return name.lower().removeprefix("service_tier_") if name else None


def _tier(stated: Stated) -> str | None:
    named = word(stated.get("serviceTier"))
    if named:
        return tier_name(named)
    return _TIERS.get(word(stated.get("trafficType")) or "")
