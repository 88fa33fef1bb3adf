"""Running totals since the start, for /metrics."""

from __future__ import annotations

from collections import Counter

from gateway_core.model.rows import Attempt, FinalRow

MOST_MODELS = 1000
"""Models that are counted by name: whoever has a token can ask for as many as he likes."""
OTHER = "other"


class Tally:
    """Counts by provider, model and outcome; plain numbers, cheap to add to."""

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, str, str]] = Counter()
        self.tokens: Counter[tuple[str, str, str]] = Counter()
        """By provider, model and kind (input, cached_input, cache_write, output)."""
        self.cost_nano: Counter[tuple[str, str]] = Counter()
        self.saved_nano: Counter[str] = Counter()
        self.overhead_ms = 0.0
        self._models: set[tuple[str, str]] = set()

    def add(self, row: FinalRow) -> None:
        """Counts an ended call; its earlier tries at their own providers and models."""
        self.calls[(*self._served(row), str(row.outcome))] += 1
        tries: tuple[FinalRow | Attempt, ...] = (row, *row.earlier)
        for each in tries:
            if each.cost_nano or each.usage.total:
                self._use(each)
        if row.saved_nano:
            self.saved_nano[str(row.cache)] += row.saved_nano
        self.overhead_ms += row.overhead_ms

    def _use(self, row: FinalRow | Attempt) -> None:
        usage, served = row.usage, self._served(row)
        self.cost_nano[served] += row.cost_nano
        self.tokens[(*served, "input")] += usage.input
        self.tokens[(*served, "cached_input")] += usage.cached_input
        self.tokens[(*served, "cache_write")] += usage.cache_write + usage.cache_write_1h
        self.tokens[(*served, "output")] += usage.output

    def _served(self, row: FinalRow | Attempt) -> tuple[str, str]:
        """Provider and model, as long as there are not too many of them."""
        served = (row.provider, row.model)
        if served not in self._models:
            if len(self._models) >= MOST_MODELS:
                return row.provider, OTHER
            self._models.add(served)
        return served
