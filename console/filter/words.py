"""The words of a filter and where they stand; quotes keep blanks inside a word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r'(?:[^\s"]|"[^"]*(?:"|\Z))+')


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: int
    end: int
    """Behind its last letter."""


def split(text: str) -> list[Word]:
    """A quote that is still open goes to the end: its second half has not been typed yet."""
    return [Word(found[0], found.start(), found.end()) for found in _WORD.finditer(text)]


def quoted(value: str) -> str:
    """A value as a word can hold it: in quotes where it has blanks."""
    return f'"{value}"' if re.search(r"\s", value) else value
