"""What a person writes in the form of thresholds, read and judged. Pure."""

from __future__ import annotations

import re

from console.limit_reading import Mistake

_LENGTH = re.compile(r"(\d{1,9})\s*([smhd])\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def read_score(text: str, field: str) -> float:
    """A score, 0 to 1. Raises Mistake."""
    try:
        score = float(text)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 1:
        raise Mistake(field, "a number from 0 to 1, as 0.55")
    return score


def read_pause(text: str, field: str) -> str:
    """'90m' in seconds, as the policy says it: '5400s'. Raises Mistake."""
    found = _LENGTH.match(text.strip())
    if not found or not int(found[1]):
        raise Mistake(field, "a length of time, as 30m, 1h or 1d")
    return f"{int(found[1]) * _SECONDS[found[2]]}s"
