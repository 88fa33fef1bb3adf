"""Learning from the user's own traffic: a person's word on a call, and a lesson from what is remembered."""

from __future__ import annotations

from functools import partial

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.base import Answer, DoneAnswer
from gateway_core.http.admin.bodies import ThumbBody
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.http.admin.heard import strong_of
from gateway_core.http.admin.subject import subject
from gateway_core.lessons import Subject, teach
from gateway_core.model.errors import Refusal
from gateway_core.rules.learning import Lesson, NotEnough, Outcome

router = subject("routes")


class LessonAnswer(Answer):
    """What was learned; rule, learned: APGR; gain: their difference with the ends of its interval."""

    date: str
    labels: int
    rule: float
    learned: float
    gain: tuple[float, float, float]
    used: bool


@router.post("/calls/{id}/thumb")
async def thumb(id: str, body: ThumbBody, gateway: Gateway) -> DoneAnswer:
    """Says whether a call's answer was good enough."""
    if not await read(gateway.outcome_store.thumb, id, up=body.thumb == "up"):
        raise Refusal(
            404,
            "not_remembered",
            f"call {id[:80]!r} is not remembered; calls are from `learn = true` under [routing] on",
        )
    return DoneAnswer()


@router.post("/lessons/own")
async def learn_own(gateway: Gateway) -> LessonAnswer:
    """Learns from the outcomes of the calls that are remembered, in the place of what was known."""
    at = instant_text(gateway.clock.now())
    try:
        return _answer(await read(_learned, gateway, at))
    except NotEnough as error:
        raise Refusal(409, "too_few_outcomes", str(error)) from None


def _learned(gateway: Gateway, at: str) -> Lesson:
    strong = {
        str(each) for each in map(partial(strong_of, gateway), gateway.policies.current.opinions) if each
    }
    kept = [Outcome(each.features, each.rule, each.bad) for each in gateway.outcome_store.all(strong)]
    return teach(gateway.settings.data, Subject.PROMPTS, kept, at)


def _answer(lesson: Lesson) -> LessonAnswer:
    return LessonAnswer(
        date=lesson.date,
        labels=lesson.labels,
        rule=lesson.rule,
        learned=lesson.learned,
        gain=(lesson.gain.value, lesson.gain.low, lesson.gain.high),
        used=lesson.beats_the_rule,
    )
