"""The provider's prompt cache: which prefixes it has seen, by key and model.

The very same prompt with the same marks gets the figures of its first time again, so that a repeated request
has the same bytes; a longer one reads what the shorter one left. What is not read for a while expires.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TypeVar

from gateway_core.model.call import DialectName
from gateway_core.model.usage import Usage
from gateway_core.simulated import models
from gateway_core.simulated.prompt import CACHE_BLOCK, Boundary, Life, Piece, Prompt

_LONG = 12.0
"""How much longer an hour is than five minutes."""
_LOOK_BACK = 20
"""Blocks before a mark in which Anthropic looks for what it has."""
_MAX_PREFIXES = 100_000
_MAX_PROMPTS = 20_000
_MAX_RESPONSES = 500

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Memory:
    """Grows with the calls, bounded by numbers of entries. life: seconds until what is not read is gone."""

    def __init__(self, life: float = 300.0, now: Callable[[], float] = time.monotonic) -> None:
        self._life = life
        self._now = now
        self._prefixes: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        """When each is gone, and how long it stays after it was read."""
        self._prompts: OrderedDict[bytes, tuple[float, Usage]] = OrderedDict()
        self._responses: OrderedDict[str, tuple[Piece, ...]] = OrderedDict()

    def charge(self, prompt: Prompt, key: str) -> Usage:
        """The input side of the usage, and the prompt remembered."""
        if prompt.input_tokens < _least(prompt):
            return Usage(input=prompt.input_tokens)
        marks = ",".join(f"{at}{here.mark}" for at, here in enumerate(prompt.boundaries) if here.mark)
        whole = key.encode() + prompt.digest + marks.encode()
        until, usage = self._prompts.get(whole, (0.0, None))
        if usage is None or until < self._now():
            usage = self._first_time(prompt, key.encode())
        _put(self._prompts, whole, (self._now() + self._life, usage), _MAX_PROMPTS)
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
            read = read if read >= _least(prompt) else 0
            return Usage(input=total - read, cached_input=read)
        least = _least(prompt)
        read = _steps(read, least)
        write = _steps(total, least) - read if models.charges_cache_writes(prompt.model) else 0
        return Usage(input=total - read - write, cached_input=read, cache_write=write)

    def _marked(self, prompt: Prompt, key: bytes) -> Usage:
        """Anthropic: reads up to the longest known prefix, writes from there up to the last mark.

        https://platform.claude.com/docs/en/build-with-claude/prompt-caching
        """
        total = prompt.input_tokens
        last = max((at for at, here in enumerate(prompt.boundaries) if here.mark), default=-1)
        within = prompt.boundaries[: last + 1]
        least = _least(prompt)
        if not within or within[-1].tokens < least:
            return Usage(input=total)
        read = self._longest(_near_marks(within), key)
        writes = {Life.SHORT: 0, Life.LONG: 0}
        covered = read
        for here in within:
            if here.mark and here.tokens > covered and here.tokens >= least:
                writes[here.mark] += here.tokens - covered
                covered = here.tokens
        self._remember([here for here in within if here.mark and here.tokens >= least], key)
        return Usage(
            input=total - covered,
            cached_input=read,
            cache_write=writes[Life.SHORT],
            cache_write_1h=writes[Life.LONG],
        )

    def _longest(self, boundaries: Sequence[Boundary], key: bytes) -> int:
        """Tokens of the longest prefix that is still there; having been read, it stays on."""
        now = self._now()
        for here in reversed(boundaries):
            until, life = self._prefixes.get(key + here.digest, (0.0, 0.0))
            if until >= now:
                self._prefixes[key + here.digest] = now + life, life
                return here.tokens
        return 0

    def _remember(self, boundaries: Sequence[Boundary], key: bytes) -> None:
        now = self._now()
        for here in boundaries:
            life = self._life * (_LONG if here.mark is Life.LONG else 1.0)
            _put(self._prefixes, key + here.digest, (now + life, life), _MAX_PREFIXES)


def _least(prompt: Prompt) -> int:
    return models.least_cached(prompt.dialect, prompt.model)


def _near_marks(boundaries: Sequence[Boundary]) -> list[Boundary]:
    """Those at a mark, or not far before one."""
    marked = [at for at, here in enumerate(boundaries) if here.mark]
    return [
        here for at, here in enumerate(boundaries) if any(0 <= mark - at <= _LOOK_BACK for mark in marked)
    ]


def _steps(count: int, least: int) -> int:
    return count - count % CACHE_BLOCK if count >= least else 0


def _put(kept: OrderedDict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)
