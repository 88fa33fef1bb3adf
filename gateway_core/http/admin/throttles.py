"""Throttles: limits on pace, and how much of them is in use."""

from __future__ import annotations

from dataclasses import replace

from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.answers.limits import ThrottleAnswer, ThrottlesAnswer
from gateway_core.http.admin.bodies import ThrottleBody
from gateway_core.http.admin.edits import Who, edit, put_named, without_named
from gateway_core.http.admin.engine import Engine, Gateway
from gateway_core.http.admin.expecting import About, Expected, Over
from gateway_core.http.admin.policy_parts import one, revision_alone
from gateway_core.http.admin.subject import subject
from gateway_core.model.money import usd_string
from gateway_core.model.policy import Policy, Throttle
from gateway_core.settings.policy import read_throttle

router = subject("throttles")


@router.get("/throttles")
async def throttles(gateway: Gateway) -> ThrottlesAnswer:
    """Every throttle and the tokens it has let through in the last minute."""
    return ThrottlesAnswer(throttles=[_answer(gateway, each) for each in gateway.policies.current.throttles])


@router.put("/throttles/{name:path}")
async def put_throttle(
    name: str, body: ThrottleBody, gateway: Gateway, who: Who, over: Over
) -> ThrottleAnswer:
    """Makes a throttle or replaces the one of that name."""
    throttle = read_throttle(body.table("throttle", name))

    def with_it(old: Policy) -> Policy:
        return replace(old, throttles=put_named(old.throttles, throttle))

    await edit(gateway, "throttles", with_it, who, _about(name, over))
    return _answer(gateway, throttle)


@router.delete("/throttles/{name:path}")
async def delete_throttle(name: str, gateway: Gateway, who: Who, over: Over) -> DoneAnswer:
    """Removes a throttle."""

    def without(old: Policy) -> Policy:
        return replace(old, throttles=without_named(old.throttles, name, "throttle"))

    await edit(gateway, "throttles", without, who, _about(name, over))
    return DoneAnswer()


def _about(name: str, over: Expected) -> About:
    return About(f"throttle {name!r}", one("throttles", name), over)


def _answer(engine: Engine, throttle: Throttle) -> ThrottleAnswer:
    dollars = throttle.usd_per_hour_nano
    pace = engine.admission.state.pace(throttle)
    return ThrottleAnswer(
        name=throttle.name,
        match=dict(throttle.match),
        tokens_per_minute=throttle.tokens_per_minute,
        requests_per_minute=throttle.requests_per_minute,
        usd_per_hour=None if dollars is None else usd_string(dollars),
        concurrent=throttle.concurrent,
        used_tokens_last_minute=max(0, pace.used("tokens", engine.clock.monotonic())),
        revision=revision_alone("throttles", throttle),
    )
