"""Decisions in words that a person checks in a minute: why a call went where it went. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from console import present

if TYPE_CHECKING:
    from console.shapes import Route
    from console.shapes.decisions import (
        Asked,
        Explanation,
        PromptTest,
        Rule,
        Score,
        SecondOpinion,
        TargetThen,
    )

MARKS = {
    "matched": "MATCH",
    "failed": "no",
    "watched": "shadow",
    "not_reached": "–",
    "disabled": "off",
    "off": "off",
}
_CACHE = {
    "hit": "answered from our own cache; nothing was sent",
    "miss": "our own cache was asked and had no answer",
    "bypass": "our own cache was not asked",
}


def explained(found: Explanation) -> list[str]:
    """The whole explanation of a call, a line for each thing to check."""
    reason = present.plain(found.reason or ("no reason on record" if found.known else ""))
    lines = [f"call {found.id}, {reason}" if reason else f"call {found.id}"]
    if not found.known:
        lines.append(unknown_words(found))
    if found.asked is not None:
        lines += ["", *asked_words(found.asked)]
    if found.rules:
        lines += ["", "rules, in order", *indented(rule_words(found.rules))]
    elif found.known:
        lines += ["", "no route is set: the asked model is kept"]
    if found.score is not None:
        lines += ["", *score_words(found.score)]
    lines += turned_words(found)
    if found.targets:
        lines += ["", "targets, in order of trying", *indented(target_words(found.targets))]
    return [*lines, "", *ending_words(found)]


def unknown_words(found: Explanation) -> str:
    """Why there is no decision; of a call under way there may still be one."""
    what = "no decision yet" if found.outcome is None else "no decision is on record"
    return f"{what}: {present.plain(found.why_unknown or '')}"


def then_words(route: Route, *also: str) -> str:
    """What a rule leads to: 'gpt-5-nano 3, gpt-5-mini 1 (weighted)'. also: more to be said of it."""
    names = [present.plain(name) for name in route.use]
    if route.weights:
        names = [f"{name} {weight}" for name, weight in zip(names, route.weights, strict=True)]
    more = [] if route.pick == "order" else [route.pick.replace("_", " ")]
    more += [*also, *(["shadow"] if route.shadow else [])]
    return ", ".join(names) + (f" ({', '.join(more)})" if more else "")


def asked_words(asked: Asked) -> list[str]:
    """What was asked for, in one or two lines."""
    has = [word for word, there in (("tools", asked.tools), ("images", asked.images)) if there]
    messages = present.counted(asked.messages, "message")
    shape = [f"about {asked.context_tokens:,} tokens in {messages}", *has]
    way = f"{asked.format}, {asked.operation}{', streamed' if asked.stream else ''}"
    name = present.plain(asked.model)
    leads = (
        "" if name in (asked.target, asked.target.partition("/")[2]) else f", which leads to {asked.target}"
    )
    return [f"asked for {name}{leads} ({way}): {', '.join(shape)}"]


def rule_words(rules: Iterable[Rule]) -> list[str]:
    """Each rule: its number, what became of it, and why."""
    return [f"#{number} {_rule(rule)}" for number, rule in enumerate(rules, 1)]


def _rule(rule: Rule) -> str:
    told = f"{MARKS.get(rule.state, rule.state):<6} {present.plain(rule.name)}"
    why = {
        "matched": f"when {rule.when} → {rule.why}",
        "failed": rule.why,
        "watched": f"when {rule.when}; it would have chosen {rule.why}",
        "not_reached": "not reached",
        "disabled": "switched off",
        "off": "the client asked for no routing",
    }
    return f"{told}: {present.plain(why.get(rule.state, rule.why))}"


def score_words(score: Score) -> list[str]:
    """The class, its thresholds, and what each sign added."""
    parts = " + ".join(f"{part.name} {part.value:.2f}" for part in score.parts) or "no sign of anything"
    by = f" by the {score.judge}" if score.judge else ""
    marks = f"(medium from {score.medium:g}, hard from {score.hard:g})"
    up = [f"  {score.unsure}, and the margin is {score.margin:g}"] if score.unsure else []
    return [f"complexity {score.value:.2f}{by}: {score.complexity} {marks}", *up, f"  = {parts}"]


def target_words(targets: Iterable[TargetThen]) -> list[str]:
    """Each target with what this call's tokens cost there."""
    return [
        f"{number}. {target.target}  {_price(target.usd)}"
        + ("  served" if target.served else "")
        + ("  asked" if target.asked else "")
        for number, target in enumerate(targets, 1)
    ]


