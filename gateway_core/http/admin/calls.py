"""Single calls: the latest ones, those under way, and one by its id."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.calls import CallAnswer, CallsAnswer
from gateway_core.http.admin.bodies import CorrectionBody
from gateway_core.http.admin.edits import Who
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.http.admin.queries import Filter
from gateway_core.model.errors import Refusal
from gateway_core.model.money import nano_from_usd
from gateway_core.model.rows import Certainty, Correction

router = APIRouter(tags=["calls"])


@router.get("/calls")
async def calls(
    gateway: Gateway,
    where: Filter,
    limit: Annotated[int, Query(ge=1, le=5000)] = 200,
    before: str | None = None,
) -> CallsAnswer:
    """The newest ended calls (`before`: older than that id), and all that are under way."""
    try:
        ended = await read(gateway.queries.calls, limit, before, where)
    except ValueError:
        raise Refusal(404, "no_such_call", f"there is no call {before!r}") from None
    running = [] if where or before else gateway.live_calls()
    return CallsAnswer(
        calls=[CallAnswer.model_validate(each) for each in ended],
        in_flight=[CallAnswer.model_validate(each) for each in running],
    )


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
    return CallAnswer.model_validate(found)


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
