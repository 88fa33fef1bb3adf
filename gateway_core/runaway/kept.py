"""A bounded memory: what was put in first goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(OrderedDict[K, V]):
    """At most `most` values by key. To put a key again keeps it for longer.

    Not a plain dict: that looks for its first key past all that were taken out before it.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def get_or(self, key: K, make: Callable[[], V]) -> V:
        """The value of a key, made where there is none."""
        found = self.get(key)
        return self.put(key, make()) if found is None else found

    def put(self, key: K, value: V) -> V:
        self[key] = value
        self.move_to_end(key)
        if len(self) > self._most:
            self.popitem(last=False)
        return value

    def drop(self, key: K) -> None:
        self.pop(key, None)
