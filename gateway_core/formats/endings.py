"""What the formats' own words for the end of an answer mean."""

from __future__ import annotations

from gateway_core.formats.anthropic.translation.answers import FINISHES as ANTHROPIC
from gateway_core.formats.gemini.translation.answers import FILTERS
from gateway_core.formats.gemini.translation.answers import FINISHES as GEMINI
from gateway_core.formats.neutral.answer import Finish
from gateway_core.formats.openai_chat.translation.answers import FINISHES as CHAT
from gateway_core.formats.openai_responses.translation.answers import STATUSES as RESPONSES

FINISHES = {**CHAT, **RESPONSES, **ANTHROPIC, **GEMINI, **dict.fromkeys(FILTERS, Finish.FILTERED)}
"""By word; no word means two things."""


def finish_of(word: str) -> Finish | None:
    """What a `finish_reason`, `stop_reason`, `finishReason` or `status` says; None for an unknown word."""
    return FINISHES.get(word) or FINISHES.get(word.lower()) or FINISHES.get(word.upper())
