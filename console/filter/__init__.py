"""The filter over calls: words and key:value, all of which must hold; '-' in front negates. Pure.

ana                        somewhere in model, user, project, path or id
"no room"                  the same in one piece, also in what went wrong and in a route's reason
user:ana  model:opus*,gpt* a tag, or model, asked, provider, client, key, status, outcome
tag.ticket:ABC-12          a tag of any name; with nothing behind the colon: calls that lack it
cost>0.05  in>50k  out<100 ttft>2s  status:>=400    amounts in dollars, tokens and seconds
since:15m  at:14:00..14:30 calls of the last while, or of a time of the day
is:live                    live, cached, routed, blocked, throttled, repeated, error, estimated
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from console.filter.fields import AMOUNTS, OPERATORS, SIZES, STATES, everywhere, field_of, matches
from console.filter.moments import Now, by_clock, machine, within
from console.filter.words import Word, split
from console.shapes import Call

__all__ = ["FilterError", "Test", "parse", "settled"]

Test = Callable[[Call], bool]

_COMPARE = re.compile(
    rf"({'|'.join(AMOUNTS)}):?({'|'.join(OPERATORS)})(\d+(?:\.\d+)?)(k|M|ms|s)?\Z",
)
_UNFINISHED = re.compile(r"\w+:?[<>]")


class FilterError(ValueError):
    """A word of the filter has no meaning; the message names it and what would have. start, end: where it
    stands in the text."""

    def __init__(self, word: Word, message: str) -> None:
        super().__init__(f"{word.text!r}: {message}")
        self.start, self.end = word.start, word.end


def parse(text: str, now: Now = machine) -> Test:
    """What the text asks of a call. now: the moment and zone that since: and at: are meant in; asked for each
    call. Raises FilterError naming the wrong word."""
    tests = [_word(word, word.text, now) for word in split(text)]
    return lambda call: all(test(call) for test in tests)


def settled(valid: str, error: FilterError) -> str:
    """The last valid text without what was only the beginning of the wrong word: 'ana is', followed by
    'ana is:x', was about ana."""
    words = split(valid)
    begun = bool(words) and words[-1].start == error.start and not re.search("[:<>]", words[-1].text)
    return valid[: error.start] if begun else valid


def _word(word: Word, text: str, now: Now) -> Test:
    if text.startswith("-") and len(text) > 1:
        test = _word(word, text[1:], now)
        return lambda call: not test(call)
    if text.startswith('"'):
        return _anywhere(text.strip('"').lower(), told=True)
    if compared := _COMPARE.match(text):
        return _comparison(*compared.groups())
    if _UNFINISHED.match(text):
        raise FilterError(word, "write cost>0.05; so too in, out, ttft, status")
    key, colon, value = text.partition(":")
    if colon and key:
        return _keyed(word, key, value.replace('"', ""), now)
    return _anywhere(text.lower())


def _comparison(key: str, sign: str, number: str, unit: str | None) -> Test:
    bound = float(Decimal(number)) * SIZES[unit]
    compare, amount = OPERATORS[sign], AMOUNTS[key]

    def test(call: Call) -> bool:
        value = amount(call)
        return value is not None and compare(value, bound)

    return test


def _keyed(word: Word, key: str, value: str, now: Now) -> Test:
    if key == "is":
        return _state(word, re.split(r"[|,]", value))
    if key in ("since", "at"):
        test = within(value, now) if key == "since" else by_clock(value, now)
        if test is None:
            meant = "since:15m, since:2h or since:3d" if key == "since" else "at:14:00..14:30"
            raise FilterError(word, f"write {meant}")
        return test
    field, wanted = field_of(key), [one.lower() for one in value.split(",")]
    return lambda call: any(matches(field(call).lower(), one) for one in wanted)


def _state(word: Word, names: list[str]) -> Test:
    if not STATES.keys() >= set(names):
        raise FilterError(word, f"is: knows {', '.join(STATES)}")
    tests = [STATES[name] for name in names]
    return lambda call: any(test(call) for test in tests)


def _anywhere(wanted: str, *, told: bool = False) -> Test:
    return lambda call: any(wanted in text.lower() for text in everywhere(call, told=told))
