"""Two sets of routes over the same past: what a change of routes would have done.

The input of a call is priced exactly, by the tokens on its row; its answer is taken to be as long elsewhere.
A conversation that goes to another target while it runs reads its whole prompt anew there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gateway_core.model.call import Target
from gateway_core.model.decision import Decision
from gateway_core.model.money import Nano
from gateway_core.model.past import PastCall
from gateway_core.model.policy import Price
from gateway_core.model.usage import Usage
from gateway_core.rules.pricing import cost
from gateway_core.rules.replaying.heard import Heard, Word
from gateway_core.rules.replaying.used import Used
from gateway_core.rules.replaying.world import Decided, World, conversation_of, situation_of

EXAMPLES = 10
"""Calls of a kind that are named."""
NOTHING_SAID: Mapping[str, Word] = {}
_LONG = timedelta(days=1)


@dataclass(slots=True)
class Sum:
    """Calls and their dollars, as things are and with the change."""

    calls: int = 0
    now: Nano = 0
    draft: Nano = 0

    def add(self, now: Nano, draft: Nano) -> None:
        self.calls += 1
        self.now += now
        self.draft += draft


@dataclass(slots=True)
class Caught:
    """Calls that a route catches, as things are and with the change; in shadow: that it would catch."""

    now: int = 0
    draft: int = 0
    shadow: int = 0


@dataclass(slots=True)
class TooLarge:
    """A call whose input is longer than its new target reads."""

    id: str
    tokens: int
    target: str
    window: int


@dataclass(slots=True)
class Tried:
    """What a change of routes would have done to past calls. Money is nano-dollars."""

    calls: int = 0
    """That ended in the range."""
    replayed: int = 0
    """Those of them whose decision is on record."""
    booked: Nano = 0
    """What the replayed calls have cost."""
    now: Nano = 0
    """What they would cost with the routes in force."""
    draft: Nano = 0
    """What they would cost with the change."""
    changed: int = 0
    """Calls that would go elsewhere, or nowhere, by the change."""
    drifted: int = 0
    """Calls that the routes in force send elsewhere than they went."""
    rerouted_now: int = 0
    """Calls that a route catches, as things are."""
    rerouted: int = 0
    blocked_now: int = 0
    blocked: int = 0
    """Calls that no target could take."""
    unpriced: int = 0
    """Changed calls whose new target has no price: they count at what they cost now."""
    unscored: int = 0
    guessed: int = 0
    from_cache: int = 0
    """Changed calls that our own cache had answered: elsewhere it may not have."""
    moved: dict[tuple[str, str], Sum] = field(default_factory=dict)
    """By target from and to."""
    by_tags: dict[tuple[str, str], Sum] = field(default_factory=dict)
    """Changed calls by project and mode."""
    caught: dict[str, Caught] = field(default_factory=dict)
    conversations: set[str] = field(default_factory=set)
    """Those that would go elsewhere."""
    losing: set[str] = field(default_factory=set)
    """Those of them that would leave a warm prompt cache behind."""
    cache_lost: Nano = 0
    too_large: int = 0
    large: list[TooLarge] = field(default_factory=list)
    blocked_why: dict[str, int] = field(default_factory=dict)
    blocked_ids: list[str] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)
    """What is known of the changed calls' answers."""


