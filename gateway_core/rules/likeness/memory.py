"""Questions with their answers, in memory: what the semantic cache would say to each, tried outside of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from gateway_core.model.policy import SemanticCacheRule
from gateway_core.model.value import value
from gateway_core.rules.likeness import Marks, Verdict, compare, guard_of, read_marks
from gateway_core.rules.likeness.vector import likeness

THRESHOLD = SemanticCacheRule({}).threshold
RAREST = 3
"""Words by which a question is looked for: those that the fewest have."""
MOST_RANKED = 200
"""Questions of those that are held against it word by word."""
NEAREST = 8
"""Questions that are looked at more closely."""

Vector = Sequence[float]


@value
class Found:
    """What there is for a question. `guard`: why the nearest one is none, '' where it is too unlike."""

    hit: bool
    put: str | None
    """The question whose answer it would get."""
    answer: object
    similarity: float
    guard: str


@value
class _Kept:
    text: str
    answer: object
    marks: Marks
    vector: Vector | None


def judge(put: str, get: str, threshold: float = THRESHOLD) -> Found:
    """Whether the second question would get the first one's answer, by their words alone."""
    memory = Memory(threshold)
    memory.put(put, None)
    return memory.get(get)


class Memory:
    """Vectors, where they are given, are unit vectors of one model; without them the words alone count."""

    def __init__(self, threshold: float = THRESHOLD) -> None:
        self._threshold = threshold
        self._kept: list[_Kept] = []
        self._by_word: defaultdict[int | str, list[int]] = defaultdict(list)

    def put(self, text: str, answer: object, vector: Vector | None = None) -> None:
        """Keeps a question and its answer."""
        marks = read_marks(text)
        for word in _known_by(marks):
            self._by_word[word].append(len(self._kept))
        self._kept.append(_Kept(text, answer, marks, vector))

    def get(self, text: str, vector: Vector | None = None) -> Found:
        """The answer to the question most alike, if it is alike enough and nothing stands against it."""
        marks = read_marks(text)
        near = [self._kept[at] for at in self._near(marks, vector)]
        verdicts = [(_verdict(one, marks, vector), one) for one in near]
        fitting = [each for each in verdicts if not each[0].guard and each[0].likeness >= self._threshold]
        if fitting:
            verdict, one = max(fitting, key=lambda each: each[0].likeness)
            return Found(True, one.text, one.answer, round(verdict.likeness, 6), "")
        if not verdicts:
            return Found(False, None, None, 0.0, "")
        verdict, _ = max(verdicts, key=lambda each: each[0].likeness)
        return Found(False, None, None, round(verdict.likeness, 6), verdict.guard)

    def _near(self, marks: Marks, vector: Vector | None) -> list[int]:
        if vector is not None:
            cosines = {at: _cosine(one.vector, vector) for at, one in enumerate(self._kept)}
            return sorted(cosines, key=cosines.__getitem__, reverse=True)[:NEAREST]
        mine = _known_by(marks)
        known = sorted((self._by_word[word] for word in mine if word in self._by_word), key=len)
        shared = Counter(at for places in known[:RAREST] for at in places)
        rank = {at: _rank(mine, marks, self._kept[at].marks) for at, _ in shared.most_common(MOST_RANKED)}
        return sorted(rank, key=lambda at: (rank[at], at), reverse=True)[:NEAREST]


def _rank(mine: set[int | str], marks: Marks, other: Marks) -> tuple[bool, float]:
    """What a question shares with another, those with the same numbers first."""
    theirs = _known_by(other)
    return marks.numbers == other.numbers, len(mine & theirs) / len(mine | theirs)


def _known_by(marks: Marks) -> set[int | str]:
    """By what a question is looked for: its words and numbers; one that has none by what it quotes."""
    return {*marks.words, *marks.numbers} or {*marks.quotes} or {""}


def _verdict(one: _Kept, marks: Marks, vector: Vector | None) -> Verdict:
    if vector is None:
        return compare(one.marks, marks)
    return Verdict(_cosine(one.vector, vector), guard_of(one.marks, marks))


def _cosine(one: Vector | None, other: Vector) -> float:
    return likeness(one, other) if one is not None else 0.0
