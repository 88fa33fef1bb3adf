"""What a request asks, in one form for all formats: the mind reads only this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import Any

import msgspec

from gateway_core.model.call import DialectName
from gateway_core.simulated import tokens

CACHE_BLOCK = 128
"""Tokens in which the providers that cache by themselves count."""
_END = b"\x00"


class Life(StrEnum):
    """How long a marked prefix stays in the prompt cache."""

    SHORT = "5m"
    LONG = "1h"


class Thinking(StrEnum):
    OFF = "off"
    HIDDEN = "hidden"
    """Counted in the usage, not shown."""
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the prompt in the order in which a provider caches it: tools, system, messages."""

    data: bytes
    tokens: int
    mark: Life | None = None
    """The prompt should be cached up to here."""


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Boundary:
    """The prompt up to and with one piece."""

    digest: bytes
    tokens: int
    mark: Life | None


@dataclass(frozen=True)
class Prompt:
    """One request, read. `body` is its JSON, for the fields that an answer repeats."""

    dialect: DialectName
    model: str
    body: dict[str, Any]
    pieces: tuple[Piece, ...]
    last_text: str = ""
    """The text of the last user message: where knobs and 'use the tool' are looked for."""
    after_tool: bool = False
    """The last message brings a tool's result."""
    stream: bool = False
    as_array: bool = False
    """Gemini: the stream is one JSON array, not server-sent events."""
    ask_usage: bool = True
    cap: int | None = None
    stops: tuple[str, ...] = ()
    choices: int = 1
    tools: tuple[Tool, ...] = ()
    tool_choice: str = "auto"
    """auto, none, required, or the name of a tool."""
    schema: Any = None
    """The JSON schema that the answer must follow; None for free text."""
    thinking: Thinking = Thinking.OFF
    effort: float = 1.0
    """Reasoning tokens for each visible one."""
    tier: str | None = None
    known: tuple[Piece, ...] = field(default=())
    """What an earlier answer brings along (previous_response_id)."""

    @cached_property
    def boundaries(self) -> tuple[Boundary, ...]:
        """The prompt's prefixes, growing; tokens are counted from the start.

        Anthropic caches whole pieces, the others blocks of tokens within a piece too.
        """
        block = 0 if self.dialect is DialectName.ANTHROPIC else CACHE_BLOCK * tokens.BYTES_PER_TOKEN
        running = blake2b(self.model.encode(), digest_size=16)
        count, found = tokens.PER_REQUEST, []
        for piece in (*self.known, *self.pieces):
            for part, length in _blocks(piece.data, block):
                running.update(part)
                if length < len(piece.data):
                    within = min(piece.tokens, tokens.of_bytes(length))
                    found.append(Boundary(running.digest(), count + within, None))
            count += piece.tokens
            running.update(_END)
            found.append(Boundary(running.digest(), count, piece.mark))
        return tuple(found)

    @property
    def digest(self) -> bytes:
        """The identity of the whole prompt: model, tools and messages, nothing of how it is asked."""
        return self.boundaries[-1].digest if self.boundaries else blake2b(digest_size=16).digest()

    @property
    def input_tokens(self) -> int:
        return self.boundaries[-1].tokens if self.boundaries else tokens.PER_REQUEST


def _blocks(data: bytes, size: int) -> Iterator[tuple[bytes, int]]:
    """The data in blocks of `size` bytes, each with the length so far; in one block if `size` is 0."""
    size = size or max(1, len(data))
    for start in range(0, len(data), size):
        part = data[start : start + size]
        yield part, start + len(part)


def tool_piece(definition: Any, mark: Life | None = None) -> Piece:
    """A tool's definition as a piece of the prompt."""
    data = msgspec.json.encode(definition)
    return Piece(data, tokens.PER_TOOL + tokens.of_bytes(len(data)), mark)


def message_piece(message: Any, content: Any, mark: Life | None = None) -> Piece:
    """A message as a piece: `message` is all that identifies it, `content` what counts."""
    return Piece(msgspec.json.encode(message), tokens.PER_MESSAGE + tokens.of_content(content), mark)
