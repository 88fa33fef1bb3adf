"""Whether two answers say the same: letter by letter where they are short, by their words where not."""

from __future__ import annotations

import re
from collections import Counter

from gateway_core.model.value import value

SHORT = 12
"""Words up to which an answer has to be the same."""
OVERLAP = 0.6
"""Share of words that longer ones must have in common (Dice), and of their numbers."""
_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,:]\d+)*")
_EMPTY = frozenset("a an the is are was it this that of".split())


@value
class Agreement:
    """by: `exact` or `overlap`."""

    same: bool
    by: str


def agree(one: str, other: str) -> Agreement:
    """Whether the second answer says what the first one does. An empty one says nothing."""
    mine, theirs = _words(one), _words(other)
    if min(len(mine), len(theirs)) <= SHORT:
        return Agreement(bool(mine) and mine == theirs, "exact")
    numbers = [[word for word in words if word[0].isdigit()] for words in (mine, theirs)]
    same = _overlap(mine, theirs) >= OVERLAP and _overlap(*numbers) >= OVERLAP
    return Agreement(same, "overlap")


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _EMPTY]


def _overlap(one: list[str], other: list[str]) -> float:
    if not one and not other:
        return 1.0
    return 2 * (Counter(one) & Counter(other)).total() / (len(one) + len(other))
