"""One set of routes over past calls: where each would have gone, and where its conversation would be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from heapq import heappop, heappush

from gateway_core.model.call import Operation, Plan, Target
from gateway_core.model.decision import Decision
from gateway_core.model.past import PastCall
from gateway_core.model.policy import Pick, Price, Route, Routing
from gateway_core.model.rows import Outcome
from gateway_core.model.value import value
from gateway_core.rules.complexity import Complexity, Score, Thresholds
from gateway_core.rules.matching import Facts
from gateway_core.rules.replaying.choosing import Chooser, Chosen
from gateway_core.rules.routing import Resolve, Wanted
from gateway_core.rules.routing.ordering import Measures, PriceOf, draw_of
from gateway_core.rules.routing.situation import Situation
from gateway_core.rules.routing.staying import Pin, pinned

_MEASURED = (Pick.LATENCY, Pick.LEAST_BUSY)
"""Orders that follow from what nobody wrote down."""
_STAYED = "stays at "


@dataclass(frozen=True, slots=True)
class Known:
    """What the gateway knows of names and prices. able: why a target cannot take a call,  where it can."""

    resolve: Resolve
    wanted: Callable[[PastCall, Situation, PriceOf], Wanted | None]
    """What the asked name alone leads to; None where it leads nowhere any more."""
    price: Callable[[Target, datetime], Price | None]
    able: Callable[[Target, PastCall], str]
    timezone: tzinfo


@value
class Decided:
    """Where a past call would go. `targets` is empty where none can take it, and `blocked` says why."""

    targets: tuple[Target, ...]
    route: str | None
    first: str = ""
    """The first of the targets by name."""
    shadow: tuple[str, ...] = ()
    blocked: str = ""
    unscored: bool = False
    """A condition asked how complex it was, and no score is on record."""
    guessed: bool = False
    """Its order follows from latency or load, which is not on record."""


class World:
    """Routes, and the conversations that they pin. Calls come in the order in which they started."""

    def __init__(self, routes: Sequence[Route], routing: Routing, known: Known) -> None:
        self.routes = tuple(routes)
        self.timezone = known.timezone
        self._routing = routing
        self._known = known
        self._measured = {each.name for each in self.routes if each.pick in _MEASURED}
        self._free = {each.name for each in self.routes if not each.pin}
        self._thresholds = Thresholds(routing.medium, routing.hard, routing.margin)
        self._chooser = Chooser(self.routes, known.resolve)
        self._scores = routing.always_score
        self._pins = _Pins(timedelta(seconds=routing.pin_seconds))
        self._complexity: Complexity | None = None
        self._conversation: str | None = None

    def decide(
        self, call: PastCall, decision: Decision, situation: Situation, conversation: str | None
    ) -> Decided:
        """Where the call would go. situation: of `situation_of`, which another world may have asked too."""
        self._conversation = None
        situation.begin(self._thresholds)
        if self.routes and decision.shape.operation == Operation.GENERATE:
            situation.conversation = conversation

        def price(target: Target) -> Price | None:
            return self._known.price(target, call.at)

        wanted = self._known.wanted(call, situation, price)
        if wanted is None:
            return Decided((), None, blocked=f"{call.asked} is not known here any more")
        first = wanted.targets[0]
        situation.facts = Facts(call.tags, call.token, first.model, first.provider)
        chosen = self._chosen(call, decision, situation, wanted, price)
        # Nobody reads its reason: the words would cost more than the choice.
        found = Plan(chosen.targets, chosen.route, "")
        guessed = found.route in self._measured
        if guessed:
            found = _as_it_was(found, decision)
        found = self._pinned(call, decision, situation, found, price)
        return self._decided(call, found, situation, chosen.shadow, guessed)

    def went(self, call: PastCall, target: Target) -> None:
        """The call that was decided last was served there: its conversation stays."""
        if self._conversation is None or call.outcome is not Outcome.OK or call.cached:
            return
        usage = call.usage
        warm = usage.cached_input + usage.cache_write + usage.cache_write_1h
        self._pins.keep(self._conversation, Pin(target, self._complexity, warm), call.ended)

    def _chosen(
        self, call: PastCall, decision: Decision, situation: Situation, wanted: Wanted, price: PriceOf
    ) -> Chosen:
        if self._scores:
            _ = situation.score
        if decision.shape.off:
            return Chosen(wanted.targets, None)
        return self._chooser.choose(
            situation,
            wanted,
            lambda: Measures(price=price, draw=draw_of(situation.conversation or call.id)),
        )

    def _pinned(
        self, call: PastCall, decision: Decision, situation: Situation, found: Plan, price: PriceOf
    ) -> Plan:
        conversation = situation.conversation
        if conversation is None or found.route in self._free:
            return found
        self._conversation = conversation
        complexity = situation.complexity if situation.score_if_measured else None
        pin = self._pins.find(conversation, call.at) or self._earlier(conversation, decision, complexity)
        staying, self._complexity = pinned(found, pin, complexity, price, self._routing.most_loss_nano)
        return staying

    def _earlier(self, conversation: str, decision: Decision, complexity: Complexity | None) -> Pin | None:
        """Where a conversation was that had begun before the past that is replayed."""
        if self._pins.knows(conversation) or not (decision.kept or "").startswith(_STAYED):
            return None
        provider, _, model = decision.targets[0].partition("/")
        return Pin(Target(provider, model), complexity)

    def _decided(
        self, call: PastCall, found: Plan, situation: Situation, shadow: tuple[str, ...], guessed: bool
    ) -> Decided:
        able = self._known.able
        why = [able(each, call) for each in found.targets]
        targets = found.targets
        if any(why):
            targets = tuple(each for each, reason in zip(targets, why, strict=True) if not reason)
        return Decided(
            targets=targets,
            route=found.route,
            first=str(targets[0]) if targets else "",
            shadow=shadow,
            blocked="" if targets else why[0],
            unscored=situation.scored_in_vain and situation.operation == Operation.GENERATE,
            guessed=guessed,
        )


def situation_of(
    call: PastCall, decision: Decision, tz: tzinfo, used: Callable[[str], float | None]
) -> Situation:
    """A past call as routes see it; its conversation is not set. used: the share of a budget at that
    moment."""
    shape = decision.shape
    return Situation(
        facts=Facts(call.tags, call.token),
        asked=shape.asked,
        format=call.format,
        local=call.at.astimezone(tz),
        operation=shape.operation,
        stream=call.stream,
        tools=shape.tools,
        images=shape.images,
        context=shape.context,
        messages=shape.messages,
        measure=lambda _: _score(decision),
        used=used,
        judge=shape.judge,
    )


def conversation_of(call: PastCall, decision: Decision) -> str | None:
    """The conversation of a call, also of one that came before there was any route."""
    known = decision.shape.conversation
    if known is None and call.session:
        return f"{call.token}/{decision.shape.asked}/{call.session}"
    return known


def _score(decision: Decision) -> Score | None:
    shape = decision.shape
    if shape.score is None:
        return None
    # Its parts decide nothing.
    return Score(shape.score, ())


def _as_it_was(found: Plan, decision: Decision) -> Plan:
    """Where the same route chose among the same targets, its order of then."""
    by_name = {str(each): each for each in found.targets}
    if found.route != decision.route or set(by_name) != set(decision.targets):
        return found
    return Plan(tuple(by_name[each] for each in decision.targets), found.route, "")


class _Pins:
    """Where conversations are, as far as calls have ended."""

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience
        self._kept: dict[str, tuple[datetime, Pin]] = {}
        self._coming: list[tuple[datetime, int, str, Pin]] = []
        self._n = 0

    def keep(self, conversation: str, pin: Pin, at: datetime) -> None:
        """From `at` on the conversation is there."""
        self._n += 1
        heappush(self._coming, (at, self._n, conversation, pin))

    def knows(self, conversation: str) -> bool:
        """Whether a call of it has ended."""
        return conversation in self._kept

    def find(self, conversation: str, now: datetime) -> Pin | None:
        """Where it is, unless its last call is too long ago."""
        while self._coming and self._coming[0][0] <= now:
            at, _, ended, pin = heappop(self._coming)
            self._kept[ended] = at, pin
        found = self._kept.get(conversation)
        return found[1] if found is not None and now - found[0] <= self._patience else None
