"""Answers that are to be asked for again of another model, until somebody has time for them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from math import inf

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
"""Seconds without a second opinion after one was refused: what refused it is hardly gone sooner."""


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


class Opinions:
    """Second opinions to come, and where they are remembered. All of it in one event loop."""

    def __init__(self, store: OpinionStore, outcomes: OutcomeStore, clock: Clock) -> None:
        self.waiting: asyncio.Queue[First] = asyncio.Queue(MOST_WAITING)
        self._store, self._outcomes, self._clock = store, outcomes, clock
        self._rests_until = 0.0
        """Monotonic seconds."""
        self._why = ""

    @property
    def rests(self) -> bool:
        """Whether none is to be taken now."""
        return self.why is not None

    @property
    def why(self) -> str | None:
        """Why none is taken now."""
        if self._clock.monotonic() < self._rests_until:
            return self._why
        return f"{MOST_WAITING} calls wait to be asked again" if self.waiting.full() else None

    def rest(self, why: str, seconds: float = REST) -> None:
        """One was refused: none for a while."""
        self._rests_until, self._why = self._clock.monotonic() + seconds, why
        while not self.waiting.empty():
            self.waiting.get_nowait()

    def stop(self) -> None:
        """The gateway ends: none any more."""
        self.rest("the gateway shuts down", inf)

    def hand_in(self, first: First) -> None:
        """An answered call to be asked again, once there is time."""
        if not self.rests:
            self.waiting.put_nowait(first)

    def keep(self, first: First, taken: Taken) -> None:
        """What came of one, remembered and there to learn from."""
        self._store.keep(taken)
        if taken.gain is not None and first.prompt:
            score = measure(first.prompt)
            why = "check" if taken.judge_id is None else "judge"
            features = of_prompt(first.prompt, score)
            self._outcomes.judge(first.call_id, str(first.target), score.value, features, taken.gain, why)
