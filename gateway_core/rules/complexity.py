"""How complex a request looks: a sum of small signs, each of which a person can check."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import log2

from gateway_core.model.value import value
from gateway_core.rules.signs import Kind, Signs, read

PLACES = 4
"""Decimals of a score that are kept with a decision, so that it is classified then as it is later."""
_WORDS_AT_FIRST = 3
"""Words from which length counts at all."""


class Complexity(StrEnum):
    """Classes of requests."""

    SIMPLE = "simple"
    MEDIUM = "medium"
    HARD = "hard"


@value
class Thresholds:
    """Scores from which a request is of the next class.

    margin: so little under one of them the score is not sure enough to keep a request in the lower class. As
    usual it is about what the weakest sign adds: one more would have made the difference.
    """

    medium: float = 0.3
    hard: float = 0.55
    margin: float = 0.02


@value
class Part:
    """What one sign adds."""

    name: str
    value: float


@value
class Score:
    """0 (trivial) to 1, and the parts that it is the sum of."""

    value: float
    parts: tuple[Part, ...]


ENOUGH: Mapping[str, float] = {
    "sentences": 8,
    "clauses": 8,
    "numbers": 6,
    "negations": 2,
    "conditions": 4,
    "proportions": 2,
    "reasoning": 3,
    "people": 4,
    "statements": 2,
    "asking": 2,
    "questions": 2,
    "marks": 8,
    "brackets": 4,
    "code": 5,
}
"""The count from which a sign adds its whole weight."""

# A strong model is worth its price where a cheap one fails and it does not. So a sign weighs by kind: a word
# problem grows harder with each sentence, while long formulae are hard for both, and a long wish for a poem
# for neither. "kind" is what the kind itself adds, "length" the whole weight of many words. In mathematics
# lines (a figure that is drawn, formulae one below the other) even take away: there both fail most.
WEIGHTS: Mapping[Kind, Mapping[str, float]] = {
    Kind.NUMBERS: {
        "kind": 0.20,
        "length": 0.20,
        "sentences": 0.12,
        "clauses": 0.12,
        "conditions": 0.09,
        "proportions": 0.09,
        "asking": 0.05,
        "people": 0.04,
        "marks": 0.03,
        "plain words": 0.02,
    },
    Kind.CHOICE: {
        "kind": 0.06,
        "length": 0.20,
        "statements": 0.12,
        "people": 0.11,
        "plain words": 0.10,
        "sentences": 0.07,
        "brackets": 0.06,
        "conditions": 0.05,
        "options": 0.05,
        "marks": 0.04,
        "negations": 0.03,
    },
    Kind.CODE: {
        "kind": 0.28,
        "reasoning": 0.15,
        "conditions": 0.10,
        "length": 0.10,
        "code": 0.04,
        "questions": 0.05,
        "numbers": 0.04,
        "clauses": 0.04,
        "negations": 0.03,
        "people": 0.03,
    },
    Kind.MATHS: {
        "kind": 0.24,
        "questions": 0.10,
        "asking": 0.06,
        "sentences": 0.05,
        "reasoning": 0.05,
        "people": 0.03,
        "lines": -0.12,
    },
    Kind.QUESTION: {
        "kind": 0.12,
        "conditions": 0.06,
        "people": 0.06,
        "numbers": 0.06,
        "negations": 0.05,
        "plain words": 0.04,
        "questions": 0.04,
        "code": 0.04,
        "marks": 0.04,
        "length": 0.06,
        "asking": 0.03,
        "reasoning": 0.16,
    },
    Kind.WRITING: {
        "kind": 0.05,
        "reasoning": 0.12,
        "questions": 0.06,
        "plain words": 0.06,
        "people": 0.05,
        "conditions": 0.04,
        "numbers": 0.03,
    },
}


def measure(
    text: str, *, messages: int = 1, context_bytes: int = 0, tools: int = 0, images: int = 0
) -> Score:
    """How complex a request looks. text: the person's last words; context_bytes: of the whole input."""
    signs = read(text)
    found = [
        Part(str(signs.kind) if name == "kind" else name, weight * share(signs, name))
        for name, weight in WEIGHTS[signs.kind].items()
    ]
    found.append(Part("conversation", 0.05 * _upto(messages - 1, 20)))
    found.append(Part("context", 0.06 * _upto(context_bytes, 100_000)))
    found.append(Part("tools", 0.04 * _upto(tools, 10)))
    found.append(Part("images", 0.03 * _upto(images, 2)))
    parts = tuple(part for part in found if part.value)
    return Score(min(1.0, max(0.0, sum(part.value for part in parts))), parts)


def share(signs: Signs, name: str) -> float:
    """How much of its weight a sign adds: 0 to 1."""
    if name == "kind":
        return 1.0
    if name == "length":
        span = 5 if signs.kind is Kind.NUMBERS else 7
        return _upto(log2(1 + signs.words) - log2(1 + _WORDS_AT_FIRST), span)
    if name == "plain words":
        # Long words are terms that a model knows or does not; short ones tell of something to think through.
        return _upto(7.2 - signs.word_length, 3)
    if name == "options":
        return _upto(signs.options - 2, 8)
    if name == "lines":
        return _upto(log2(1 + signs.lines), 5)
    count: int = getattr(signs, name)
    return _upto(count, ENOUGH[name])


def classify(value: float, thresholds: Thresholds) -> Complexity:
    """The class of a score, as exact as it is kept; within the margin under a threshold the higher one."""
    reached = round(round(value, PLACES) + thresholds.margin, PLACES)
    if reached >= thresholds.hard:
        return Complexity.HARD
    return Complexity.MEDIUM if reached >= thresholds.medium else Complexity.SIMPLE


def unsure(value: float, thresholds: Thresholds) -> str:
    """Why a score counts for more than it is, in words; empty where it does not."""
    found = classify(value, thresholds)
    if found is classify(value, Thresholds(thresholds.medium, thresholds.hard, 0.0)):
        return ""
    threshold = thresholds.hard if found is Complexity.HARD else thresholds.medium
    return f"up, as unsure: {threshold - round(value, PLACES):.2g} under {found}"


def _upto(amount: float, enough: float) -> float:
    return min(1.0, max(0.0, amount / enough))
