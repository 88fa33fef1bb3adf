"""Decisions in words: every rule has its line, and what is not on record is said to be so."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from console.decision_words import explained, prompt_words, rule_words, score_words
from console.screens.decision_lines import decision_lines
from console.shapes.decisions import (
    Asked,
    BudgetThen,
    Explanation,
    Part,
    PromptTest,
    Rule,
    Score,
    TargetThen,
    Try,
)

RULES = (
    Rule(name="long", when="context=>50k", use=("a",), state="failed", why="context is 1,200, not >50k"),
    Rule(name="watch", when="mode=vibing", use=("b",), state="watched", why="openai/b"),
    Rule(name="small", when="mode=vibing", use=("c",), state="matched", why="openai/c"),
    Rule(name="rest", when="every call", use=("d",), state="not_reached"),
)
SCORE = Score(
    value=0.14,
    complexity="simple",
    medium=0.3,
    hard=0.55,
    judge="rule",
    parts=(Part(name="length", value=0.1), Part(name="code", value=0.04)),
)
TARGETS = (
    TargetThen(target="openai/c", usd=Decimal("0.0004"), served=True),
    TargetThen(target="openai/d", asked=True),
)


def explanation(**more: Any) -> Explanation:
    asked = Asked(
        model="d",
        target="openai/d",
        format="openai",
        operation="generate",
        stream=True,
        tools=True,
        images=False,
        context_tokens=1200,
        messages=3,
    )
    values: dict[str, Any] = {
        "id": "7f3a",
        "started_at": "2026-11-26T14:02:09Z",
        "known": True,
        "asked": asked,
        "route": "small",
        "reason": "small: mode=vibing",
        "rules": RULES,
        "score": SCORE,
        "targets": TARGETS,
        "outcome": "ok",
        "http_status": 200,
        "served": "openai/c",
        "cache": "miss",
        "cost_usd": Decimal("0.0004"),
        "asked_usd": Decimal("0.0121"),
        "saved_usd": Decimal("0.0117"),
    }
    return Explanation(**{**values, **more})


def test_each_rule_has_its_line() -> None:
    assert rule_words(RULES) == [
        "#1 no     long: context is 1,200, not >50k",
        "#2 shadow watch: when mode=vibing; it would have chosen openai/b",
        "#3 MATCH  small: when mode=vibing → openai/c",
        "#4 –      rest: not reached",
    ]


def test_the_whole_is_told_in_order() -> None:
    told = explained(
        explanation(
            kept="stays at openai/c, where the conversation is",
            overruled=("budget web at 83%: openai/c instead of openai/d",),
            budgets=(BudgetThen(name="web", window="month", at_limit="block", share=0.83, state="warn"),),
            attempts=(
                Try(
                    number=1,
                    target="openai/x",
                    http_status=503,
                    ended="503 from openai/x",
                    cost_usd=Decimal(0),
                ),
            ),
        )
    )
    for line in (
        "asked for d (openai, generate, streamed): about 1,200 tokens in 3 messages, tools",
        "complexity 0.14 by the rule: simple (medium from 0.3, hard from 0.55)",
        "  = length 0.10 + code 0.04",
        "conversation: stays at openai/c, where the conversation is",
        "then: budget web at 83%: openai/c instead of openai/d",
        "budgets when it began: web 83% (!)",
        "  1. openai/c  $0.0004  served",
        "  2. openai/d  price unknown  asked",
        "try 1: openai/x: 503 from openai/x, $0.00",
        "ended ok (200) at openai/c",
        "cache: our own cache was asked and had no answer",
        "cost $0.0004; as asked it would have cost $0.0121; saved $0.0117",
    ):
        assert line in told


def test_what_is_not_on_record_is_said_to_be_so() -> None:
    told = explained(
        explanation(known=False, why_unknown="its row was written before decisions were kept", asked=None)
    )
    assert "no decision is on record: its row was written before decisions were kept" in told


def test_what_is_missing_is_said_once() -> None:
    why = "it was refused before any route was asked"
    refused = explanation(known=False, why_unknown=why, reason="", asked=None, rules=())
    assert explained(refused)[:2] == ["call 7f3a", f"no decision is on record: {why}"]
    shown = ["".join(word for word, *_ in line) for line in decision_lines(refused)]
    assert shown[0] == f"! no decision is on record: {why}"
    assert explained(explanation(reason=""))[0] == "call 7f3a, no reason on record"


def test_a_call_under_way_is_not_said_to_be_old() -> None:
    why = "the call has only just come in, and where it goes is decided next"
    told = explained(explanation(known=False, why_unknown=why, outcome=None, asked=None, rules=()))
    assert f"no decision yet: {why}" in told
    assert not any("on record" in line for line in told)


def test_a_dearer_choice_is_no_saving() -> None:
    told = explained(explanation(saved_usd=Decimal("-0.5")))
    assert told[-1].endswith("$0.50 dearer than asked")


def test_nothing_commands_the_terminal() -> None:
    told = explained(
        explanation(
            reason="\x1b[2J",
            error="\x07",
            rules=(Rule(name="\x1b]0;", when="", use=(), state="failed", why="\x1b"),),
        )
    )
    assert not any(ord(letter) < 32 for line in told for letter in line)


def test_a_prompt_is_told() -> None:
    found = PromptTest(
        asked="d",
        target="openai/c",
        route="small",
        reason="",
        rules=RULES,
        score=SCORE,
        targets=TARGETS,
        input_tokens=1204,
        output_tokens=300,
        usd=Decimal("0.0004"),
        asked_usd=Decimal("0.0121"),
    )
    told = prompt_words(found)
    assert told[0] == "→ rule #3 small → openai/c  est. $0.0004 instead of $0.0121"
    assert told[-1] == "estimated for 1,204 tokens in, 300 out as the answers of late; nothing was sent"


def test_a_score_that_counts_for_more_says_why() -> None:
    told = "up, as unsure: 0.02 under hard"
    score = replace(SCORE, value=0.53, complexity="hard", margin=0.02, unsure=told)
    assert score_words(score)[:2] == [
        "complexity 0.53 by the rule: hard (medium from 0.3, hard from 0.55)",
        "  up, as unsure: 0.02 under hard, and the margin is 0.02",
    ]
