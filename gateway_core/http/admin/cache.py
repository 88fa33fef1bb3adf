"""Our own cache: its entries, what it saves by tag, and how the semantic one stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import Query

from gateway_core.clock import instant_text
from gateway_core.formats.said import words_of
from gateway_core.http.admin.answers.cache import (
    CacheStatsAnswer,
    DiscardedAnswer,
    EntriesAnswer,
    EntryAnswer,
    EntryDetailAnswer,
    SemanticRuleAnswer,
)
from gateway_core.http.admin.bodies import NothingBody
from gateway_core.http.admin.engine import Engine, Gateway, read
from gateway_core.http.admin.expecting import Expected, Over
from gateway_core.http.admin.queries import Filter, instant
from gateway_core.http.admin.subject import subject
from gateway_core.model.call import Ask, DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import SemanticCacheRule
from gateway_core.pipeline.answers import said_in
from gateway_core.pipeline.likenesses import name_of
from gateway_core.store.cache_aside import KEPT_ASIDE
from gateway_core.store.instants import micros
from gateway_core.store.queries.cache_entries import Wanted
from gateway_core.store.revisions import Check

router = subject("cache", "/cache")
SHOWN = 4_000
"""Characters of an answer's text that are shown."""
Kind = Literal["exact", "semantic"]


