"""What waits for the writer thread, and when it is worth a commit."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_AT_ONCE = 2000
"""Items of one transaction: what comes later does not wait for a backlog of minutes."""


class Inbox(Generic[T]):
    """A queue from many threads to one, which is woken only where that helps.

    Items that somebody waits for are handed over at once, the others when `gather` seconds have passed.
    A put costs well below a microsecond.
    """

    def __init__(self, gather: float) -> None:
        self._gather = gather
        self._items: deque[T] = deque()
        self._bell = threading.Lock()
        self._bell.acquire()
        self._urgent = False
        self._asleep = False
        self.closed = False

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: T, *, urgent: bool) -> None:
        """Adds an item. `urgent`: somebody waits for it."""
        self._items.append(item)
        if urgent:
            self.hurry()
        elif self._asleep:
            self._ring()

    def leave(self, item: T) -> None:
        """Adds an item and wakes nobody: `hurry` follows."""
        self._items.append(item)

    def hurry(self) -> None:
        """Hands over what is queued at once."""
        self._urgent = True
        self._ring()

    def close(self) -> None:
        """The last items are handed over, then nothing more."""
        self.closed = True
        self._ring()

    def take(self) -> list[T]:
        """The items that are ready, in order; waits for them. Empty once the inbox is closed and empty."""
        while not self._items and not self.closed:
            self._asleep = True
            # Looked at again: a put may have come before it could see that the taker sleeps.
            if not self._items and not self.closed:
                self._bell.acquire()
            self._asleep = False
        if not self._urgent and not self.closed:
            self._bell.acquire(timeout=self._gather)
        self._urgent = False
        return [self._items.popleft() for _ in range(min(len(self._items), MOST_AT_ONCE))]

    def _ring(self) -> None:
        try:
            self._bell.release()
        except RuntimeError:
            # It rings already.
            return
