"""Which model names may be asked for at all, and which known ones are near to one that is not."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_NAME = re.compile(r"[^\x00-\x20\x7f?#%\\]{1,256}\Z")
_WORD = re.compile(r"[a-z]+|\d+")
_COMPARED = 400
_SHOWN = 3


def is_name(text: str) -> bool:
    """Whether a text can be a model name: nothing that would mean something else inside a URL."""
    return bool(_NAME.match(text)) and not {"", ".", ".."} & set(text.split("/"))


def nearest(asked: str, known: Iterable[str]) -> list[str]:
    """Up to three known names, the most alike first; a name that another provider has counts as alike."""
    wanted = asked.lower()
    names = list(dict.fromkeys(known))
    same = [name for name in names if name.lower().rpartition("/")[2] == wanted.rpartition("/")[2]]
    if same:
        return same[:_SHOWN]
    words = set(_WORD.findall(wanted))
    # Comparing letter by letter is slow: only with names that share the most words.
    names.sort(key=lambda name: -len(words.intersection(_WORD.findall(name.lower()))))
    lower = {name.lower(): name for name in names[:_COMPARED]}
    return [lower[name] for name in difflib.get_close_matches(wanted, lower, n=_SHOWN, cutoff=0.6)]
