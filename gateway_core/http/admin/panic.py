"""Switches for a hurry: stop all spending, or send everything to the cheapest, until somebody lifts that."""

from __future__ import annotations

from dataclasses import replace

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.policy import PanicAnswer, PanicsAnswer
from gateway_core.http.admin.bodies import PanicBody, PanicsBody
from gateway_core.http.admin.edits import Change, Who, edit
from gateway_core.http.admin.engine import Engine, Gateway
from gateway_core.http.admin.expecting import About, Expected, Over
from gateway_core.http.admin.policy_parts import revision_of, thrown
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Panic, Policy, Restraint

router = subject("panic")


@router.get("/panics")
async def panics(gateway: Gateway) -> PanicsAnswer:
    """The switches that are thrown."""
    return _all(gateway)


@router.put("/panics")
async def put(body: PanicsBody, gateway: Gateway, who: Who, over: Over) -> PanicsAnswer:
    """Throws exactly these switches: others are lifted, and those that are thrown stay as they are."""
    wanted = [_read(gateway, each, who) for each in body.panics]

    def exactly(old: Policy) -> Policy:
        there = {_said(each): each for each in old.panics}
        return replace(old, panics=tuple(there.get(_said(each), each) for each in wanted))

    return await _edited(gateway, exactly, who, over)


@router.post("/panics")
async def throw(body: PanicBody, gateway: Gateway, who: Who, over: Over) -> PanicsAnswer:
    """Throws a switch for matching calls, in place of another one for the same calls."""
    panic = _read(gateway, body, who)

    def with_it(old: Policy) -> Policy:
        others = (each for each in old.panics if dict(each.match) != body.match)
        return replace(old, panics=(*others, panic))

    return await _edited(gateway, with_it, who, over)


@router.delete("/panics")
async def lift(gateway: Gateway, who: Who, over: Over) -> PanicsAnswer:
    """Lifts every switch; what it held back goes on with the next call."""
    return await _edited(gateway, lambda old: replace(old, panics=()), who, over)


async def _edited(gateway: Engine, change: Change, who: str, over: Expected) -> PanicsAnswer:
    await edit(gateway, "panics", change, who, About("what is stopped", thrown, over))
    return _all(gateway)


def _read(engine: Engine, body: PanicBody, who: str) -> Panic:
    try:
        restraint = Restraint(body.restraint)
    except ValueError:
        raise Refusal(400, "invalid_restraint", f"{body.restraint!r} is neither stop nor cheap") from None
    return Panic(restraint, body.match, instant_text(engine.clock.now()), who)


def _said(panic: Panic) -> tuple[object, ...]:
    """What it does and to whom, whoever threw it."""
    return panic.restraint, tuple(sorted(panic.match.items()))


def _all(engine: Engine) -> PanicsAnswer:
    policy = engine.policies.current
    return PanicsAnswer(
        panics=[
            PanicAnswer(restraint=str(each.restraint), match=dict(each.match), since=each.since, who=each.who)
            for each in policy.panics
        ],
        revision=revision_of(thrown, policy),
    )
