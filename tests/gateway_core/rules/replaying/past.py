"""Past calls as a gateway would have left them, for tests: each decided and pinned as on its way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from gateway_core.model.call import Target
from gateway_core.model.decision import Decision
from gateway_core.model.past import PastCall
from gateway_core.model.policy import Price, Rates, Route, Routing
from gateway_core.model.rows import Outcome
from gateway_core.model.usage import Usage
from gateway_core.rules.complexity import Part, Score, Thresholds
from gateway_core.rules.matching import Facts
from gateway_core.rules.pricing import cost
from gateway_core.rules.replaying.routes import Trial, Tried
from gateway_core.rules.replaying.used import Used
from gateway_core.rules.replaying.world import Known, World
from gateway_core.rules.routing import Wanted, plan
from gateway_core.rules.routing.ordering import Measures, draw_of
from gateway_core.rules.routing.situation import Situation
from gateway_core.rules.routing.staying import Pin, pinned, pins
from gateway_core.state.pins import Pins
from tests.gateway_core.rules.routing.making import resolve

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
RATES = {"gpt-5.5": ("4", "0.4", "30"), "gpt-5.1": ("1", "0.1", "10"), "gpt-5-nano": ("0.05", "0.005", "0.4")}
ASKED = Target("openai", "gpt-5.5")
USUAL = Routing()


def price(target: Target, at: datetime = START) -> Price | None:
    rates = RATES.get(target.model)
    if rates is None:
        return None
    fresh, cached, out = map(Decimal, rates)
    return Price(target.model, Rates(fresh, out, cached), context_window=100_000)


def known(able: dict[str, str] | None = None) -> Known:
    why = able or {}
    return Known(
        resolve, lambda *_: Wanted((ASKED,)), price, lambda target, _: why.get(target.model, ""), UTC
    )


class Gateway:
    """Decides calls one after the other, as the pipeline does."""

    def __init__(self, routes: Sequence[Route], routing: Routing = USUAL) -> None:
        self._routes, self._routing = routes, routing
        self._pins = Pins()
        self._n = 0

    def call(self, **words: Any) -> PastCall:
        """A call: tags, session, score, usage, seconds (after the start), lasting, context, messages."""
        self._n += 1
        at = START + timedelta(seconds=words.get("seconds", self._n * 10))
        tags, session = words.get("tags", {}), words.get("session")
        score = words.get("score")
        situation = Situation(
            Facts(tags, "me", ASKED.model, ASKED.provider),
            "gpt-5.5",
            "openai",
            at,
            context=words.get("context", 1000),
            messages=words.get("messages", 1),
            conversation=f"me/gpt-5.5/{session}" if session and self._routes else None,
            measure=lambda _: None if score is None else Score(score, (Part("length", score),)),
            thresholds=Thresholds(self._routing.medium, self._routing.hard, self._routing.margin),
        )
        if self._routing.always_score:
            _ = situation.score
        id = f"call {self._n}"
        draw = draw_of(situation.conversation or id)
        found = plan(self._routes, situation, Wanted((ASKED,)), resolve, Measures(price, draw=draw))
        conversation, remembered = situation.conversation, None
        if conversation is not None and pins(found, self._routes):
            complexity = situation.complexity if situation.score_if_measured else None
            pin = self._pins.find(conversation, at.timestamp(), self._routing.pin_seconds)
            found, remembered = pinned(found, pin, complexity, price, self._routing.most_loss_nano)
        target, usage = found.targets[0], words.get("usage", Usage(input=1000, output=100))
        ended = at + timedelta(seconds=words.get("lasting", 1))
        outcome = words.get("outcome", Outcome.OK)
        if conversation is not None and pins(found, self._routes) and outcome is Outcome.OK:
            warm = usage.cached_input + usage.cache_write
            self._pins.keep(conversation, Pin(target, remembered, warm), ended.timestamp())
        assert found.decision is not None
        return past(id, at, ended, found.decision, target, usage, outcome, tags=tags, session=session)


def past(
    id: str,
    at: datetime,
    ended: datetime,
    decision: Decision,
    target: Target,
    usage: Usage,
    outcome: Outcome = Outcome.OK,
    **more: Any,
) -> PastCall:
    found = price(target)
    nano = cost(usage, found) if found else None
    values: dict[str, Any] = {
        "token": "me",
        "tags": {},
        "session": None,
        "asked": "gpt-5.5",
        "format": "openai",
        "stream": False,
        "cached": False,
        "priced": True,
        "held": 0,
        **more,
    }
    return PastCall(
        id=id,
        at=at,
        ended=ended,
        served=target,
        outcome=outcome,
        usage=usage,
        cost=nano or 0,
        decision=decision,
        **values,
    )


def replayed(
    calls: Iterable[PastCall],
    now: Sequence[Route],
    draft: Sequence[Route],
    routing: Routing = USUAL,
    drafted: Routing | None = None,
    able: dict[str, str] | None = None,
) -> Tried:
    """What a draft would have done."""
    trial = Trial(
        World(now, routing, known(able)),
        World(draft, drafted or routing, known(able)),
        Used((), UTC, START, lambda *_: 0),
        price,
    )
    trial.take(sorted(calls, key=lambda each: each.at))
    return trial.found
