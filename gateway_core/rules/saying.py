"""What an answer shows of itself beside the checks: shares that a learned model weighs, each from 0 to 1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import log2

_NEGATIONS = re.compile(r"\b(?:not|no|never|cannot)\b|n't\b", re.IGNORECASE)
_TURNS = re.compile(r"\b(?:but|however|although|though)\b", re.IGNORECASE)
_RESULT = re.compile(r"\banswer is\b|\banswer:|####|\\boxed|\btherefore\b", re.IGNORECASE)
_ENDS = frozenset(".!?)}]`\"'*")
_ENOUGH = 4
"""Words of one sort from which their sign is whole."""


def saying(answer: str) -> Mapping[str, float]:
    """The signs of an answer by name; those that are not there are left out."""
    text = answer.strip()
    found = {
        "long": min(1.0, max(0.0, (log2(1 + len(text)) - 6) / 6)),
        "negations": _upto(_NEGATIONS, text),
        "turns": _upto(_TURNS, text),
        "no result": 0.0 if _RESULT.search(text) else 1.0,
        "open end": 0.0 if text[-1:] in _ENDS or text[-1:].isdigit() else 1.0,
    }
    return {name: share for name, share in found.items() if share}


def _upto(sort: re.Pattern[str], text: str) -> float:
    return min(1.0, len(sort.findall(text)) / _ENOUGH)
