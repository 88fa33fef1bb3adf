"""Single calls: the latest ones, those under way, and one by its id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Response

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.answers.calls import (
    CallAnswer,
    CallsAnswer,
    ReceiptAnswer,
    ReceiptItemAnswer,
    WhatIfAnswer,
)
from gateway_core.http.admin.answers.decisions import ExplanationAnswer
from gateway_core.http.admin.bodies import CallModeBody, CorrectionBody
from gateway_core.http.admin.edits import Who
from gateway_core.http.admin.engine import Engine, Gateway, read
from gateway_core.http.admin.expecting import Over
from gateway_core.http.admin.explaining import explain, usage_of
from gateway_core.http.admin.keys import callable_providers
from gateway_core.http.admin.large import large
from gateway_core.http.admin.queries import Filter
from gateway_core.http.admin.subject import subject
from gateway_core.http.admin.what_if import what_if
from gateway_core.model.errors import Refusal
from gateway_core.model.money import nano_from_usd, usd_string
from gateway_core.model.rows import CACHE_HITS, Certainty, Correction, Relabel
from gateway_core.model.usage import Usage
from gateway_core.rules.pricing import cost
from gateway_core.rules.receipt import items
from gateway_core.store.revisions import revision

router = subject("calls")


@router.get("/calls", response_model=CallsAnswer)
async def calls(
    gateway: Gateway,
    where: Filter,
    limit: Annotated[int, Query(ge=1, le=5000)] = 200,
    before: str | None = None,
) -> Response:
    """The newest ended calls (`before`: older than that id), and all that are under way."""
    running = [] if where or before else gateway.live_calls()

    def answer() -> CallsAnswer:
        try:
            ended = gateway.queries.calls(limit, before, where)
        except ValueError:
            raise Refusal(404, "no_such_call", f"there is no call {before!r}") from None
        # Row by row: between two of them running calls have the interpreter.
        return CallsAnswer(
            calls=[CallAnswer.model_validate(each) for each in ended],
            in_flight=[CallAnswer.model_validate(each) for each in running],
        )

    return await large(answer)


@router.get("/calls/{id}")
async def call(id: str, gateway: Gateway) -> CallAnswer:
    """One call, under way or ended, with its earlier tries and its corrections."""
    found = next((each for each in gateway.live_calls() if each["id"] == id), None)
    if found is not None:
        found = found | await read(gateway.queries.history, id)
    else:
        found = await read(gateway.queries.call, id)
    if found is None:
        raise Refusal(404, "no_such_call", f"there is no call {id[:80]!r}")
    return _one(found)


@router.post("/calls/{id}/end")
async def end(id: str, gateway: Gateway, who: Who) -> DoneAnswer:
    """Ends a call that is under way: its provider is let go, what it used is booked, its client is told in
    its own format."""
    gateway.end_call(id, who)
    return DoneAnswer()


@router.post("/calls/{id}/corrections")
async def correct(id: str, body: CorrectionBody, gateway: Gateway, who: Who) -> CallAnswer:
    """A person's word on what an ended call cost, from the provider's bill, say: for one that was cut off and
    is booked at its hold. Its row stays; budgets and reports count the new word."""
    try:
        nano = nano_from_usd(body.cost_usd)
    except ValueError as error:
        raise Refusal(400, "invalid_amount", f"cost_usd: {error}; write dollars such as '0.0125'") from None
    at = instant_text(gateway.clock.now())
    word = Correction(id, at, who, body.why, nano, Certainty.REPORTED)
    await read(gateway.ledger.correct, [word])
    await gateway.recount()
    gateway.changed("calls")
    return CallAnswer.model_validate(await read(gateway.queries.call, id))


@router.post("/calls/{id}/mode")
async def label(id: str, body: CallModeBody, gateway: Gateway, who: Who, over: Over) -> CallAnswer:
    """A person's word on which mode an ended call had. Its row stays; budgets and reports count the call, and
    its tries, to the new mode."""
    if body.mode is not None:
        gateway.check_mode(body.mode)
    at = instant_text(gateway.clock.now())
    check = over.check(f"the mode of call {id[:80]} was said anew meanwhile; look at it again")
    await read(gateway.ledger.relabel, [Relabel(id, at, who, body.mode)], check)
    await gateway.recount()
    gateway.changed("calls")
    return _one(await read(gateway.queries.call, id))


def _one(found: Mapping[str, Any] | None) -> CallAnswer:
    """A call that was asked for alone, with what its mode may be said over."""
    answer = CallAnswer.model_validate(found)
    said = answer.relabels[-1].mode if answer.relabels else None
    return answer.model_copy(update={"mode_revision": revision(said)})


@router.get("/calls/{id}/decision")
async def decision(id: str, gateway: Gateway) -> ExplanationAnswer:
    """Why a call went where it went: each route's say, the score's parts, targets, tries, what it saved."""
    found = await read(gateway.queries.call, id)
    if found is None:
        raise Refusal(404, "no_such_call", f"there is no call {id[:80]!r}")
    return await read(explain, gateway, found)


@router.get("/calls/{id}/receipt")
async def receipt(id: str, gateway: Gateway) -> ReceiptAnswer:
    """What an ended call was made of, and what it would have cost as it was asked for."""
    found = await read(gateway.queries.call, id)
    if found is None:
        raise Refusal(404, "no_such_call", f"there is no ended call {id[:80]!r}")
    at = datetime.fromisoformat(found["started_at"])
    usage = usage_of(found)
    price = gateway.prices.find(found["provider"], found["model"], at)
    known = price is not None and price.id == found["price_id"] and found["cache"] not in CACHE_HITS
    made = items(usage, price, nano_from_usd(found["cost_usd"])) if price is not None and known else ()
    answers = [
        ReceiptItemAnswer(
            name=item.name,
            tokens=item.tokens,
            usd_per_million=f"{item.usd_per_million:f}",
            usd=f"{item.usd:f}",
        )
        for item in made
    ]
    return ReceiptAnswer(items=answers, asked_usd=_as_asked(gateway, found, usage, at) if made else None)


@router.get("/calls/{id}/what-if")
async def on_other_models(id: str, gateway: Gateway) -> WhatIfAnswer:
    """The tokens of an ended call at the prices of every model that is known; none of them is called."""
    found = await read(gateway.queries.call, id)
    if found is None:
        raise Refusal(404, "no_such_call", f"there is no ended call {id[:80]!r}")
    return await read(what_if, gateway, found, await callable_providers(gateway))


def _as_asked(gateway: Engine, row: Mapping[str, Any], usage: Usage, at: datetime) -> str | None:
    """The same tokens at the price of the model that was asked for; None where that one served."""
    target = gateway.catalog.known(row["asked_model"], at=at)
    if target is None or (target.provider, target.model) == (row["provider"], row["model"]):
        return None
    price = gateway.prices.find(target.provider, target.model, at)
    nano = cost(usage, price) if price is not None else None
    return None if nano is None else usd_string(nano)
