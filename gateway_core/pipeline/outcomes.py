"""Learning from a user's own traffic: asking the same again says how the first answer was taken."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from gateway_core.model.call import Prompt
from gateway_core.model.value import value
from gateway_core.rules.complexity import measure
from gateway_core.rules.features import of_prompt
from gateway_core.store.outcomes import OutcomeStore

SOON = 600.0
"""Seconds within which the same words again are a complaint."""
MOST = 2_000
RETRY, OVERRIDE = 0.7, 1.0


@value
class Asked:
    """One answered call. of_own_will: the person chose its model against the routes."""

    call_id: str
    token: str
    asked: str
    target: str
    of_own_will: bool


class Outcomes:
    """What was answered lately, by a hash of its words; nothing of it is text."""

    def __init__(self, store: OutcomeStore) -> None:
        self._store = store
        self._lately: OrderedDict[bytes, tuple[float, Asked]] = OrderedDict()

    def note(self, call: Asked, prompt: Prompt, at: float) -> None:
        """Remembers an answered call. at: monotonic seconds. Nothing awaits."""
        if not prompt.last:
            return
        key = _key(call, prompt)
        before, earlier = self._lately.pop(key, (0.0, None))
        if earlier is not None and at - before <= SOON:
            stronger = call.of_own_will or (call.asked != earlier.asked and call.target != earlier.target)
            bad, why = (OVERRIDE, "override") if stronger else (RETRY, "retry")
            self._store.mark(earlier.call_id, bad, why)
        self._lately[key] = at, call
        if len(self._lately) > MOST:
            self._lately.popitem(last=False)
        score = measure(prompt.last)
        self._store.keep(call.call_id, call.target, score.value, of_prompt(prompt.last, score))


def _key(call: Asked, prompt: Prompt) -> bytes:
    """The same conversation of the same client, at the same words."""
    words = "\0".join((call.token, prompt.opening, prompt.last))
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=16).digest()
