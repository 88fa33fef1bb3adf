"""How providers keep prompts: from which length on, for how long, and whether they have to be asked.

Anthropic: platform.claude.com/docs/en/build-with-claude/prompt-caching; OpenAI:
platform.openai.com/docs/guides/prompt-caching; Gemini: ai.google.dev/gemini-api/docs/caching.
"""

from __future__ import annotations

import re

from gateway_core.model.call import DialectName
from gateway_core.model.usage import Usage

LEAST = 1_024
"""Tokens below which no provider keeps a prompt."""
SHORT_LIFE = 300.0
LONG_LIFE = 3_600.0
UNMARKED_LIFE = 600.0
"""Seconds for which providers that keep prompts by themselves do so at the least in quiet hours."""

_LONGER = (
    (re.compile(r"opus-4[-.][567]|haiku-4[-.]5|mythos"), 4_096),
    (re.compile(r"claude-3.*haiku|haiku-3"), 2_048),
)


def least_tokens(dialect: DialectName, model: str) -> int:
    """Tokens of a prefix below which the model's provider does not keep it."""
    if dialect is not DialectName.ANTHROPIC:
        return LEAST
    return next((tokens for pattern, tokens in _LONGER if pattern.search(model)), LEAST)


def has_to_be_marked(dialect: DialectName) -> bool:
    """Whether a prompt is kept only up to marks that the call sets."""
    return dialect is DialectName.ANTHROPIC


def life(dialect: DialectName, usage: Usage, before: float = 0.0) -> float:
    """Seconds for which what a call read and wrote is kept. before: what its last call had."""
    if not has_to_be_marked(dialect):
        return UNMARKED_LIFE
    if usage.cache_write_1h or (before == LONG_LIFE and usage.cached_input):
        return LONG_LIFE
    return SHORT_LIFE


def warm_tokens(dialect: DialectName, model: str, usage: Usage) -> int:
    """Tokens that the provider keeps after a call, as far as its answer and its habits tell."""
    if has_to_be_marked(dialect):
        return usage.cached_input + usage.cache_write + usage.cache_write_1h
    return usage.total_input if usage.total_input >= least_tokens(dialect, model) else 0
