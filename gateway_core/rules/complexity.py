"""How complex a request looks: a sum of small signs, each of which a person can check."""

from __future__ import annotations

import re
from enum import StrEnum
from math import log2

from gateway_core.model.value import value

SEEN = 8_192
"""Characters that are looked at, at the beginning and at the end of a text each."""

_REASONING = re.compile(
    r"\b(why|explain|prove|derive|analy[sz]e|compare|evaluate|design|optimi[sz]e|debug|refactor|plan|"
    r"step by step|trade-?offs?|root cause|architecture|algorithm|complexity|strategy|infer|"
    r"deduce|justify)\b",
    re.IGNORECASE,
)
_CONSTRAINTS = re.compile(
    r"\b(must|should|at least|at most|exactly|only|without|unless|except|ensure|require[sd]?|each|every|"
    r"if|then|otherwise|given|such that)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"```|\b(def|class|function|import|return|SELECT|#include)\b|[{};]\s*$|=>|->|::|==", re.M)
_MATHS = re.compile(r"\d+(?:[.,]\d+)?|[=+*/^√∑∫≤≥%]|\\(?:frac|sum|int|sqrt)")
_QUESTIONS = re.compile(r"\?")


class Complexity(StrEnum):
    """Classes of requests."""

    SIMPLE = "simple"
    MEDIUM = "medium"
    HARD = "hard"


@value
class Thresholds:
    """Scores from which a request is of the next class."""

    medium: float = 0.3
    hard: float = 0.55


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


def measure(
    text: str, *, messages: int = 1, context_bytes: int = 0, tools: int = 0, images: int = 0
) -> Score:
    """How complex a request looks. text: the person's last words; context_bytes: of the whole input."""
    if len(text) > 2 * SEEN:
        text = text[:SEEN] + text[-SEEN:]
    words = len(text.split())
    found = (
        ("length", 0.30 * _share(log2(1 + words), 9.0)),
        ("reasoning", 0.20 * _share(len(_REASONING.findall(text)), 3)),
        ("constraints", 0.12 * _share(len(_CONSTRAINTS.findall(text)), 8)),
        ("code", 0.12 * _share(len(_CODE.findall(text)), 6)),
        ("maths", 0.10 * _share(len(_MATHS.findall(text)), 12)),
        ("questions", 0.04 * _share(len(_QUESTIONS.findall(text)), 3)),
        ("conversation", 0.04 * _share(messages - 1, 20)),
        ("context", 0.04 * _share(context_bytes, 100_000)),
        ("tools", 0.02 * _share(tools, 10)),
        ("images", 0.02 * _share(images, 2)),
    )
    parts = tuple(Part(name, amount) for name, amount in found if amount)
    return Score(min(1.0, sum(part.value for part in parts)), parts)


def classify(value: float, thresholds: Thresholds) -> Complexity:
    """The class of a score; on a threshold it is the higher one."""
    if value >= thresholds.hard:
        return Complexity.HARD
    return Complexity.MEDIUM if value >= thresholds.medium else Complexity.SIMPLE


def _share(amount: float, enough: float) -> float:
    return min(1.0, max(0.0, amount / enough))
