"""Answers that are to be asked for again of another model, until somebody has time for them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from gateway_core.clock import Clock
from gateway_core.model.call import Ask, Target
from gateway_core.model.policy import Opinion
from gateway_core.model.tags import Tags
from gateway_core.pipeline.exchange import Inbound
from gateway_core.rules.complexity import measure
from gateway_core.rules.features import of_prompt
from gateway_core.store.cache import CachedAnswer
from gateway_core.store.opinions import OpinionStore, Taken
from gateway_core.store.outcomes import OutcomeStore

MOST_WAITING = 32
"""Calls that wait to be asked again; more are let go."""
REST = 300.0
"""Seconds without opinions of a name after one was refused: what refused it is hardly gone sooner."""


@dataclass(frozen=True, slots=True)
class First:
    """A call that was answered, as it has to be known to ask it again. Lives in memory alone."""

    opinion: Opinion
    call_id: str
    request: Inbound
    ask: Ask
    target: Target
    answer: CachedAnswer
    prompt: str
    tags: Tags


@dataclass(frozen=True, slots=True)
class _Rest:
    """until: monotonic seconds."""

    opinion: Opinion
    until: float
    why: str


class Opinions:
    """Second opinions to come, and where they are remembered. All of it in one event loop."""

    def __init__(self, store: OpinionStore, outcomes: OutcomeStore, clock: Clock) -> None:
        self.waiting: asyncio.Queue[First] = asyncio.Queue(MOST_WAITING)
        self._store, self._outcomes, self._clock = store, outcomes, clock
        self._resting: dict[str, _Rest] = {}
        self._stopped = False

    @property
    def why_none(self) -> str | None:
        """Why none of any name is taken now."""
        if self._stopped:
            return "the gateway shuts down"
        return f"{MOST_WAITING} calls wait to be asked again" if self.waiting.full() else None

    def why_not(self, opinion: Opinion) -> str | None:
        """Why none of this opinion is taken now. One that was edited since it was refused is tried again."""
        rest = self._resting.get(opinion.name)
        if rest is not None and rest.opinion == opinion and self._clock.monotonic() < rest.until:
            return rest.why
        return self.why_none

    def rest(self, opinion: Opinion, why: str) -> None:
        """One was refused: none of this opinion for a while. Others may have room."""
        self._resting[opinion.name] = _Rest(opinion, self._clock.monotonic() + REST, why)
        waiting = [self.waiting.get_nowait() for _ in range(self.waiting.qsize())]
        for first in waiting:
            if first.opinion.name != opinion.name:
                self.waiting.put_nowait(first)

    def stop(self) -> None:
        """The gateway ends: none any more."""
        self._stopped = True
        while not self.waiting.empty():
            self.waiting.get_nowait()

    def hand_in(self, first: First) -> None:
        """An answered call to be asked again, once there is time."""
        if self.why_not(first.opinion) is None:
            self.waiting.put_nowait(first)

    def keep(self, first: First, taken: Taken, *, judged: bool) -> None:
        """What came of one, remembered and there to learn from. judged: by a judge, not by checks."""
        self._store.keep(taken)
        if taken.gain is not None and first.prompt:
            score = measure(first.prompt)
            why = "judge" if judged else "check"
            features = of_prompt(first.prompt, score)
            self._outcomes.judge(first.call_id, str(first.target), score.value, features, taken.gain, why)
