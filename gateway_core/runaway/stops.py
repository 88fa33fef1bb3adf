"""What the guard has stopped, and until when."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from gateway_core.model.money import Nano
from gateway_core.model.tags import Tags

Key = Hashable


@dataclass(slots=True)
class Stop:
    """Calls of one kind are refused: those of `who`, those of a tag, or those with one body."""

    rule: str
    what: str
    """What was seen, as a clause: '41 identical calls …'."""
    ends: float
    """Monotonic seconds."""
    until: str
    """The same instant, RFC 3339 UTC."""
    until_words: str
    """And as local time of day."""
    hourly: Nano
    who: tuple[str, str] | None = None
    tag: tuple[str, str] | None = None
    body: Key | None = None
    number: int = 0
    refused: int = 0
    """Calls that it has refused so far."""

    def covers(self, who: tuple[str, str], tags: Tags, body: Key) -> bool:
        if self.tag is not None:
            return tags.get(self.tag[0]) == self.tag[1]
        return self.who == who if self.body is None else self.body == body


class Stops:
    """The stops that hold. Empty nearly always, which is all that a call then asks."""

    def __init__(self) -> None:
        self._stops: list[Stop] = []
        self._last = 0

    def __bool__(self) -> bool:
        return bool(self._stops)

    def add(self, stop: Stop) -> None:
        self._last += 1
        stop.number = self._last
        self._stops.append(stop)

    def found(self, now: float, who: tuple[str, str], tags: Tags, body: Key) -> Stop | None:
        """The stop that a call falls under; it counts the refusal."""
        for stop in self.standing(now):
            if stop.covers(who, tags, body):
                stop.refused += 1
                return stop
        return None

    def standing(self, now: float) -> list[Stop]:
        """Those that have not ended."""
        self._stops = [stop for stop in self._stops if stop.ends > now]
        return self._stops

    def lift(self, number: int | None) -> int:
        before = len(self._stops)
        self._stops = [stop for stop in self._stops if number is not None and stop.number != number]
        return before - len(self._stops)
