"""What an answer in words holds that a check can read: JSON, numbers, and what it says its result is."""

from __future__ import annotations

import re
from json import JSONDecodeError, loads
from typing import Any

_NUMBER = r"-?\d[\d,]*(?:\.\d+)?"
NUMBERS = re.compile(_NUMBER)
RESULTS = re.compile(rf"(?:####|\banswer(?: is|:)|\\boxed\{{)[\s*(:$]*({_NUMBER}|[A-J]\b)", re.IGNORECASE)
"""What it calls its answer: a number, or the letter of an option."""
NO_JSON: Any = object()
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)


def json_in(text: str) -> Any:
    """The JSON that a text is, or has in its first block of code; NO_JSON where it is none."""
    fenced = _FENCE.search(text)
    try:
        return loads(fenced.group(1) if fenced else text)
    except (JSONDecodeError, RecursionError):
        return NO_JSON
