"""The exact cache on the way of a request: what may be answered from it, and what it keeps."""

from __future__ import annotations

from dataclasses import dataclass

from gateway_core.clock import Clock, instant_text
from gateway_core.model.call import Ask, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import ExactCacheRule
from gateway_core.pipeline.exchange import Inbound
from gateway_core.pipeline.record import Record
from gateway_core.pipeline.relay import Relayed
from gateway_core.rules.caching import CACHE_HEADER, Wish, cacheable, exact_key, wish
from gateway_core.rules.matching import Facts
from gateway_core.store.cache import CachedAnswer, CacheStore
from gateway_core.upstream import Answer

_KEPT_HEADERS = ("content-type", "content-encoding", "openai-version", "openai-model")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one call uses the cache."""

    key: bytes
    wish: Wish
    ttl_seconds: int


class AnswerCache:
    """Answers of earlier calls, by a key over everything that can change an answer."""

    def __init__(self, store: CacheStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def recipe(
        self, ask: Ask, target: Target, request: Inbound, facts: Facts, rule: ExactCacheRule
    ) -> Recipe | None:
        """How the call wants to use the cache; None where it does not or may not."""
        wanted = wish(request.headers.get(CACHE_HEADER), rule, facts)
        if wanted is Wish.OFF or not cacheable(ask):
            return None
        key = exact_key(
            ask=ask,
            target=target,
            path=request.upstream_path,
            query=request.query,
            body=request.body,
            headers=request.headers,
            scope=request.token.name,
        )
        return Recipe(key, wanted, rule.ttl_seconds)

    async def find(self, recipe: Recipe) -> CachedAnswer | None:
        """The kept answer. Raises Refusal 504 where the call wants nothing else and there is none."""
        if recipe.wish is Wish.REFRESH:
            return None
        found = self._store.get(recipe.key, instant_text(self._clock.now()))
        if found is None and recipe.wish is Wish.ONLY:
            raise Refusal(504, "not_cached", f"{CACHE_HEADER}: only, and no kept answer fits this call")
        return found

    def keep(self, recipe: Recipe, record: Record, answer: Answer | None, relayed: Relayed) -> None:
        """Keeps an answer that reached its proper end; what was cut, failed or doubted is never kept."""
        pieces = relayed.pieces
        if answer is None or pieces is None or not relayed.complete or record.booking.doubt:
            return
        # A stream is relayed, and kept, with its content-encoding taken off.
        stream = record.ask is not None and record.ask.stream
        headers = tuple(
            (name.lower().decode(), value.decode("latin-1"))
            for name, value in answer.headers
            if name.lower().decode("latin-1") in _KEPT_HEADERS
            and not (stream and name.lower() == b"content-encoding")
        )
        kept = CachedAnswer(
            status=answer.status,
            headers=headers,
            body=b"".join(pieces),
            chunks=tuple(len(piece) for piece in pieces if piece) if stream else (),
            usage=record.booking.usage,
            cost_nano=record.booking.cost_nano,
            model=record.open_row().model,
            provider=record.open_row().provider,
            price_id=record.price.id if record.price else None,
        )
        self._store.put(recipe.key, kept, recipe.ttl_seconds, instant_text(self._clock.now()))
