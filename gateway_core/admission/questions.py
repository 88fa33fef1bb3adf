"""Calls that wait for a person's word: a budget that asks, and whoever looks at the console answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from gateway_core.bus import Bus
from gateway_core.clock import Clock, instant_text
from gateway_core.model.errors import Refusal
from gateway_core.model.events import EventKind


class Verdict(StrEnum):
    """What becomes of a call that does not fit into its budget."""

    ONCE = "once"
    """It passes, this one call."""
    RAISED = "raised"
    """The limit was raised: it is tried again."""
    CHEAPER = "cheaper"
    """A cheaper target of its plan is tried."""
    REFUSE = "refuse"
    UNASKED = "unasked"
    """Nobody was there to be asked."""


@dataclass(slots=True)
class Question:
    """One call that waits, and until when."""

    id: str
    asked_at: str
    until: str
    facts: Mapping[str, Any]
    """What a person needs to decide: budget, model, tags, what the call may cost."""
    answer: asyncio.Future[Verdict] = field(repr=False)

    def view(self) -> dict[str, Any]:
        """The question as the admin plane shows it."""
        return {"id": self.id, "asked_at": self.asked_at, "until": self.until, **self.facts}


class Questions:
    """The open questions. `watched`: whether anybody is there who could answer."""

    def __init__(self, clock: Clock, bus: Bus, watched: Callable[[], bool]) -> None:
        self._clock = clock
        self._bus = bus
        self._watched = watched
        self._number = 0
        self._open: dict[str, Question] = {}

    @property
    def open(self) -> list[Question]:
        """Those that nobody has answered yet, the oldest first."""
        return list(self._open.values())

    async def ask(self, facts: Mapping[str, Any], seconds: float) -> Verdict:
        """Waits for an answer; REFUSE when none comes in time, UNASKED at once where nobody watches."""
        if not self._watched():
            return Verdict.UNASKED
        self._number += 1
        now = self._clock.now()
        question = Question(
            id=f"q{self._number}",
            asked_at=instant_text(now),
            until=instant_text(now + timedelta(seconds=seconds)),
            facts=facts,
            answer=asyncio.get_running_loop().create_future(),
        )
        self._open[question.id] = question
        self._bus.publish(EventKind.BUDGET_QUESTION, question.view())
        verdict = Verdict.REFUSE
        try:
            verdict = await asyncio.wait_for(question.answer, seconds)
        except TimeoutError:
            pass
        finally:
            del self._open[question.id]
            self._bus.publish(EventKind.BUDGET_ANSWER, {"id": question.id, "answer": str(verdict)})
        return verdict

    def answer(self, question_id: str, verdict: Verdict) -> None:
        """Decides a question. Raises Refusal 404 for one that is not open (any more)."""
        question = self._open.get(question_id)
        if question is None or question.answer.done():
            raise Refusal(404, "no_such_question", f"question {question_id!r} is not open; it was answered")
        question.answer.set_result(verdict)
