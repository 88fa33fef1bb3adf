"""The semantic cache's memory: the rule that a call falls under, how it stands, what is near a question."""

from __future__ import annotations

import asyncio
import hashlib
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from zlib import crc32

import msgspec

from gateway_core.clock import Clock, instant_text
from gateway_core.formats.last_turn import take_last
from gateway_core.model.call import Ask
from gateway_core.model.policy import SemanticCacheRule
from gateway_core.pipeline.answers import Recipe
from gateway_core.pipeline.exchange import Inbound
from gateway_core.rules.caching import parsed
from gateway_core.rules.likeness import Marks, compare, guard_of, read_marks
from gateway_core.rules.matching import Facts, matches
from gateway_core.rules.proving import How, Standing, Trial, standing
from gateway_core.store.cache import CachedAnswer, CacheStore
from gateway_core.store.trials import Told, TrialStore
from gateway_core.store.vectors import VectorStore

NEAREST = 8
"""Questions that are looked at more closely."""
MOST_WAITING = 256
"""Questions that wait to be looked at; more are let go."""
MOST_VECTORS = 1024
"""Vectors of texts that are not asked for again."""
_READ_AS = "1"
"""Changes with how questions are read: what was proved of another way proves nothing."""


@dataclass(frozen=True, slots=True)
class Match:
    """A kept answer to a question alike."""

    key: bytes
    likeness: float
    answer: CachedAnswer


@dataclass(slots=True)
class Question:
    """What a call asks last, and all else of it as one key."""

    rule: SemanticCacheRule
    name: str
    """Names what is proved: whose calls, which embedding, which threshold."""
    context: bytes
    text: str
    marks: Marks
    request: Inbound
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question whose true answer is known now."""

    question: Question
    call_id: str
    key: bytes
    ask: Ask
    answer: CachedAnswer


def name_of(rule: SemanticCacheRule) -> str:
    """By which trials are told apart; the rate and the sample may change without losing what was proved."""
    words = [_READ_AS, sorted(rule.when.items()), rule.endpoint, rule.threshold]
    return hashlib.sha256(msgspec.json.encode(words)).hexdigest()[:16]


def _changes(trials: Sequence[Trial], seen: int) -> bool:
    """Whether what came after so many trials may change what is known: a wrong one, or many."""
    new = trials[seen:]
    return len(new) > seen // 200 or any(each.wrong for each in new)


class Likenesses:
    """What the semantic cache knows. All of it in one event loop."""

    def __init__(self, cache: CacheStore, vectors: VectorStore, trials: TrialStore, clock: Clock) -> None:
        self.vectors, self.trials = vectors, trials
        self.waiting: asyncio.Queue[Answered] = asyncio.Queue(MOST_WAITING)
        self._cache = cache
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], array[float]] = OrderedDict()
        self._standings: dict[str, tuple[int, SemanticCacheRule, Standing]] = {}

    def rule(self, rules: tuple[SemanticCacheRule, ...], facts: Facts) -> SemanticCacheRule | None:
        """The first rule that the call falls under."""
        return next((rule for rule in rules if matches(rule.when, facts)), None)

    def question(
        self, rule: SemanticCacheRule, ask: Ask, request: Inbound, recipe: Recipe, tags: dict[str, str]
    ) -> Question | None:
        """What the call asks; None where its last turn is not a person's plain words."""
        try:
            fields = parsed(request.body)
            text = take_last(ask.dialect, fields)
        except ValueError:
            return None
        if not text or not text.strip():
            return None
        rest = recipe.key_of(msgspec.json.encode(fields), recipe.target)
        context = hashlib.sha256(rest + rule.endpoint.encode()).digest()
        return Question(rule, name_of(rule), context, text, read_marks(text), request, tags)

    def standing(self, rule: SemanticCacheRule) -> Standing:
        """Whether the rule serves, and what is known of it."""
        name = name_of(rule)
        trials = self.trials.of(name)
        known = self._standings.get(name)
        if known is None or known[1] != rule or _changes(trials, known[0]):
            found = standing(trials, rate=rule.rate, threshold=rule.threshold)
            known = self._standings[name] = (len(trials), rule, found)
        return known[2]

    def forget(self) -> None:
        """Answers were discarded or brought back: what is held of them is read anew."""
        self.vectors.forget()
        self._standings.clear()

    def sampled(self, rule: SemanticCacheRule, call_id: str) -> bool:
        """Whether a hit is asked for all the same, to go on measuring."""
        return crc32(call_id.encode()) / 2**32 < rule.sample

    def vector(self, question: Question) -> array[float] | None:
        """The vector of a question, where it is known."""
        found = self._known.get((question.rule.endpoint, question.text))
        if found is not None:
            self._known.move_to_end((question.rule.endpoint, question.text))
        return found

    def learn(self, question: Question, vector: array[float]) -> None:
        """Remembers the vector of a question, so that it is not paid for again."""
        self._known[question.rule.endpoint, question.text] = vector
        if len(self._known) > MOST_VECTORS:
            self._known.popitem(last=False)

    def find(self, question: Question, vector: array[float], least: float, ttl_seconds: int) -> Match | None:
        """The kept answer to the question most alike, from that likeness on, against which nothing stands."""
        now = instant_text(self._clock.now())
        best: tuple[float, bytes] | None = None
        for near in self.vectors.nearest(question.context, vector, NEAREST):
            if question.rule.endpoint:
                likeness, guard = near.cosine, guard_of(question.marks, near.marks)
            else:
                verdict = compare(question.marks, near.marks)
                likeness, guard = verdict.likeness, verdict.guard
            if not guard and likeness >= least and (best is None or likeness > best[0]):
                answer = self._cache.get(near.key, now, ttl_seconds)
                best = (likeness, near.key) if answer is not None else best
        if best is None:
            return None
        answer = self._cache.get(best[1], now, ttl_seconds)
        return None if answer is None else Match(best[1], min(1.0, best[0]), answer)

    def served(self, question: Question, match: Match, call_id: str) -> None:
        """An answer was given to a question alike."""
        self._tell(Told(question.name, How.SERVED, call_id, match.key, match.likeness))

    def compared(self, answered: Answered, match: Match, *, same: bool, by: str) -> None:
        """The true answer is known, and held against what would have been given."""
        question = answered.question
        how = How.SAMPLE if self.standing(question.rule).open else How.SHADOW
        told = Told(question.name, how, answered.call_id, match.key, match.likeness, not same, by)
        self._tell(told)

    def _tell(self, told: Told) -> None:
        self.trials.add(told, instant_text(self._clock.now()))

    def hand_in(self, answered: Answered) -> None:
        """A question and its true answer, to be looked at beside the calls."""
        if not self.waiting.full():
            self.waiting.put_nowait(answered)
