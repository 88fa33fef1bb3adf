"""A question read for comparison: its words without endings, and the marks by which two may differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

from gateway_core.model.value import value
from gateway_core.rules.likeness.phrases import PHRASES, QUESTIONS
from gateway_core.rules.likeness.vocabulary import (
    CONTRASTS,
    EMPTY,
    FUTURE,
    NEGATIONS,
    NUMBERS,
    PAST,
    PERSONS,
    RELATIONS,
    SAME,
)

LONGEST = 4_000
"""Characters of a question that is compared; a longer one is like no other."""
_QUOTED = re.compile(r"```.*?```|`[^`]+`|\"[^\"]+\"|“[^”]+”|(?<!\w)'[^']{2,}'(?!\w)", re.S)
_CODE = re.compile(r"://|\w[_(\[{<]\w|[\w)\]}]\(|\w\.\w{1,5}\b|/\w+/|\\\w|=>|->|==|[{}]|;.|--\w")
_TOKEN = re.compile(r"[^\W\d_]+(?:\+\+|#)?(?:'[^\W\d_]+)?|\d+(?:[.,:/]\d+)*|[+*/=<>^%$€£~|&@#-]")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_SYMBOLS = frozenset("+*/=<>^%$€£~|&@")
_STEM = tuple(
    (re.compile(rf"{ending}\Z"), rest)
    for ending, rest in (
        (r"(?<=\w{3})ies", "y"),
        (r"(?<=ss)es|(?<=sh)es|(?<=ch)es|(?<=x)es", ""),
        (r"(?<=\w{2}[^su\W])s", ""),
        (r"(?<=\w{3})'s?", ""),
        (r"(?<=\w{2})(?P<twin>[bdgmnprt])(?P=twin)(?:ing|ed)", r"\g<twin>"),
        (r"(?<=\w{3})(?:ing|ed|ly)", ""),
        (r"(?<=\w{3})e", ""),
    )
)
"""Endings, taken off one after the other: rough, but the same for both of two questions."""


@value
class Marks:
    """What of a question is compared. Words stand in it as hashes only; all of it can be kept."""

    words: tuple[int, ...] = ()
    """Those that carry weight, in their order, and what stands for a name between its lines."""
    spoken: frozenset[int] = frozenset()
    """All words as they were said, in small letters."""
    names: frozenset[int] = frozenset()
    kind: str = ""
    numbers: tuple[str, ...] = ()
    units: tuple[int, ...] = ()
    """What each number counts: the word behind it, 0 where there is none."""
    negations: int = 0
    symbols: str = ""
    quotes: tuple[int, ...] = ()
    """Code, quoted words, addresses: letter by letter."""
    relations: tuple[str, ...] = ()
    contrasts: tuple[tuple[int, str], ...] = ()
    persons: str = ""
    tense: str = ""
    too_long: bool = False


def read_marks(text: str) -> Marks:
    """The marks of a question."""
    if len(text) > LONGEST:
        return Marks(too_long=True)
    quoted = _QUOTED.findall(text)
    written = _QUOTED.sub(" ", text).split() if quoted else text.split()
    code = [word for word in written if _CODE.search(word)]
    said = " ".join(word for word in written if word not in code)
    quotes = tuple(_hash(found) for found in (*map(_bare, quoted), *map(_bare, code)))
    lower = said.lower()
    for pattern, words in PHRASES:
        lower = pattern.sub(words, lower)
    tokens = _TOKEN.findall(lower)
    kind = _kind(lower)
    return Marks(
        words=tuple(_hash(word) for word in _weighty(tokens)),
        spoken=frozenset(_hash(word) for word in tokens) | {_hash(_stem(word)) for word in tokens},
        names=frozenset(_hash(_stem(name)) for name in _names(said)),
        kind=kind,
        numbers=tuple(_numbers(tokens)),
        units=tuple(_units(tokens)),
        negations=sum(word in NEGATIONS for word in tokens),
        symbols="".join(word for word in tokens if word in _SYMBOLS),
        quotes=quotes,
        relations=tuple(sorted(word for word in tokens if word in RELATIONS)),
        contrasts=tuple(sorted(_contrasts(tokens))),
        persons="" if kind.startswith("how") else "".join(sorted(_persons(tokens))),
        tense=("past" if PAST.intersection(tokens) else "")
        + ("future" if FUTURE.intersection(tokens) else ""),
    )


def content(text: str) -> list[str]:
    """The words of a text that carry weight, without endings, and its numbers, for a vector."""
    lower = text[:LONGEST].lower()
    for pattern, words in PHRASES:
        lower = pattern.sub(words, lower)
    tokens = _TOKEN.findall(lower)
    return [*_weighty(tokens), *_numbers(tokens)]


def _bare(quoted: str) -> str:
    """What is quoted, whatever white space and marks of a sentence stand around it."""
    return " ".join(quoted.split()).strip("?,;:!")


def _kind(lower: str) -> str:
    found: list[str] = []
    for pattern, name in QUESTIONS[2:]:
        if opening := pattern.match(lower):
            found.append(name or opening[1])
    many = QUESTIONS[0][0]
    asked = [f"how {each}" for each in many.findall(lower)]
    others = [SAME.get(each, each) for each in QUESTIONS[1][0].findall(many.sub(" ", lower))]
    return ",".join([*found, *asked, *(each for each in others if each != "what" or not asked)])


def _weighty(tokens: list[str]) -> Iterator[str]:
    for word in tokens:
        if word[0].isdigit() or word in _SYMBOLS or word in ("-", "#"):
            continue
        if word in EMPTY or word in NEGATIONS or word in NUMBERS or word in RELATIONS:
            continue
        yield _stem(word)


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    if word in SAME:
        return SAME[word]
    for pattern, ending in _STEM:
        cut = pattern.sub(ending, word)
        if cut != word:
            word = cut
            if word in SAME:
                return SAME[word]
    return SAME.get(word, word)


def _names(said: str) -> Iterator[str]:
    """Words in capitals, or with a capital that no sentence begins with."""
    begins = True
    for found in re.finditer(r"[^\W\d_]+(?:\+\+|#)?|\d+|[.?!:]", said):
        word = found[0]
        if word in ".?!:":
            begins = True
            continue
        inside = any(letter.isupper() for letter in word[1:])
        if word[0].isalpha() and word != "I" and (inside or (word[0].isupper() and not begins)):
            if word.lower() not in EMPTY or inside:
                yield word.lower()
        begins = False


def _numbers(tokens: list[str]) -> Iterator[str]:
    for at, word in enumerate(tokens):
        if _NUMBER.fullmatch(word):
            negative = at > 0 and tokens[at - 1] == "-"
            bare = word.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", word) else word
            yield f"{'-' if negative else ''}{bare}"
        elif word in NUMBERS:
            yield NUMBERS[word]


def _units(tokens: list[str]) -> Iterator[int]:
    for at, word in enumerate(tokens):
        if _NUMBER.fullmatch(word) or word in NUMBERS:
            behind = tokens[at + 1] if at + 1 < len(tokens) else ""
            counted = behind.isalpha() and behind not in EMPTY and behind not in NUMBERS
            yield _hash(_stem(behind)) if counted and behind not in RELATIONS else 0


def _contrasts(tokens: list[str]) -> set[tuple[int, str]]:
    return {CONTRASTS[word] for said in tokens for word in (said, _stem(said)) if word in CONTRASTS}


def _persons(tokens: list[str]) -> set[str]:
    return {PERSONS[word][0] for word in tokens if word in PERSONS}


@lru_cache(maxsize=50_000)
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=6).digest(), "big")
