"""Routes and budgets tried on past calls before they are in force, and routes on one prompt."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from fastapi.responses import StreamingResponse

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.base import Answer
from gateway_core.http.admin.answers.trials import BudgetTestAnswer, PromptAnswer, RoutesTestAnswer
from gateway_core.http.admin.bodies import BudgetTestBody, PromptBody, RoutesTestBody
from gateway_core.http.admin.drafts import Knowing, can_call, drafted
from gateway_core.http.admin.engine import Engine, Gateway, read
from gateway_core.http.admin.heard import heard
from gateway_core.http.admin.prompting import tried_on
from gateway_core.http.admin.replays import Span, before, budgets_asked, go_through
from gateway_core.http.admin.subject import subject
from gateway_core.http.admin.told import limits_told, routes_told
from gateway_core.model.call import Target
from gateway_core.model.errors import Refusal
from gateway_core.model.past import PastCall
from gateway_core.model.policy import AtLimit, Budget, Policy
from gateway_core.rules.replaying.limits import LimitTrial
from gateway_core.rules.replaying.routes import Trial
from gateway_core.rules.replaying.used import Used
from gateway_core.rules.replaying.world import World
from gateway_core.rules.routing import cheaper
from gateway_core.settings.policy import read_budget
from gateway_core.settings.table import Table
from gateway_core.store.instants import micros

router = subject("trials")
LINES = "application/x-ndjson"
A = TypeVar("A", bound=Answer)


@router.post("/routes/test", response_model=RoutesTestAnswer)
async def test_routes(body: RoutesTestBody, gateway: Gateway, progress: bool = False) -> Any:
    """What a draft of routes or thresholds would have done to past calls; nothing is sent, nothing changes.

    With `progress` the answer is JSON lines: {"done": 0.25} as it goes, at last {"result": …}.
    """
    now = gateway.policies.current
    draft = drafted(now, body)
    keyless = await can_call(gateway, (now, draft))
    asked = budgets_asked((now, draft), now.budgets)
    span = Span.of(gateway, body.since, body.until, asked)

    def steps() -> Iterator[float | RoutesTestAnswer]:
        began = time.perf_counter()
        trial = _trial(gateway, now, draft, keyless, asked, span)
        yield from go_through(gateway, span, body.where, trial)
        yield routes_told(trial.found, now, draft, span, time.perf_counter() - began)

    return await _answer(steps, progress)


@router.post("/routes/try")
async def try_prompt(body: PromptBody, gateway: Gateway) -> PromptAnswer:
    """Where one prompt would go by the routes in force or a draft, and why; nothing is sent."""
    draft = drafted(gateway.policies.current, body)
    keyless = await can_call(gateway, (draft,))
    return await read(tried_on, gateway, draft, Knowing(gateway, draft, keyless), body)


@router.post("/budgets/test", response_model=BudgetTestAnswer)
async def test_budget(body: BudgetTestBody, gateway: Gateway, progress: bool = False) -> Any:
    """What a budget would have done over past calls; with `progress` as JSON lines, as `routes/test`."""
    fields = body.model_dump(exclude_none=True, exclude={"since", "until"})
    budget = read_budget(Table(fields, f"budget {body.name!r}"))
    span = Span.of(gateway, body.since, body.until, [budget])

    def steps() -> Iterator[float | BudgetTestAnswer]:
        began = time.perf_counter()
        spare = _spare(gateway, budget)
        price = Knowing(gateway, gateway.policies.current, frozenset()).price
        trial = LimitTrial(budget, gateway.timezone, span.first, before(gateway, span), price, spare)
        # Where a call could have gone is asked only by a budget that sends it elsewhere.
        asks = budget.at_limit is AtLimit.DOWNGRADE and budget.downgrade_to is None
        yield from go_through(gateway, span, {}, trial, decided=asks)
        yield limits_told(trial.found, budget, span, time.perf_counter() - began)

    return await _answer(steps, progress)


def _trial(
    engine: Engine,
    now: Policy,
    draft: Policy,
    keyless: frozenset[str],
    asked: list[Budget],
    span: Span,
) -> Trial:
    knowing = Knowing(engine, now, keyless)
    alike = (now.routes, now.routing) == (draft.routes, draft.routing)
    return Trial(
        World(now.routes, now.routing, knowing.known()),
        World(draft.routes, draft.routing, knowing.known()),
        Used(asked, engine.timezone, span.first, before(engine, span)),
        knowing.price,
        {} if alike else heard(engine, micros(instant_text(span.since))),
        alike=alike,
    )


def _spare(engine: Engine, budget: Budget) -> Callable[[PastCall], Target | None]:
    """What takes over where a budget downgrades: the model that it names, or a cheaper one of the plan."""
    if budget.downgrade_to is not None:
        named = engine.catalog.resolve(budget.downgrade_to, at=engine.clock.now())
        return lambda call: named

    def planned(call: PastCall) -> Target | None:
        names = call.decision.targets if call.decision else ()
        targets = [Target(*each.split("/", 1)) for each in names]
        if len(targets) < 2:
            return None
        found = cheaper(targets, lambda each: engine.prices.find(each.provider, each.model, call.at))
        return found[0] if found else None

    return planned


async def _answer(steps: Callable[[], Iterator[float | A]], progress: bool) -> A | StreamingResponse:
    """The last step's answer; with progress all steps as JSON lines. The steps run in worker threads."""
    if progress:
        return StreamingResponse(_lines(steps()), media_type=LINES)

    def last() -> A:
        found = [step for step in steps() if not isinstance(step, float)]
        return found[-1]

    return await read(last)


def _lines(steps: Iterator[float | A]) -> Iterator[bytes]:
    try:
        for step in steps:
            told = {"done": round(step, 4)} if isinstance(step, float) else {"result": step.model_dump()}
            yield json.dumps(told).encode() + b"\n"
    except Refusal as refusal:
        yield json.dumps({"error": {"code": refusal.code, "message": refusal.message}}).encode() + b"\n"
