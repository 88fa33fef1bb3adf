"""Mode rules: the mode of calls that name none, by what else is known of them; the first match counts."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter

from gateway_core.http.admin.answers.policy import ModeRuleAnswer, ModeRulesAnswer
from gateway_core.http.admin.bodies import ModeRuleBody
from gateway_core.http.admin.edits import Who, edit
from gateway_core.http.admin.engine import Engine, Gateway
from gateway_core.http.admin.queries import Filter
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import ModeRule
from gateway_core.settings.policy import read_mode_rule
from gateway_core.settings.table import Table

router = APIRouter(prefix="/mode_rules", tags=["policy"])


@router.get("")
async def mode_rules(gateway: Gateway) -> ModeRulesAnswer:
    """All of them, in the order in which they are tried."""
    return _answer(gateway)


@router.post("")
async def add(body: ModeRuleBody, gateway: Gateway, who: Who) -> ModeRulesAnswer:
    """Puts a rule before all others; one that is there already comes to the front."""
    rule = read_mode_rule(Table(body.model_dump(), "mode rule"))
    gateway.check_mode(rule.mode)
    await edit(
        gateway,
        "mode_rules",
        lambda old: replace(old, mode_rules=(rule, *_without(old.mode_rules, rule))),
        who,
    )
    return _answer(gateway)


@router.delete("")
async def remove(mode: str, where: Filter, gateway: Gateway, who: Who) -> ModeRulesAnswer:
    """Takes out the rule of exactly that mode and match."""
    gone = ModeRule(mode=mode, match=where)
    if gone not in gateway.policies.current.mode_rules:
        raise Refusal(404, "no_such_mode_rule", f"no rule says {mode[:80]!r} of exactly these calls")
    await edit(
        gateway, "mode_rules", lambda old: replace(old, mode_rules=_without(old.mode_rules, gone)), who
    )
    return _answer(gateway)


def _without(rules: tuple[ModeRule, ...], one: ModeRule) -> tuple[ModeRule, ...]:
    return tuple(each for each in rules if each != one)


def _answer(engine: Engine) -> ModeRulesAnswer:
    rules = engine.policies.current.mode_rules
    return ModeRulesAnswer(rules=[ModeRuleAnswer(mode=each.mode, match=dict(each.match)) for each in rules])
