"""Switches for a hurry: stop all spending, or send everything to the cheapest, until somebody lifts that."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.policy import PanicAnswer, PanicsAnswer
from gateway_core.http.admin.bodies import PanicBody
from gateway_core.http.admin.edits import Who, edit
from gateway_core.http.admin.engine import Engine, Gateway
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Panic, Restraint

router = APIRouter(tags=["panic"])


@router.get("/panics")
async def panics(gateway: Gateway) -> PanicsAnswer:
    """The switches that are thrown."""
    return _all(gateway)


@router.post("/panics")
async def throw(body: PanicBody, gateway: Gateway, who: Who) -> PanicsAnswer:
    """Throws a switch for matching calls, in place of another one for the same calls."""
    try:
        restraint = Restraint(body.restraint)
    except ValueError:
        raise Refusal(400, "invalid_restraint", f"{body.restraint!r} is neither stop nor cheap") from None
    panic = Panic(restraint, body.match, instant_text(gateway.clock.now()), who)
    await edit(
        gateway,
        "panics",
        lambda old: replace(old, panics=(*_others(old.panics, body.match), panic)),
        who,
    )
    return _all(gateway)


@router.delete("/panics")
async def lift(gateway: Gateway, who: Who) -> PanicsAnswer:
    """Lifts every switch; what it held back goes on with the next call."""
    await edit(gateway, "panics", lambda old: replace(old, panics=()), who)
    return _all(gateway)


def _others(thrown: tuple[Panic, ...], match: dict[str, str]) -> tuple[Panic, ...]:
    return tuple(each for each in thrown if dict(each.match) != match)


def _all(engine: Engine) -> PanicsAnswer:
    return PanicsAnswer(
        panics=[
            PanicAnswer(restraint=str(each.restraint), match=dict(each.match), since=each.since, who=each.who)
            for each in engine.policies.current.panics
        ]
    )