def _price(usd: Decimal | None) -> str:
    return "price unknown" if usd is None else present.usd_exact(usd)


def turned_words(found: Explanation) -> list[str]:
    """What else had a say: the conversation, switches and budgets."""
    lines = [f"conversation: {present.plain(found.kept)}"] if found.kept else []
    lines += [f"then: {present.plain(each)}" for each in found.overruled]
    marks = {"warn": " (!)", "over": " (‼)"}
    budgets = [
        f"{present.plain(each.name)} {present.percent(each.share)}{marks.get(each.state, '')}"
        for each in found.budgets
    ]
    if budgets:
        lines.append(f"budgets when it began: {' · '.join(budgets)}")
    return ["", *lines] if lines else []


def ending_words(found: Explanation) -> list[str]:
    """What became of the call, try by try, and what it cost and saved."""
    lines = [
        f"try {each.number}: {each.target}: {present.plain(each.ended)}, {present.usd_exact(each.cost_usd)}"
        for each in found.attempts
    ]
    if found.outcome is None:
        return [
            *lines,
            f"under way at {found.served or 'no provider yet'}; what it costs is known at its end",
        ]
    status = f" ({found.http_status})" if found.http_status else ""
    error = f": {present.plain(found.error)}" if found.error else ""
    lines.append(f"ended {found.outcome}{status} at {found.served or 'no provider'}{error}")
    if found.cache in _CACHE:
        lines.append(f"cache: {_CACHE[found.cache]}")
    return [*lines, _money(found), *_opinion_words(found.second_opinion)]


def _opinion_words(found: SecondOpinion | None) -> list[str]:
    """What another model's answer was worth."""
    if found is None:
        return []
    better = "nobody knows which is better" if found.gain is None else _better(found.gain)
    asked = f"{found.other} was asked too (call {found.shadow_id}) for {present.usd_exact(found.cost_usd)}"
    return [f"second opinion {present.plain(found.opinion)}: {asked}; {better} ({present.plain(found.how)})"]


def _better(gain: float) -> str:
    if not gain:
        return "both answers are as good"
    return f"the {'strong' if gain > 0 else 'cheap'} model's answer is better"


def _money(found: Explanation) -> str:
    cost = f"cost {present.usd_exact(found.cost_usd)}"
    if found.asked_usd is not None:
        cost += f"; as asked it would have cost {present.usd_exact(found.asked_usd)}"
    if not found.saved_usd:
        return f"{cost}; nothing saved"
    if found.saved_usd < 0:
        return f"{cost}; {present.usd_exact(-found.saved_usd)} dearer than asked"
    return f"{cost}; saved {present.usd_exact(found.saved_usd)}"


def prompt_words(found: PromptTest) -> list[str]:
    """Where one prompt would go, and why."""
    number = next((at for at, each in enumerate(found.rules, 1) if each.state == "matched"), None)
    rule = f"rule #{number} {present.plain(found.route or '')}" if number else "no rule"
    price = "price unknown" if found.usd is None else f"est. {present.usd_exact(found.usd)}"
    if found.asked_usd is not None and found.asked_usd != found.usd:
        price += f" instead of {present.usd_exact(found.asked_usd)}"
    lines = [f"→ {rule} → {found.target}  {price}", *indented(rule_words(found.rules))]
    if found.score is not None:
        lines += score_words(found.score)
    lines += ["targets, in order of trying", *indented(target_words(found.targets))]
    told = f"{found.input_tokens:,} tokens in, {found.output_tokens:,} out as the answers of late"
    return [*lines, f"estimated for {told}; nothing was sent"]


def indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]
