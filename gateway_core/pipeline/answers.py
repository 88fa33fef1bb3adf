"""The exact cache on the way of a request: what may be answered from it, and what it keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from gateway_core.bodies import decode_body
from gateway_core.clock import Clock, instant_text
from gateway_core.formats.neutral.answer import Answer as Said
from gateway_core.formats.said import declined, is_cut, read_said
from gateway_core.model.call import Ask, Operation, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import CacheSpace, ExactCacheRule
from gateway_core.pipeline.exchange import Inbound
from gateway_core.pipeline.flights import Flights
from gateway_core.pipeline.record import Record
from gateway_core.pipeline.relay import ANSWER_LIMIT, Relayed
from gateway_core.pipeline.unkept import Unkept
from gateway_core.rules.caching import CACHE_HEADER, Wish, cacheable, exact_key, scope_of, wish
from gateway_core.rules.matching import Facts
from gateway_core.store.cache import CachedAnswer, CacheStore, Origin
from gateway_core.upstream import CREDENTIALS, Answer

_KEPT_HEADERS = ("content-type", "content-encoding", "openai-version", "openai-model")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one call uses the cache."""

    key: bytes
    wish: Wish
    ttl_seconds: int
    pace: str
    scope: str
    target: Target
    """The model that the key is about."""
    key_of: Callable[[bytes, Target], bytes]
    """The key that the call would have with another body, or of another model."""


class AnswerCache:
    """Answers of earlier calls, by a key over everything that can change an answer."""

    def __init__(self, store: CacheStore, clock: Clock) -> None:
        self.store = store
        self.flights = Flights()
        self.unkept = Unkept()
        self._clock = clock

    def recipe(
        self,
        ask: Ask,
        target: Target,
        request: Inbound,
        facts: Facts,
        rule: ExactCacheRule,
        space: CacheSpace,
        place_of: Callable[[Target], str],
        *,
        also: bool = False,
    ) -> Recipe | None:
        """How the call wants to use the cache; None where it does not or may not.

        place_of: where a model is served, as its provider is configured;
        also: another rule turns it on for the call, where the header says nothing.
        """
        wanted = wish(request.headers.get(CACHE_HEADER), rule, facts)
        if wanted is Wish.OFF and also and CACHE_HEADER not in request.headers:
            wanted = Wish.ON
        if wanted is Wish.OFF or not cacheable(ask, tools=rule.tools):
            return None
        scope = scope_of(request.token, space.share) + _credentials(request)

        def key_of(body: bytes, served: Target) -> bytes:
            return exact_key(
                ask=ask,
                target=served,
                path=request.upstream_path,
                query=request.query,
                body=body,
                headers=request.headers,
                scope=f"{scope}\nat {place_of(served)}",
            )

        key = key_of(request.body, target)
        return Recipe(key, wanted, rule.ttl_seconds, rule.pace, scope, target, key_of)

    def find(self, recipe: Recipe) -> CachedAnswer | None:
        """The kept answer, where the call wants one."""
        if recipe.wish is Wish.REFRESH:
            return None
        return self.store.get(recipe.key, instant_text(self._clock.now()), recipe.ttl_seconds)

    def missing(self, recipe: Recipe) -> None:
        """Nothing fits the call. Raises Refusal 504 where it wants nothing else."""
        if recipe.wish is Wish.ONLY:
            raise Refusal(504, "not_cached", f"{CACHE_HEADER}: only, and no kept answer fits this call")

    def used(self, key: bytes, answer: CachedAnswer) -> None:
        """Notes that a kept answer was given again."""
        self.store.used(key, answer.cost_nano, instant_text(self._clock.now()))

    def keep(
        self, recipe: Recipe, record: Record, request: Inbound, answer: CachedAnswer, prompt: str
    ) -> bytes | None:
        """Keeps an answer as that of the model which served; answers its key. None: what was cut, declined or
        filtered is never kept."""
        if record.ask is None or record.target is None or not _is_whole(record.ask, answer):
            return None
        same = record.target == recipe.target
        key = recipe.key if same else recipe.key_of(request.body, record.target)
        words = prompt.encode("utf-8", "replace") if prompt else request.body
        origin = Origin(
            call_id=record.id,
            format=record.format,
            stream=record.ask.stream,
            token=record.token,
            scope=recipe.scope.partition("\n")[0],
            tags=record.identity.tags,
            prompt_hash=hashlib.sha256(words).hexdigest()[:16],
        )
        now = instant_text(self._clock.now())
        self.store.put(key, answer, recipe.ttl_seconds, now, origin)
        return key


def made_answer(record: Record, answer: Answer | None, relayed: Relayed) -> CachedAnswer | None:
    """The answer as the client got it, to be given again; None for one that was cut, failed or doubted."""
    pieces, target = relayed.pieces, record.target
    if answer is None or not pieces or not relayed.complete or record.booking.doubt or target is None:
        return None
    # A stream is relayed, and kept, with its content-encoding taken off.
    stream = record.ask is not None and record.ask.stream
    headers = tuple(
        (name.lower().decode(), value.decode("latin-1"))
        for name, value in answer.headers
        if name.lower().decode("latin-1") in _KEPT_HEADERS
        and not (stream and name.lower() == b"content-encoding")
    )
    return CachedAnswer(
        status=answer.status,
        headers=headers,
        body=b"".join(pieces),
        chunks=tuple(map(len, pieces)) if stream else (),
        usage=record.booking.usage,
        cost_nano=record.booking.cost_nano,
        model=target.model,
        provider=target.provider,
        price_id=record.price.id if record.price else None,
        gaps=_gaps(relayed.came, record.sent_at) if stream else (),
    )


def _gaps(came: list[float], sent_at: float | None) -> tuple[int, ...]:
    """Milliseconds before each piece, of the first one since the call was sent."""
    before = [came[0] if sent_at is None else sent_at, *came[:-1]] if came else []
    return tuple(max(0, round((at - last) * 1000)) for last, at in zip(before, came, strict=True))


def said_in(ask: Ask, answer: CachedAnswer) -> Said | None:
    """What an answer to a call of that form says; None for one that cannot be read."""
    headers = dict(answer.headers)
    encoding = headers.get("content-encoding")
    try:
        body = decode_body(answer.body, encoding, ANSWER_LIMIT, status=502) if encoding else answer.body
    except Refusal:
        return None
    return read_said(ask, body, headers.get("content-type", ""))


def ends_early(ask: Ask, answer: CachedAnswer) -> bool:
    """Whether an answer ended at its cap, or cannot be read."""
    if ask.operation is not Operation.GENERATE:
        return False
    said = said_in(ask, answer)
    return said is None or is_cut(said)


def _is_whole(ask: Ask, answer: CachedAnswer) -> bool:
    if ask.operation is not Operation.GENERATE:
        return True
    said = said_in(ask, answer)
    return said is not None and not declined(said) and not is_cut(said)


def _credentials(request: Inbound) -> str:
    """A client's own login with the provider, where it brings one: nobody else shares what it paid for."""
    own = b"\0".join(value for name, value in request.raw_headers if name.lower() in CREDENTIALS)
    return f"\nlogin {hashlib.sha256(own).hexdigest()}" if own else ""
