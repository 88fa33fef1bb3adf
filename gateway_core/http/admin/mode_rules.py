"""Mode rules: the mode of calls that name none, by what else is known of them; the first match counts."""

from __future__ import annotations

from dataclasses import replace

from gateway_core.http.admin.answers.policy import ModeRuleAnswer, ModeRulesAnswer
from gateway_core.http.admin.bodies import ModeRuleBody, ModeRulesBody
from gateway_core.http.admin.edits import Change, Who, edit
from gateway_core.http.admin.engine import Engine, Gateway
from gateway_core.http.admin.expecting import About, Expected, Over
from gateway_core.http.admin.policy_parts import revision_of, whole
from gateway_core.http.admin.queries import Filter
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import ModeRule, Policy
from gateway_core.settings.policy import read_mode_rule
from gateway_core.settings.table import Table

router = subject("policy", "/mode_rules")
RULES = whole("mode_rules")


@router.get("")
async def mode_rules(gateway: Gateway) -> ModeRulesAnswer:
    """All of them, in the order in which they are tried."""
    return _answer(gateway.policies.current.mode_rules)


@router.put("")
async def put(body: ModeRulesBody, gateway: Gateway, who: Who, over: Over) -> ModeRulesAnswer:
    """Puts these rules in place of all there are, in this order."""
    rules = tuple(_read(gateway, each) for each in body.rules)
    return await _edited(gateway, lambda old: replace(old, mode_rules=rules), who, over)


@router.post("")
async def add(body: ModeRuleBody, gateway: Gateway, who: Who, over: Over) -> ModeRulesAnswer:
    """Puts a rule before all others; one that is there already comes to the front."""
    rule = _read(gateway, body)

    def with_it(old: Policy) -> Policy:
        return replace(old, mode_rules=(rule, *_without(old.mode_rules, rule)))

    return await _edited(gateway, with_it, who, over)


@router.delete("")
async def remove(mode: str, where: Filter, gateway: Gateway, who: Who, over: Over) -> ModeRulesAnswer:
    """Takes out the rule of exactly that mode and match."""
    gone = ModeRule(mode=mode, match=where)

    def without(old: Policy) -> Policy:
        if gone not in old.mode_rules:
            raise Refusal(404, "no_such_mode_rule", f"no rule says {mode[:80]!r} of exactly these calls")
        return replace(old, mode_rules=_without(old.mode_rules, gone))

    return await _edited(gateway, without, who, over)


async def _edited(gateway: Engine, change: Change, who: str, over: Expected) -> ModeRulesAnswer:
    await edit(gateway, "mode_rules", change, who, About("the list of mode rules", RULES, over))
    return _answer(gateway.policies.current.mode_rules)


def _read(engine: Engine, body: ModeRuleBody) -> ModeRule:
    rule = read_mode_rule(Table(body.model_dump(), "mode rule"))
    engine.check_mode(rule.mode)
    return rule


def _without(rules: tuple[ModeRule, ...], one: ModeRule) -> tuple[ModeRule, ...]:
    return tuple(each for each in rules if each != one)


def _answer(rules: tuple[ModeRule, ...]) -> ModeRulesAnswer:
    return ModeRulesAnswer(
        rules=[ModeRuleAnswer(mode=each.mode, match=dict(each.match)) for each in rules],
        revision=revision_of(RULES, Policy(mode_rules=rules)),
    )
