"""A call as routes see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from gateway_core.model.decision import Shape
from gateway_core.rules.complexity import PLACES, Complexity, Score, Thresholds, classify, unsure
from gateway_core.rules.matching import Facts


@dataclass(slots=True)
class Situation:
    """Everything that the conditions of a route may ask for. What costs is asked for once, and only if."""

    facts: Facts
    """`model` and `provider` are those that the asked name leads to."""
    asked: str
    format: str
    local: datetime
    """Now, in the time zone of the budgets."""
    operation: str = "generate"
    stream: bool = False
    tools: bool = False
    images: bool = False
    context: int = 0
    """Likely tokens of the input."""
    messages: int = 1
    conversation: str | None = None
    measure: Callable[[Situation], Score | None] = lambda situation: None
    """How complex the last request is; None where its words are not known. It is given the situation, which
    it must not hold: the two would outlive the call together."""
    used: Callable[[str], float | None] = lambda name: None
    """The share of a budget that is used up or held, 1.0 is all; None for an unknown name."""
    thresholds: Thresholds = field(default_factory=Thresholds)
    judge: str = ""
    _score: Score | None = None
    _measured: bool = False

    @property
    def score(self) -> Score | None:
        """How complex the last request is, measured once."""
        if not self._measured:
            self._measured, self._score = True, self.measure(self)
        return self._score

    @property
    def score_if_measured(self) -> Score | None:
        """The score, where somebody has asked for it."""
        return self._score

    @property
    def scored_in_vain(self) -> bool:
        """Somebody has asked for a score, and there was none."""
        return self._measured and self._score is None

    @property
    def complexity(self) -> Complexity | None:
        """The class of the score."""
        return classify(self.score.value, self.thresholds) if self.score else None

    @property
    def unsure(self) -> str:
        """Why the class is higher than the score alone says, in words; empty where it is not."""
        return unsure(self.score.value, self.thresholds) if self.score else ""

    @property
    def told_score(self) -> str:
        """The score in words, with why the class is higher than it says; empty where there is none."""
        if self.score is None:
            return ""
        return ", ".join(filter(None, (f"{self.score.value:.2f}", self.unsure)))

    def begin(self, thresholds: Thresholds) -> None:
        """Nobody has asked for a score yet, nor for its conversation."""
        self.thresholds, self.conversation = thresholds, None
        self._measured, self._score = False, None

    def shape(self, *, off: bool = False) -> Shape:
        """What is kept of it; a score only where somebody has asked for it. off: no routing was wanted."""
        score = self._score
        return Shape(
            asked=self.asked,
            target=f"{self.facts.provider}/{self.facts.model}",
            context=self.context,
            messages=self.messages,
            tools=self.tools,
            images=self.images,
            operation=self.operation,
            off=off,
            conversation=self.conversation,
            score=None if score is None else round(score.value, PLACES),
            parts={} if score is None else {part.name: round(part.value, PLACES) for part in score.parts},
            judge=self.judge if score else "",
        )
