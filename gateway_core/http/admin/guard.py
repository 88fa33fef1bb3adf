"""The runaway guard: its rules, what it has stopped, and how to lift that."""

from __future__ import annotations

from gateway_core.http.admin.answers.alerts import GuardAnswer, LiftedAnswer, RuleAnswer, StopAnswer
from gateway_core.http.admin.bodies import LiftBody
from gateway_core.http.admin.engine import Gateway
from gateway_core.http.admin.subject import subject
from gateway_core.model.money import usd_string
from gateway_core.rules.watch import BURN_MINUTES, GuardRules

router = subject("guard")


@router.get("/guard")
async def guard(gateway: Gateway) -> GuardAnswer:
    """What the guard looks for, and which calls it refuses just now."""
    rules = gateway.runaway.rules
    stops = gateway.runaway.stops.standing(gateway.clock.monotonic())
    return GuardAnswer(
        on=rules.on,
        rules=_rules(rules),
        stops=[
            StopAnswer(
                number=stop.number,
                rule=stop.rule,
                what=stop.what,
                usd_per_hour=usd_string(stop.hourly),
                until=stop.until,
                refused=stop.refused,
            )
            for stop in stops
        ],
    )


@router.post("/guard/lift")
async def lift(body: LiftBody, gateway: Gateway) -> LiftedAnswer:
    """Lets calls through again that the guard has stopped."""
    return LiftedAnswer(lifted=gateway.runaway.lift(body.number))


def _rules(rules: GuardRules) -> list[RuleAnswer]:
    def timed(calls: int, seconds: float, what: str) -> str:
        return f"{calls} {what} within {round(seconds / 60)} min"

    repeat, errors, burn = rules.repeat, rules.errors, rules.burn
    floor = usd_string(burn.floor_nano)
    usual = f"{burn.times} times the usual of a project or user within {BURN_MINUTES} min, from ${floor} on"
    words = {
        "repeat": (repeat.action, timed(repeat.calls, repeat.seconds, "identical calls")),
        "errors": (errors.action, timed(errors.calls, errors.seconds, "calls that fail alike")),
        "fan_out": (rules.fan_out.action, f"more than {rules.fan_out.calls} calls at once"),
        "burn": (burn.action, usual),
    }
    return [RuleAnswer(rule=name, action=str(action), words=text) for name, (action, text) in words.items()]
