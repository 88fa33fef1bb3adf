"""How far the weekly report has come, over restarts: one of the small facts in the ledger's file."""

from __future__ import annotations

from gateway_core.model.weekly import WeeklyState
from gateway_core.store.facts import FactStore
from gateway_core.store.jsontext import decode, encode

_KEY = "weekly"


class WeeklyStore:
    """Both belong in a worker thread."""

    def __init__(self, facts: FactStore) -> None:
        self._facts = facts

    def load(self) -> WeeklyState:
        """What was kept last."""
        text = self._facts.get(_KEY)
        return WeeklyState() if text is None else decode(text, WeeklyState)

    def save(self, state: WeeklyState) -> None:
        """Keeps it. Raises Refusal 503 while the ledger cannot be written."""
        self._facts.put(_KEY, encode(state))
