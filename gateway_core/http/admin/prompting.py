"""One prompt before the routes: where it would go, and why."""

from __future__ import annotations

from datetime import timedelta

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.decisions import PartAnswer, RuleAnswer, ScoreAnswer, TargetAnswer
from gateway_core.http.admin.answers.trials import PromptAnswer
from gateway_core.http.admin.bodies import PromptBody
from gateway_core.http.admin.drafts import Knowing
from gateway_core.http.admin.engine import Engine
from gateway_core.model.call import Ask, DialectName, Operation, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.money import Nano, usd_string
from gateway_core.model.policy import Policy, Price
from gateway_core.model.usage import Usage
from gateway_core.rules.complexity import Thresholds, measure
from gateway_core.rules.estimate import input_estimate
from gateway_core.rules.matching import Facts
from gateway_core.rules.pricing import cost
from gateway_core.rules.routing import Wanted, plan
from gateway_core.rules.routing.explaining import steps
from gateway_core.rules.routing.ordering import Measures, draw_of
from gateway_core.rules.routing.situation import Situation

USUAL_ANSWER = 500
"""Tokens of an answer where there was none of late."""
_LATE = timedelta(days=7)


def tried_on(engine: Engine, policy: Policy, knowing: Knowing, body: PromptBody) -> PromptAnswer:
    """What becomes of the prompt. Raises Refusal 400 and 404. Reads the ledger: in a worker thread."""
    now = engine.clock.now()

    def price(target: Target) -> Price | None:
        return knowing.price(target, now)

    situation = _situation(engine, policy, body)
    wanted = knowing.wanted(situation, price) or Wanted((knowing.resolve(body.model),))
    first = wanted.targets[0]
    situation.facts = Facts(body.tags, body.token, first.model, first.provider)
    measures = Measures(price, engine.vitals.latency_ms, engine.vitals.running, draw_of(body.prompt))
    # Asked for here, so that the parts are shown whatever the routes ask.
    _ = situation.score
    found = plan(policy.routes, situation, wanted, knowing.resolve, measures)
    assert found.decision is not None
    usage = Usage(input=situation.context, output=_usual_answer(engine))
    asked = wanted.baseline or first
    targets = [
        TargetAnswer(
            target=str(each),
            usd=_usd(cost_at(price(each), usage)),
            asked=each == asked,
            served=each == found.targets[0],
        )
        for each in found.targets
    ]
    return PromptAnswer(
        asked=body.model,
        target=str(found.targets[0]),
        route=found.route,
        reason=found.reason,
        rules=[
            RuleAnswer(name=each.name, when=each.when, use=list(each.use), state=str(each.said), why=each.why)
            for each in steps(policy.routes, found.decision)
        ],
        score=_score(situation),
        targets=targets,
        input_tokens=usage.input,
        output_tokens=usage.output,
        usd=targets[0].usd,
        asked_usd=_usd(cost_at(price(asked), usage)),
    )


def cost_at(price: Price | None, usage: Usage) -> Nano | None:
    """What the tokens cost; None where nobody knows."""
    return None if price is None else cost(usage, price)


def _situation(engine: Engine, policy: Policy, body: PromptBody) -> Situation:
    try:
        dialect = DialectName(body.format)
    except ValueError:
        known = ", ".join(DialectName)
        raise Refusal(400, "invalid_format", f"format {body.format!r} is none of {known}") from None
    ask = Ask(
        dialect,
        Operation.GENERATE,
        body.model,
        input_bytes=len(body.prompt.encode()),
        messages=body.messages,
        has_tools=body.tools > 0,
        media_items=body.images,
    )
    score = measure(
        body.prompt,
        messages=body.messages,
        context_bytes=ask.input_bytes,
        tools=body.tools,
        images=body.images,
    )
    budgets = {each.name: each for each in policy.budgets}
    return Situation(
        facts=Facts(body.tags, body.token),
        asked=body.model,
        format=str(dialect),
        local=engine.clock.now().astimezone(engine.timezone),
        stream=body.stream,
        tools=ask.has_tools,
        images=body.images > 0,
        context=input_estimate(ask) + body.context,
        messages=body.messages,
        measure=lambda _: score,
        used=lambda name: engine.admission.account(budgets[name]).position.share if name in budgets else None,
        thresholds=Thresholds(policy.routing.medium, policy.routing.hard, policy.routing.margin),
        judge="rule",
    )


def _score(situation: Situation) -> ScoreAnswer | None:
    score = situation.score
    if score is None:
        return None
    return ScoreAnswer(
        value=round(score.value, 4),
        complexity=str(situation.complexity),
        medium=situation.thresholds.medium,
        hard=situation.thresholds.hard,
        margin=situation.thresholds.margin,
        unsure=situation.unsure,
        judge=situation.judge,
        parts=[PartAnswer(name=each.name, value=round(each.value, 4)) for each in score.parts],
    )


def _usual_answer(engine: Engine) -> int:
    """Tokens of the average answer of late."""
    sums = engine.queries.totals(instant_text(engine.clock.now() - _LATE)).all
    answered = sums.calls - sums.hits
    return sums.output_tokens // answered if answered and sums.output_tokens else USUAL_ANSWER


def _usd(nano: Nano | None) -> str | None:
    return None if nano is None else usd_string(nano)
