"""What is known of moved answers: counted where the call moves, and only to the model that answered too."""

from __future__ import annotations

from datetime import UTC

from gateway_core.model.policy import Route
from gateway_core.rules.replaying.heard import Heard, Word
from gateway_core.rules.replaying.routes import Trial
from gateway_core.rules.replaying.used import Used
from gateway_core.rules.replaying.world import World
from tests.gateway_core.rules.replaying.past import START, USUAL, Gateway, known, price

NANO, MID = "openai/gpt-5-nano", "openai/gpt-5.1"
VIBES = Route("vibes", {"mode": "vibing"}, ("gpt-5-nano",))


def heard(words: list[Word], tags: dict[str, str]) -> Heard:
    """A call for each word, tried on a draft that moves vibing calls to the smallest model."""
    gateway = Gateway(())
    calls = [gateway.call(tags=tags) for _ in words]
    said = {call.id: word for call, word in zip(calls, words, strict=True)}
    now, draft = (World(routes, USUAL, known()) for routes in ((), (VIBES,)))
    trial = Trial(now, draft, Used((), UTC, START, lambda *_: 0), price, said)
    trial.take(calls)
    return trial.found.heard


WORDS = [
    Word(),
    Word(badly=True),
    Word(badly=False, other=NANO, better=-1.0),
    Word(other=NANO, better=0.5),
    Word(other=NANO),
    Word(badly=True, other=MID, better=-1.0),
]


def test_calls_that_move_are_counted() -> None:
    assert heard(WORDS, {"mode": "vibing"}) == Heard(judged=3, badly=2, compared=3, better=1, worse=1)


def test_calls_that_stay_are_not() -> None:
    assert heard(WORDS, {"mode": "building"}) == Heard()
