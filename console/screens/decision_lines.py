"""Why a call went where it went, as lines: what matched stands out, the rest steps back. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from console.decision_words import (
    asked_words,
    ending_words,
    rule_words,
    score_words,
    target_words,
    turned_words,
    unknown_words,
)
from console.present import plain
from console.shapes.decisions import Explanation, PromptTest, Rule, TargetThen
from console.widgets.ink import EMPTY, Line

_INKS = {"matched": "bold routed", "failed": "muted", "watched": "held"}
"""By a rule's state; else faint."""


def decision_lines(found: Explanation) -> list[Line]:
    """The whole decision; what is not on record is said to be so."""
    lines: list[Line] = []
    if found.reason or found.known:
        lines.append([(plain(found.reason or "no reason on record"), "bold text")])
    if not found.known:
        mark = ("… ", "muted") if found.outcome is None else ("! ", "warn")
        lines.append([mark, (unknown_words(found), "text")])
    if found.asked is not None:
        lines += [EMPTY, *_texts(asked_words(found.asked))]
    if found.rules:
        lines += [EMPTY, [("rules, in order", "bold brand")], *rule_lines(found.rules)]
    elif found.known:
        lines.append([("no rule is set: the asked model is kept", "muted")])
    if found.score is not None:
        lines += [EMPTY, *_texts(score_words(found.score))]
    lines += _texts(turned_words(found))
    if found.targets:
        lines += [EMPTY, [("targets, in order of trying", "bold brand")], *_targets(found.targets)]
    return [*lines, EMPTY, *_texts(ending_words(found))]


def rule_lines(rules: tuple[Rule, ...]) -> list[Line]:
    """Each rule with what became of it."""
    return [
        [(f"  {told}", _INKS.get(rule.state, "faint"))]
        for rule, told in zip(rules, rule_words(rules), strict=True)
    ]


def prompt_lines(found: PromptTest) -> list[Line]:
    """Where one prompt would go, and why."""
    number = next((at for at, each in enumerate(found.rules, 1) if each.state == "matched"), None)
    rule = f"rule #{number} {plain(found.route or '')}" if number else "no rule"
    price = "price unknown" if found.usd is None else f"about ${found.usd:f}"
    asked = "" if found.asked_usd in (None, found.usd) else f" instead of ${found.asked_usd:f}"
    tokens = f"for {found.input_tokens:,} tokens in, {found.output_tokens:,} out as of late; nothing was sent"
    return [
        [("→ ", "routed"), (rule, "text"), (" → ", "routed"), (found.target, "bold routed")],
        [("  ", ""), (price, "bold spend"), (asked, "muted"), (f"  {tokens}", "faint")],
        *rule_lines(found.rules),
        *(_texts(score_words(found.score)) if found.score else ()),
    ]


def _targets(targets: tuple[TargetThen, ...]) -> list[Line]:
    return [
        [(f"  {told}", "bold routed" if one.served else "text")]
        for one, told in zip(targets, target_words(targets), strict=True)
    ]


def _texts(lines: Iterable[str]) -> list[Line]:
    return [[(line, "text")] if line else EMPTY for line in lines]