class Trial:
    """The past gone through once, by the routes in force and by a draft of others."""

    def __init__(
        self,
        now: World,
        draft: World,
        used: Used,
        price: Callable[[Target, datetime], Price | None],
        words: Mapping[str, Word] = NOTHING_SAID,
        *,
        alike: bool = False,
    ) -> None:
        """words: what is known of answers, by call. alike: both worlds are the same, and one is enough."""
        self.found = Tried()
        self._now, self._draft, self._used, self._price, self._alike = now, draft, used, price, alike
        self._words = words
        self._last: dict[str, tuple[datetime, Target]] = {}
        for route in (*now.routes, *draft.routes):
            self.found.caught.setdefault(route.name, Caught())

    def count(self, calls: Iterable[PastCall]) -> None:
        """Calls from before the range: they only fill budgets."""
        for call in calls:
            self._used.at(call.at)
            self._used.began(call, call.cost, call.usage.total)

    def take(self, calls: Iterable[PastCall]) -> None:
        """The next calls, in the order in which they started."""
        for call in calls:
            self._used.at(call.at)
            self.found.calls += 1
            if call.decision is not None:
                self._replay(call, call.decision)
            self._used.began(call, call.cost, call.usage.total)

    def _replay(self, call: PastCall, decision: Decision) -> None:
        def used(name: str) -> float | None:
            return self._used.share(name, call.at)

        situation = situation_of(call, decision, self._now.timezone, used)
        conversation = conversation_of(call, decision)
        now = self._now.decide(call, decision, situation, conversation)
        draft = now if self._alike else self._draft.decide(call, decision, situation, conversation)
        for world, decided in (
            ((self._now, now),) if self._alike else ((self._now, now), (self._draft, draft))
        ):
            if decided.targets:
                world.went(call, _served(call, decision, decided))
        self._tell(call, decision, now, draft, conversation)

    def _tell(
        self, call: PastCall, decision: Decision, now: Decided, draft: Decided, conversation: str | None
    ) -> None:
        found = self.found
        as_now = self._cost(call, decision, now, lost=False)
        elsewhere = draft.first != now.first
        fresh = self._is_cold(call, decision, draft, conversation)
        as_draft = self._cost(call, decision, draft, lost=fresh) if elsewhere else as_now
        unpriced = as_draft is None
        cost_now = call.cost if as_now is None else as_now
        cost_draft = cost_now if as_draft is None else as_draft
        self._sum(call, decision, now, draft, cost_now, cost_draft)
        if not elsewhere:
            return
        found.changed += 1
        found.unpriced += unpriced
        found.from_cache += call.cached
        if word := self._words.get(call.id):
            found.heard.add(word, draft.first)
        key = _name(now), _name(draft)
        found.moved.setdefault(key, Sum()).add(cost_now, cost_draft)
        whom = call.tags.get("project", ""), call.tags.get("mode", "")
        found.by_tags.setdefault(whom, Sum()).add(cost_now, cost_draft)
        if conversation:
            found.conversations.add(conversation)
        if fresh:
            self._lose(call, draft, conversation)
        self._fits(call, decision, draft)

    def _sum(
        self, call: PastCall, decision: Decision, now: Decided, draft: Decided, as_now: Nano, as_draft: Nano
    ) -> None:
        found = self.found
        found.replayed += 1
        found.booked += call.cost
        found.now += as_now
        found.draft += as_draft
        found.drifted += now.first not in (decision.targets[0], str(call.served))
        found.unscored += draft.unscored
        found.guessed += draft.guessed
        found.blocked_now += not now.targets
        if not draft.targets:
            found.blocked += 1
            found.blocked_why[draft.blocked] = found.blocked_why.get(draft.blocked, 0) + 1
            if len(found.blocked_ids) < EXAMPLES:
                found.blocked_ids.append(call.id)
        if now.route:
            found.rerouted_now += 1
            found.caught[now.route].now += 1
        if draft.route:
            found.rerouted += 1
            found.caught[draft.route].draft += 1
        for name in draft.shadow:
            found.caught[name].shadow += 1

    def _cost(self, call: PastCall, decision: Decision, decided: Decided, *, lost: bool) -> Nano | None:
        """What the call would have cost; None where nobody knows. lost: what was cached is read anew."""
        if not call.reached or decided.first == decision.targets[0]:
            return call.cost
        if not decided.targets:
            return 0
        if decided.targets[0] == call.served and not lost:
            return call.cost
        price = self._price(decided.targets[0], call.at)
        return None if price is None else cost(_unread(call.usage) if lost else call.usage, price)

    def _is_cold(self, call: PastCall, decision: Decision, draft: Decided, conversation: str | None) -> bool:
        """Whether the conversation comes from another target, where its prompt was cached."""
        if conversation is None or not draft.targets:
            return False
        target = draft.targets[0]
        last = self._last.get(conversation)
        self._last[conversation] = call.ended, _served(call, decision, draft)
        if last is not None and call.at - last[0] < _LONG:
            came_from = last[1]
        elif decision.shape.messages > 1:
            came_from = call.served
        else:
            return False
        return came_from != target and bool(call.usage.cached_input)

    def _lose(self, call: PastCall, draft: Decided, conversation: str | None) -> None:
        price = self._price(draft.targets[0], call.at)
        if price is None or conversation is None:
            return
        cold, warm = cost(_unread(call.usage), price), cost(call.usage, price)
        if cold is not None and warm is not None and cold > warm:
            self.found.losing.add(conversation)
            self.found.cache_lost += cold - warm

    def _fits(self, call: PastCall, decision: Decision, draft: Decided) -> None:
        if not draft.targets:
            return
        price = self._price(draft.targets[0], call.at)
        window = price.context_window if price else None
        tokens = call.usage.total_input or decision.shape.context
        if window is None or tokens <= window:
            return
        self.found.too_large += 1
        if len(self.found.large) < EXAMPLES:
            self.found.large.append(TooLarge(call.id, tokens, str(draft.targets[0]), window))


def _name(decided: Decided) -> str:
    return decided.first or "nowhere"


def _served(call: PastCall, decision: Decision, decided: Decided) -> Target:
    """Where the call would have been served: as it was, where it would go the same way."""
    if not decided.targets or decided.first == decision.targets[0]:
        return call.served
    return decided.targets[0]


def _unread(usage: Usage) -> Usage:
    """The same call where nothing of it is cached."""
    steps = tuple(_unread(each) for each in usage.steps)
    return replace(usage, input=usage.input + usage.cached_input, cached_input=0, steps=steps)
