"""What a filter may go on with while it is typed: keys, and the values that the calls have. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from console.filter.fields import AMOUNTS, FIELDS, STATES, TAG, field_of
from console.filter.words import quoted, split
from console.shapes import Call

USUAL = ("user", "project", "mode", "model", "asked", "provider", "client", "team")
"""Keys that are offered first."""
_TIMES = {"since": ("15m", "1h", "24h"), "at": ("09:00..12:00",)}


def offered(text: str, calls: Iterable[Call]) -> str | None:
    """The whole text with its last word completed; None where nothing fits. The values most calls have come
    first."""
    words = split(text)
    if not words or words[-1].end != len(text):
        return None
    last = words[-1].text
    sign = "-" if last.startswith("-") and len(last) > 1 else ""
    more = _rest(last.removeprefix(sign), calls)
    return text + more if more else None


def _rest(word: str, calls: Iterable[Call]) -> str:
    """The letters that are missing."""
    key, colon, value = word.partition(":")
    if colon and key:
        part = value.rpartition("|" if key == "is" else ",")[2]
        return _missing(part, _values(key, calls))
    return _missing(word, _keys(calls))


def _missing(begun: str, whole: Iterable[str]) -> str:
    return next((each[len(begun) :] for each in whole if each != begun and each.startswith(begun)), "")


def _keys(calls: Iterable[Call]) -> Iterator[str]:
    yield from (f"{key}:" for key in (*USUAL, *FIELDS, "is", *_TIMES))
    yield from (f"{key}>" for key in AMOUNTS)
    yield from sorted({f"{TAG}{tag}:" for call in calls for tag in call.tags})


def _values(key: str, calls: Iterable[Call]) -> Iterator[str]:
    if key == "is":
        yield from STATES
    elif key in _TIMES:
        yield from _TIMES[key]
    else:
        field = field_of(key)
        seen = Counter(value for call in calls if (value := field(call)))
        yield from (quoted(value) for value, _ in seen.most_common())
