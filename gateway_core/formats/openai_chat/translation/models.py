"""What a model's name tells of what it takes in a chat completion.

Sources: platform.openai.com, reasoning guide (parameters that reasoning models refuse, efforts by model).
"""

from __future__ import annotations

import re

REASONS = re.compile(r"(?:.*/)?(?:gpt-[5-9]|o[1-9])(?![a-z])")
"""Models of OpenAI that think: they refuse sampling parameters, stop sequences and `max_tokens`."""
_TAKES_EFFORT = re.compile(
    r"(?:.*/)?(?:gpt-[5-9]|gpt-oss|o[1-9](?![a-z])|grok|gemini|deepseek|qwen3|magistral)"
)
_FIRST_GPT_5 = re.compile(r"(?:.*/)?gpt-5(?!\.\d)")
_O_MODEL = re.compile(r"(?:.*/)?o[1-9](?![a-z])")


def reasons(model: str) -> bool:
    """Whether OpenAI treats it as a reasoning model."""
    return REASONS.match(model) is not None


def efforts(model: str) -> tuple[str, ...]:
    """The reasoning efforts that the model takes; none where it is not known to take any."""
    if not _TAKES_EFFORT.match(model):
        return ()
    if _FIRST_GPT_5.match(model):
        return ("minimal", "low", "medium", "high")
    if _O_MODEL.match(model) or not REASONS.match(model):
        return ("low", "medium", "high")
    return ("none", "low", "medium", "high", "xhigh")
