"""Whether two questions mean the same: how alike their words are, and what stands against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from gateway_core.model.value import value
from gateway_core.rules.likeness.reading import Marks, read_marks

__all__ = ["GUARDS", "Marks", "Verdict", "compare", "guard_of", "read_marks"]

LEAST_WORDS = 2
"""Words that carry weight which two questions must share: of fewer nobody can tell."""
ONE_SIDED = 0.12
"""What each word that only one question has takes from the likeness: it narrows what is asked."""


@value
class Verdict:
    """likeness: 0 to 1. guard: what stands against it, '' where nothing does."""

    likeness: float
    guard: str = ""


def compare(one: Marks, other: Marks) -> Verdict:
    """How alike two questions are by their words alone."""
    guard = guard_of(one, other)
    mine, theirs = Counter(one.words), Counter(other.words)
    shared = (mine & theirs).total()
    both = mine.total() + theirs.total()
    if not both:
        same = one == other and bool(one.numbers or one.quotes)
        return Verdict(1.0 if same else 0.0, guard)
    apart = (mine - theirs).total() + (theirs - mine).total()
    likeness = max(0.0, 2 * shared / both - ONE_SIDED * apart) if apart else 1.0
    if not guard and shared < LEAST_WORDS and not (apart == 0 and (one.numbers or one.names or one.quotes)):
        guard = "few words"
    return Verdict(likeness, guard)


def guard_of(one: Marks, other: Marks) -> str:
    """The first thing in which two questions differ that may change the answer; '' where there is none."""
    if one == other:
        return "too long" if one.too_long else ""
    return next((name for name, differs in GUARDS if differs(one, other)), "")


def _order(one: Marks, other: Marks) -> bool:
    """Words that both have stand in another order."""
    shared = Counter(one.words) & Counter(other.words)
    return _shared(one, shared) != _shared(other, shared)


def _shared(marks: Marks, shared: Counter[int]) -> list[int]:
    left = Counter(shared)
    found = []
    for word in marks.words:
        if left[word] > 0:
            left[word] -= 1
            found.append(word)
    return found


def _turned(one: Marks, other: Marks) -> bool:
    """One says the opposite of a word that the other says."""
    mine, theirs = set(one.contrasts), set(other.contrasts)
    both = {pair for pair, _ in mine} & {pair for pair, _ in theirs}
    return any(pair in both for pair, _ in mine ^ theirs)


def _names(one: Marks, other: Marks) -> bool:
    return not (one.names <= other.spoken and other.names <= one.spoken)


GUARDS: tuple[tuple[str, Callable[[Marks, Marks], bool]], ...] = (
    ("too long", lambda one, other: one.too_long or other.too_long),
    ("numbers", lambda one, other: one.numbers != other.numbers),
    ("units", lambda one, other: one.units != other.units),
    ("negation", lambda one, other: one.negations != other.negations),
    ("quotes", lambda one, other: one.quotes != other.quotes),
    ("symbols", lambda one, other: one.symbols != other.symbols),
    ("names", _names),
    ("question", lambda one, other: one.kind != other.kind),
    ("contrast", _turned),
    ("relation", lambda one, other: one.relations != other.relations),
    ("tense", lambda one, other: one.tense != other.tense),
    ("person", lambda one, other: one.persons != other.persons),
    ("order", _order),
)
"""What is compared, by the name by which it is told."""
