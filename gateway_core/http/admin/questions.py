"""Questions: calls that wait for a person's word, because a budget asks at its limit."""

from __future__ import annotations

from gateway_core.admission.questions import Verdict
from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.answers.limits import QuestionAnswer, QuestionsAnswer
from gateway_core.http.admin.bodies import VerdictBody
from gateway_core.http.admin.engine import Gateway
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Refusal

router = subject("budgets")

_ANSWERS = (Verdict.ONCE, Verdict.RAISED, Verdict.CHEAPER, Verdict.REFUSE)


@router.get("/questions")
async def questions(gateway: Gateway) -> QuestionsAnswer:
    """The open questions, the oldest first."""
    return QuestionsAnswer(questions=[QuestionAnswer(**each.view()) for each in gateway.questions.open])


@router.post("/questions/{question_id}")
async def answer(question_id: str, body: VerdictBody, gateway: Gateway) -> DoneAnswer:
    """Decides one: `once` lets this call pass, `raised` tries it again (raise the budget before), `cheaper`
    goes on with the next target of its plan, `refuse` refuses it."""
    if body.answer not in _ANSWERS:
        raise Refusal(400, "unknown_answer", f"{body.answer!r} is none of {', '.join(_ANSWERS)}")
    gateway.questions.answer(question_id, Verdict(body.answer))
    return DoneAnswer()
