"""The provider's prompt cache: which prefixes it has seen, by key and model.

The very same prompt gets the figures of its first time again, so that a repeated request has the same
bytes; a longer one reads what the shorter one left. Nothing expires but by number.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

from gateway_core.model.call import DialectName
from gateway_core.model.usage import Usage
from gateway_core.simulated import models
from gateway_core.simulated.prompt import CACHE_BLOCK, Boundary, Life, Piece, Prompt

_MINIMUM = 1024
"""Tokens below which no provider caches."""
_MAX_PREFIXES = 100_000
_MAX_PROMPTS = 20_000
_MAX_RESPONSES = 500

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Memory:
    """Grows with the calls, bounded by numbers of entries."""

    def __init__(self) -> None:
        self._prefixes: OrderedDict[bytes, None] = OrderedDict()
        self._prompts: OrderedDict[bytes, Usage] = OrderedDict()
        self._responses: OrderedDict[str, tuple[Piece, ...]] = OrderedDict()

    def charge(self, prompt: Prompt, key: str) -> Usage:
        """The input side of the usage, and the prompt remembered."""
        if prompt.input_tokens < _MINIMUM:
            return Usage(input=prompt.input_tokens)
        whole = key.encode() + prompt.digest
        usage = self._prompts.get(whole)
        if usage is None:
            usage = self._first_time(prompt, key.encode())
            _put(self._prompts, whole, usage, _MAX_PROMPTS)
        return usage

    def keep_response(self, response_id: str, pieces: tuple[Piece, ...]) -> None:
        """Remember a whole exchange, so that `previous_response_id` can go on from it."""
        _put(self._responses, response_id, pieces, _MAX_RESPONSES)

    def response(self, response_id: str) -> tuple[Piece, ...] | None:
        return self._responses.get(response_id)

    def _first_time(self, prompt: Prompt, key: bytes) -> Usage:
        if prompt.dialect is DialectName.ANTHROPIC:
            return self._marked(prompt, key)
        read = self._longest(prompt.boundaries, key)
        self._remember(prompt.boundaries, key)
        total = prompt.input_tokens
        if prompt.dialect is DialectName.GEMINI:
            read = read if read >= _MINIMUM else 0
            return Usage(input=total - read, cached_input=read)
        read = _steps(read)
        write = _steps(total) - read if models.charges_cache_writes(prompt.model) else 0
        return Usage(input=total - read - write, cached_input=read, cache_write=write)

    def _marked(self, prompt: Prompt, key: bytes) -> Usage:
        """Anthropic: reads up to the longest known prefix, writes from there up to the last mark.

        https://platform.claude.com/docs/en/build-with-claude/prompt-caching
        """
        total = prompt.input_tokens
        last = max((at for at, here in enumerate(prompt.boundaries) if here.mark), default=-1)
        within = prompt.boundaries[: last + 1]
        if not within or within[-1].tokens < _MINIMUM:
            return Usage(input=total)
        read = self._longest(within, key)
        writes = {Life.SHORT: 0, Life.LONG: 0}
        covered = read
        for here in within:
            if here.mark and here.tokens > covered:
                writes[here.mark] += here.tokens - covered
                covered = here.tokens
        self._remember([here for here in within if here.mark], key)
        return Usage(
            input=total - covered,
            cached_input=read,
            cache_write=writes[Life.SHORT],
            cache_write_1h=writes[Life.LONG],
        )

    def _longest(self, boundaries: tuple[Boundary, ...], key: bytes) -> int:
        for here in reversed(boundaries):
            if key + here.digest in self._prefixes:
                return here.tokens
        return 0

    def _remember(self, boundaries: tuple[Boundary, ...] | list[Boundary], key: bytes) -> None:
        for here in boundaries:
            _put(self._prefixes, key + here.digest, None, _MAX_PREFIXES)


def _steps(count: int) -> int:
    return count - count % CACHE_BLOCK if count >= _MINIMUM else 0


def _put(kept: OrderedDict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)
