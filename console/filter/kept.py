"""The filter over kept answers: words of which the gateway finds those that fit all. Pure.

project:docs  model:opus*     a tag, or model, provider, token, scope, format, call; '=' is as good as ':'
is:pinned  is:semantic        pinned, unpinned, exact, semantic
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from console.filter import FilterError
from console.filter.words import Word, split

EXAMPLE = "write project:docs, token:ci or is:pinned"
_PINNED = {"pinned": True, "unpinned": False}
_KINDS = ("exact", "semantic")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the admin plane takes: `where` by tag or field, `kind` exact | semantic, `pinned`."""

    where: Mapping[str, str] = field(default_factory=dict)
    kind: str | None = None
    pinned: bool | None = None

    @property
    def everything(self) -> bool:
        return self == Wanted()


def wanted(text: str) -> Wanted:
    """What the text asks for. Raises FilterError naming the wrong word."""
    where: dict[str, str] = {}
    kind: str | None = None
    pinned: bool | None = None
    for word in split(text):
        key, value = _pair(word)
        if key != "is":
            where[key] = value
        elif value in _PINNED:
            pinned = _PINNED[value]
        elif value in _KINDS:
            kind = value
        else:
            raise FilterError(word, f"is: knows {', '.join((*_PINNED, *_KINDS))}")
    return Wanted(where, kind, pinned)


def _pair(word: Word) -> tuple[str, str]:
    sign = next((letter for letter in word.text if letter in ":="), None)
    key, _, value = word.text.partition(sign or ":")
    value = value.replace('"', "")
    if not sign or not key or not value:
        raise FilterError(word, EXAMPLE)
    return key.removeprefix("tag."), value