@router.get("/entries")
async def entries(
    gateway: Gateway,
    where: Filter,
    kind: Kind | None = None,
    pinned: bool | None = None,
    sort: str = "used",
    order: Literal["asc", "desc"] = "desc",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> EntriesAnswer:
    """Kept answers that have not expired. where: model, provider, token, scope, format, call, tags; sort:
    created, used, expires, hits, saved, bytes, cost, model."""
    await anyio.to_thread.run_sync(gateway.cache_store.settle)
    found = await read(
        gateway.queries.cache_entries,
        Wanted(where, kind, pinned),
        _now(gateway),
        sort=sort,
        descending=order == "desc",
        limit=limit,
        offset=offset,
    )
    return EntriesAnswer.model_validate(found)


@router.get("/entries/{key}")
async def entry(key: str, gateway: Gateway) -> EntryDetailAnswer:
    """One kept answer, with the beginning of its text."""
    found = await _entry(gateway, key)
    return EntryDetailAnswer(**found, answer=await anyio.to_thread.run_sync(_text, gateway, found))


@router.post("/entries/{key}/pin")
async def pin(key: str, body: NothingBody, gateway: Gateway, over: Over) -> EntryAnswer:
    """Keeps it from being evicted for want of room. Its time to live stays what it is."""
    return await _pinned(gateway, key, True, over)


@router.post("/entries/{key}/unpin")
async def unpin(key: str, body: NothingBody, gateway: Gateway, over: Over) -> EntryAnswer:
    """Lets it be evicted again."""
    return await _pinned(gateway, key, False, over)


@router.delete("/entries/{key}")
async def discard(key: str, gateway: Gateway, over: Over) -> DiscardedAnswer:
    """Discards one: nobody gets it from here on, and for an hour it can be brought back. If a question alike
    ever got it, that counts as a wrong answer of the semantic cache."""
    found = await _entry(gateway, key)
    now, raw = gateway.clock.now(), bytes.fromhex(found["key"])
    at = instant_text(now)
    gone = await anyio.to_thread.run_sync(gateway.cache_store.put_aside, raw, at, _check(raw, over))
    wrong = await anyio.to_thread.run_sync(gateway.alike.trials.discarded, raw, at) if gone else 0
    _forget(gateway)
    held = gateway.cache_store.aside.find(found["key"], micros(at)) is not None
    until = instant_text(now + timedelta(seconds=KEPT_ASIDE)) if held else None
    return DiscardedAnswer(discarded=int(gone), counted_wrong=wrong, back_until=until)


@router.post("/entries/{key}/restore")
async def restore(key: str, body: NothingBody, gateway: Gateway, over: Over) -> EntryAnswer:
    """Brings a discarded answer back as it was, pinned if it was pinned; it no longer counts as wrong."""
    found = gateway.cache_store.aside.find(key.lower(), micros(_now(gateway)))
    if found is None:
        raise Refusal(
            404, "no_such_entry", f"no discarded answer has the key {key[:80]!r}, or it was too long ago"
        )
    raw, kept = found
    if not await anyio.to_thread.run_sync(gateway.cache_store.bring_back, raw, kept, _check(raw, over)):
        raise Refusal(409, "newer_answer", f"a newer answer is kept in place of {raw.hex()[:12]}; it stays")
    await anyio.to_thread.run_sync(gateway.alike.trials.brought_back, raw, kept.at)
    _forget(gateway)
    return EntryAnswer(**await _entry(gateway, raw.hex()))


@router.delete("/entries")
async def discard_all(
    gateway: Gateway, where: Filter, kind: Kind | None = None, pinned: bool | None = None, all: bool = False
) -> DiscardedAnswer:
    """Discards all that fit the filter; without one only with `all=true`. Nothing counts as wrong by that."""
    wanted = Wanted(where, kind, pinned)
    if wanted.everything and not all:
        raise Refusal(
            400, "no_filter", "that would discard every kept answer; say all=true, or give a filter"
        )
    await anyio.to_thread.run_sync(gateway.cache_store.settle)
    if wanted.everything:
        gone = await anyio.to_thread.run_sync(gateway.cache_store.clear)
    else:
        keys = await read(gateway.queries.cache_keys, wanted, _now(gateway))
        gone = await anyio.to_thread.run_sync(gateway.cache_store.discard, keys)
    _forget(gateway)
    return DiscardedAnswer(discarded=gone)


@router.get("/stats")
async def stats(
    gateway: Gateway, where: Filter, since: str = "24h", until: str = "now", by: str = ""
) -> CacheStatsAnswer:
    """Hit rate and savings since then, by tag:KEY, model, provider, token, hour, day or month; what is kept;
    how the rules of the semantic cache stand."""
    keys = [key.strip() for key in by.split(",") if key.strip()]
    first, last = instant(gateway, since), instant(gateway, until)
    zone = gateway.settings.timezone
    sums = await read(gateway.queries.cache_stats, first, last, keys, where, zone)
    room = await read(gateway.queries.cache_room, _now(gateway))
    rules = [_standing(gateway, rule) for rule in gateway.policies.current.semantic_cache]
    most = gateway.cache_store.most_bytes
    return CacheStatsAnswer.model_validate({**sums, **room, "most_bytes": most, "rules": rules})


def _standing(engine: Engine, rule: SemanticCacheRule) -> SemanticRuleAnswer:
    state = engine.alike.standing(rule)
    return SemanticRuleAnswer(
        name=name_of(rule),
        when=dict(rule.when),
        endpoint=rule.endpoint,
        threshold=rule.threshold,
        rate=rule.rate,
        sample=rule.sample,
        state="open" if state.open else "shadow",
        serves_from=state.threshold,
        trials=state.trials,
        wrong=state.wrong,
        bound=round(state.bound, 6),
        needed=state.needed,
        served=engine.alike.trials.served(name_of(rule)),
    )


async def _entry(engine: Engine, key: str) -> dict[str, Any]:
    """The entry of a key, or of the beginning of one. Raises Refusal 404."""
    await anyio.to_thread.run_sync(engine.cache_store.settle)
    found = await read(engine.queries.cache_entry, key.lower(), _now(engine))
    if found is None:
        raise Refusal(
            404, "no_such_entry", f"no kept answer has the key {key[:80]!r}; see llmconsole cache list"
        )
    return found


async def _pinned(engine: Engine, key: str, pinned: bool, over: Expected) -> EntryAnswer:
    raw = bytes.fromhex((await _entry(engine, key))["key"])
    await anyio.to_thread.run_sync(engine.cache_store.pin, raw, pinned, _check(raw, over))
    engine.changed("cache")
    return EntryAnswer(**await _entry(engine, raw.hex()))


def _check(key: bytes, over: Expected) -> Check:
    return over.check(f"the kept answer {key.hex()[:12]} was changed meanwhile; look at it again")


def _forget(engine: Engine) -> None:
    engine.alike.forget()
    engine.changed("cache")


def _text(engine: Engine, found: dict[str, Any]) -> str | None:
    """The beginning of the text of an answer that is one."""
    answer = engine.cache_store.get(bytes.fromhex(found["key"]), _now(engine))
    if answer is None:
        return None
    ask = Ask(DialectName(found["format"]), Operation.GENERATE, found["model"], stream=found["stream"])
    said = said_in(ask, answer)
    return words_of(said)[:SHOWN] or None if said is not None else None


def _now(engine: Engine) -> str:
    return instant_text(engine.clock.now())
