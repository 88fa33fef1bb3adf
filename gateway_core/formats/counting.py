"""Counting of a call's input tokens: clients of three formats ask for it, providers of two are asked."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.splice import encoded
from gateway_core.model.call import DialectName

_COUNTED = frozenset({"model", "messages", "system", "tools", "tool_choice", "thinking"})
"""What Anthropic takes in a request for a count."""


def counting_body(dialect: DialectName, body: bytes, model: str) -> bytes:
    """The request for a count, made of the request for an answer."""
    asked: dict[str, Any] = msgspec.json.decode(body)
    if dialect is DialectName.ANTHROPIC:
        return encoded({key: value for key, value in asked.items() if key in _COUNTED})
    return encoded({"generateContentRequest": {"model": f"models/{model}", **asked}})


def counted(dialect: DialectName, body: bytes) -> int:
    """The count in an answer. Raises ValueError or KeyError where there is none."""
    found: dict[str, Any] = msgspec.json.decode(body)
    return int(found["input_tokens" if dialect is DialectName.ANTHROPIC else "totalTokens"])


def count_answer(dialect: DialectName, tokens: int) -> bytes:
    """The answer to a client that asked for a count."""
    if dialect is DialectName.OPENAI_RESPONSES:
        return encoded({"object": "response.input_tokens", "input_tokens": tokens})
    return encoded({"input_tokens" if dialect is DialectName.ANTHROPIC else "totalTokens": tokens})
