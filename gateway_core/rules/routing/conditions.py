"""The conditions of a route: what each key of its `when` asks, and whether a call meets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from gateway_core.model.call import DialectName
from gateway_core.model.policy import Match
from gateway_core.rules.complexity import Complexity
from gateway_core.rules.matching import like, matches
from gateway_core.rules.routing.situation import Situation

Test = Callable[[Situation], bool]
Seen = Callable[[Situation], str]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BOUND = re.compile(r"(>=|<=|>|<)\s*([\d_]+(?:\.\d+)?)\s*([kKmM]?)\Z")
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
_BUDGET = re.compile(r"(.+?)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)\s*%\Z")
_TIMES = re.compile(r"(\d\d):(\d\d)\.\.(\d\d):(\d\d)\Z")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}
CHANGING = frozenset({"context", "messages", "complexity", "budget", "time"})
"""Keys of conditions that calls of the same tags, names and form may meet or not."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of a route's `when`. `seen`: what a call has there, in words."""

    key: str
    wanted: str
    holds: Test
    seen: Seen

    def failing(self, call: Situation) -> str:
        """Why a call does not meet it: 'context is 1,200, not >50k'."""
        return f"{self.key} is {self.seen(call) or 'not set'}, not {self.wanted}"


def conditions_of(when: Match) -> tuple[Condition, ...]:
    """The conditions of a route, those that cost nothing to ask first. Raises ValueError for one that makes
    no sense."""
    return _conditions(tuple(when.items()))


@lru_cache(maxsize=1024)
def _conditions(when: tuple[tuple[str, str], ...]) -> tuple[Condition, ...]:
    found = [_MAKERS.get(key, _tag)(key, wanted) for key, wanted in when]
    return tuple(sorted(found, key=lambda each: each.key == "complexity"))


def _tag(key: str, wanted: str) -> Condition:
    """A tag, or model, provider or token, as in the match of a budget."""
    match = {key: wanted}
    return Condition(key, wanted, lambda call: matches(match, call.facts), lambda call: _fact(key, call))


def _fact(key: str, call: Situation) -> str:
    facts = call.facts
    own = {"model": facts.model, "provider": facts.provider, "token": facts.token}
    return own.get(key) or facts.tags.get(key, "")


def _asked(key: str, wanted: str) -> Condition:
    names = _words(wanted)
    return Condition(
        key, wanted, lambda call: any(like(name, call.asked) for name in names), lambda call: call.asked
    )


def _format(key: str, wanted: str) -> Condition:
    names = _one_of(key, wanted, [str(each) for each in DialectName])
    return Condition(key, wanted, lambda call: call.format in names, lambda call: call.format)


def _flag(key: str, wanted: str) -> Condition:
    (yes,) = _one_of(key, wanted, ["yes", "no"], most=1)
    return Condition(
        key,
        wanted,
        lambda call: bool(getattr(call, key)) == (yes == "yes"),
        lambda call: "yes" if getattr(call, key) else "no",
    )


def _number(key: str, wanted: str) -> Condition:
    bounds = [_bound(key, each) for each in _words(wanted)]
    return Condition(
        key,
        wanted,
        lambda call: all(compare(getattr(call, key), limit) for compare, limit in bounds),
        lambda call: f"{getattr(call, key):,}",
    )


def _bound(key: str, text: str) -> tuple[Callable[[float, float], bool], float]:
    found = _BOUND.match(text)
    if not found:
        raise ValueError(f"{key} = {text!r} is no bound; write '>50k', '<=2000', or '>=2k,<50k'")
    return _COMPARE[found[1]], float(found[2].replace("_", "")) * _UNITS[found[3].lower()]


def _complexity(key: str, wanted: str) -> Condition:
    classes = [str(each) for each in Complexity]
    at_least = wanted.startswith(">=")
    names = _one_of(key, wanted.removeprefix(">=").strip(), classes, most=1 if at_least else 3)
    if at_least:
        names = classes[classes.index(names[0]) :]
    return Condition(
        key, wanted, lambda call: call.complexity in names, lambda call: str(call.complexity or "not known")
    )


def _budget(key: str, wanted: str) -> Condition:
    found = _BUDGET.match(wanted)
    if not found:
        raise ValueError(f"{key} = {wanted!r} says no share; write 'NAME >= 80%'")
    name, compare, limit = found[1], _COMPARE[found[2]], float(found[3]) / 100

    def holds(call: Situation) -> bool:
        used = call.used(name)
        return used is not None and compare(used, limit)

    def seen(call: Situation) -> str:
        used = call.used(name)
        return f"{name} at {used:.0%}" if used is not None else f"{name}, which does not exist"

    return Condition(key, wanted, holds, seen)


def _time(key: str, wanted: str) -> Condition:
    days: set[int] = set()
    spans: list[tuple[time, time]] = []
    for word in wanted.replace(",", " ").split():
        if span := _TIMES.match(word):
            spans.append(_span(key, wanted, span))
        else:
            days |= _days(key, wanted, word)

    def holds(call: Situation) -> bool:
        now = call.local.time()
        return (not days or call.local.weekday() in days) and (
            not spans or any(_within(now, start, end) for start, end in spans)
        )

    return Condition(key, wanted, holds, lambda call: f"{call.local:%a %H:%M}".lower())


def _span(key: str, wanted: str, found: re.Match[str]) -> tuple[time, time]:
    try:
        start, end = (time(int(found[at]) % 24, int(found[at + 1])) for at in (1, 3))
    except ValueError:
        raise ValueError(f"{key} = {wanted!r} is no time of day; write '22:00..06:00'") from None
    return start, end


def _within(now: time, start: time, end: time) -> bool:
    """A span that ends before it starts goes over midnight; one that ends at its start is the whole day."""
    return start <= now < end if start < end else now >= start or now < end


def _days(key: str, wanted: str, word: str) -> set[int]:
    first, _, last = word.lower().partition("-")
    if first not in _DAYS or (last and last not in _DAYS):
        raise ValueError(f"{key} = {wanted!r}: {word!r} is no time; write 'mon-fri 09:00..18:00'")
    start, end = _DAYS.index(first), _DAYS.index(last or first)
    return {(start + step) % 7 for step in range((end - start) % 7 + 1)}


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _one_of(key: str, wanted: str, allowed: list[str], most: int = 9) -> list[str]:
    names = _words(wanted.lower())
    if not 0 < len(names) <= most or not set(names) <= set(allowed):
        raise ValueError(f"{key} = {wanted!r} is none of {', '.join(allowed)}")
    return names


_MAKERS: dict[str, Callable[[str, str], Condition]] = {
    "asked": _asked,
    "format": _format,
    "tools": _flag,
    "images": _flag,
    "stream": _flag,
    "context": _number,
    "messages": _number,
    "complexity": _complexity,
    "budget": _budget,
    "time": _time,
}


def is_tag(key: str) -> bool:
    """Whether a key of a `when` asks for a tag."""
    return key not in _MAKERS and key not in ("model", "provider", "token")
