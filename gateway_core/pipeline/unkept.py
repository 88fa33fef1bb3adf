"""What the exact cache's rule leaves out: keys of answered calls, to count those that it would have answered.

Nothing of an answer is kept, and keys in memory only: after a start the count begins anew, so that it says
too little rather than too much.
"""

from __future__ import annotations

from collections import OrderedDict

MOST = 20_000
"""Keys that are remembered; the ones that were noted first go."""


class Unkept:
    """Keys, each for as long as the cache would have kept its answer. All of it in one event loop."""

    def __init__(self) -> None:
        self._until: OrderedDict[bytes, float] = OrderedDict()

    def knows(self, key: bytes, now: float) -> bool:
        """Whether the answer to that call would still be kept. now: monotonic seconds."""
        return self._until.get(key, now) > now

    def note(self, key: bytes, until: float) -> None:
        """A call was answered that the cache would have kept until then."""
        self._until[key] = until
        self._until.move_to_end(key)
        if len(self._until) > MOST:
            self._until.popitem(last=False)
