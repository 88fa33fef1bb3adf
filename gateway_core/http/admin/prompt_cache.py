"""The provider's own prompt cache by group, and in one call."""

from __future__ import annotations

from typing import Any

from gateway_core.http.admin.answers.prompt_cache import (
    BlockAnswer,
    CallPromptCacheAnswer,
    PromptCacheAnswer,
    TodayAnswer,
)
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.http.admin.queries import Filter, instant
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Refusal
from gateway_core.model.money import usd_string
from gateway_core.rules.prompt_cache.habits import LEAST
from gateway_core.rules.prompt_cache.verdict import Why
from gateway_core.rules.prompt_cache.words import CAUSES, broken_block, in_words

router = subject("prompt cache")
_AS_FOUND = (
    "call", "why", "before", "across", "kind", "index", "change", "byte", "size", "again_tokens", "marks",
)  # fmt: skip


@router.get("/prompt-cache")
async def prompt_cache(
    gateway: Gateway, where: Filter, by: str = "tag:project", since: str = "24h"
) -> PromptCacheAnswer:
    """What providers read from and wrote to their prompt caches since then, by tag:KEY, session, model,
    provider or token; what it saved and cost; and what was paid again, the dearest cause first."""
    found = await read(gateway.queries.prompt_cache, instant(gateway, since), None, by, where)
    for each in found["breaks"]:
        why = Why(each["why"])
        each["text"] = _words(each) if why is Why.CHANGED else CAUSES[why]
    return PromptCacheAnswer.model_validate(found)


@router.get("/calls/{id}/prompt-cache")
async def of_call(id: str, gateway: Gateway) -> CallPromptCacheAnswer:
    """Why a call read what it read from the provider's prompt cache, and what the rest cost."""
    found = await read(gateway.queries.prompt, id, instant(gateway, "today"))
    if found is not None:
        return _answer(found)
    row = await read(gateway.queries.call, id)
    if row is None:
        raise Refusal(404, "no_such_call", f"there is no call {id[:80]!r}")
    inputs = ("input_tokens", "cached_input_tokens", "cache_write_tokens", "cache_write_1h_tokens")
    if row["status"] == "open" or sum(row[name] for name in inputs) >= LEAST:
        raise Refusal(404, "not_looked_at", f"nobody has looked at the prompt of call {id[:80]!r} (yet)")
    return _short(id)


def _answer(found: dict[str, Any]) -> CallPromptCacheAnswer:
    usd = usd_string(found["again_nano"])
    paused = None if found["paused_ms"] is None else found["paused_ms"] / 1000
    text = in_words(
        Why(found["why"]),
        tokens=found["again_tokens"],
        usd=usd,
        block=_words(found),
        before_target=found["before_target"],
        paused=paused,
        life=found["life_ms"] / 1000,
        across=bool(found["across"]),
    )
    return CallPromptCacheAnswer(
        text=text,
        paused_seconds=paused,
        again_usd=usd,
        saved_usd=usd_string(found["saved_nano"]),
        write_usd=usd_string(found["write_nano"]),
        today=TodayAnswer(**found["today"]),
        blocks=[BlockAnswer(kind=each.kind, index=each.at, size=each.size) for each in found["blocks"]],
        **{name: found[name] for name in _AS_FOUND},
    )


def _short(id: str) -> CallPromptCacheAnswer:
    """A prompt that no provider keeps is not looked at."""
    return CallPromptCacheAnswer(
        call=id,
        why=Why.SHORT,
        text=in_words(Why.SHORT, tokens=0, usd="0.00"),
        before=None,
        across=False,
        paused_seconds=None,
        kind=None,
        index=None,
        change=None,
        byte=None,
        size=None,
        again_tokens=0,
        again_usd="0.00",
        saved_usd="0.00",
        write_usd="0.00",
        marks=0,
        today=TodayAnswer(calls=0, again_tokens=0, again_usd="0.00"),
        blocks=[],
    )


def _words(found: dict[str, Any]) -> str:
    return broken_block(*(found[name] for name in ("kind", "index", "change", "byte", "size")))
