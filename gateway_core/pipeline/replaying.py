"""Kept answers on their way to the client: of the exact cache, and of identical calls under way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from gateway_core.model.call import Ask, Operation, Target
from gateway_core.model.rows import CacheUse, Outcome
from gateway_core.pipeline.answers import Recipe
from gateway_core.pipeline.exchange import HeaderList
from gateway_core.pipeline.passage import Passage
from gateway_core.rules.caching import CACHE_HEADER, Wish
from gateway_core.store.cache import CachedAnswer

MOST_WAITS = 2
"""Identical calls that a call waits for one after the other, where they fail: then it goes by itself."""
LONGEST_PAUSE = 60.0
"""Seconds between two pieces of a replayed stream at the most."""


def recipe_of(call: Passage, ask: Ask, target: Target) -> Recipe | None:
    """How the call uses the cache, if it does. A rule of the semantic cache turns the exact one on too: what
    is given to questions alike has to be kept first."""
    if ask.operation is Operation.OTHER:
        return None
    parts = call.parts
    policy = parts.policy
    if not policy.exact_cache.on and not policy.semantic_cache and CACHE_HEADER not in call.request.headers:
        return None
    also = (
        bool(policy.semantic_cache)
        and ask.operation is Operation.GENERATE
        and parts.alike.rule(policy.semantic_cache, call.facts(target)) is not None
    )
    return _recipe(call, ask, target, also=also)


def look_left_out(call: Passage, ask: Ask, target: Target) -> None:
    """Where the exact cache has a rule that leaves the call out: notes how it would use the cache, and
    whether that would answer it. What its client turned off by header is its will, and nothing forgone."""
    parts, request = call.parts, call.request
    if not parts.policy.exact_cache.on or CACHE_HEADER in request.headers or request.aside is not None:
        return
    if ask.operation is Operation.OTHER:
        return
    recipe = call.left_out = _recipe(call, ask, target, also=True)
    if recipe is not None:
        call.repeats = parts.cache.unkept.knows(recipe.key, parts.clock.monotonic())


def _recipe(call: Passage, ask: Ask, target: Target, *, also: bool) -> Recipe | None:
    policy, catalog = call.parts.policy, call.parts.catalog
    # The call keeps its recipe: one that knew the call would hold it until the collector comes.
    return call.parts.cache.recipe(
        ask,
        target,
        call.request,
        call.facts(target),
        policy.exact_cache,
        policy.cache_space,
        lambda served: catalog.serving(served).base_url,
        also=also,
    )


async def replayed(call: Passage, recipe: Recipe) -> bool:
    """Answers from the exact cache, or with what an identical call under way brings, if there is one.

    If not, the call is the one that goes, and others wait for it.
    """
    parts, record = call.parts, call.record
    record.cache = CacheUse.MISS
    for turn in range(MOST_WAITS + 1):
        found = parts.cache.find(recipe)
        if found is not None:
            await give(call, recipe.key, found, recipe.pace)
            return True
        flight = parts.cache.flights.find(recipe.key) if recipe.wish is Wish.ON else None
        if flight is None or turn == MOST_WAITS:
            break
        found = await flight.arrival()
        if found is not None:
            await give(call, recipe.key, found, recipe.pace)
            return True
    return False


def depart(call: Passage, recipe: Recipe) -> None:
    """The call goes on its way: what it brings is kept, and others may wait for it."""
    call.recipe = recipe
    call.flight = call.parts.cache.flights.begin(recipe.key)
    call.relayed.pieces, call.relayed.clock = [], call.parts.clock.monotonic


async def give(
    call: Passage, key: bytes, found: CachedAnswer, pace: str, use: CacheUse = CacheUse.HIT
) -> None:
    """Gives the client a kept answer: it costs nothing, and saves what it cost when it was made."""
    record = call.record
    record.target = Target(found.provider, found.model)
    record.cache, record.outcome, record.cache_key = use, Outcome.CACHE_HIT, key
    record.cached_cost, record.http_status = found.cost_nano, found.status
    record.price = None
    call.parts.cache.used(key, found)
    headers = [(name.encode(), value.encode("latin-1")) for name, value in found.headers]
    await answer_again(call, found.status, headers, found.body, found.chunks, pauses(found, pace))


async def answer_again(
    call: Passage,
    status: int,
    headers: HeaderList,
    body: bytes,
    chunks: Sequence[int],
    pauses: Iterable[float] = (),
) -> None:
    """A kept answer, in the pieces of its stream. chunks: their lengths; none for a whole body. pauses:
    seconds before each; none: at once."""
    call.record.first_byte_at = call.parts.clock.monotonic()
    if not chunks:
        await call.client.answer(status, headers + call.our_headers(cost=0), body)
        return
    await call.client.start(status, headers + call.our_headers())
    at, waits = 0, iter(pauses)
    for length in chunks:
        if pause := next(waits, 0.0):
            await asyncio.sleep(pause)
        await call.client.write(body[at : at + length])
        at += length
    await call.client.finish()


def pauses(found: CachedAnswer, pace: str) -> list[float]:
    """Seconds before each piece of a stream: none, as it came, or at a pace in tokens a second."""
    if pace == "instant" or not found.chunks:
        return []
    if pace == "recorded":
        return [min(gap / 1000, LONGEST_PAUSE) for gap in found.gaps]
    share = found.usage.output / float(pace) / (len(found.body) or 1)
    return [min(length * share, LONGEST_PAUSE) for length in found.chunks]
