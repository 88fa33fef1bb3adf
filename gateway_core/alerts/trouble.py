"""Trouble that calls show and nobody may be looking at: a ledger that cannot be written, a provider that
serves nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from gateway_core.alerts import Alerts
from gateway_core.model.events import EventKind
from gateway_core.model.rows import Outcome
from gateway_core.tally import Tally

LEAST_CALLS = 5
"""Failed calls of one provider in a row of looks, below which nothing is said."""


class LedgerTrouble:
    """Tells when the ledger can no longer be written, and when it can again."""

    def __init__(self, alerts: Alerts, problem: Callable[[], str | None]) -> None:
        self._alerts = alerts
        self._problem = problem
        self._told = False

    async def look(self) -> None:
        """Looks once."""
        problem = self._problem()
        if (problem is not None) == self._told:
            return
        self._told = problem is not None
        if problem is not None:
            text = f"the ledger cannot be written ({problem}); new calls are refused until it can"
        else:
            text = "the ledger can be written again; calls are served"
        self._alerts.raise_(EventKind.TROUBLE, {"what": "ledger", "over": problem is None, "text": text})


class ProviderTrouble:
    """Tells of a provider all of whose calls fail, once until one is served again. Reads the running totals,
    so that calls pay nothing for it."""

    def __init__(self, alerts: Alerts, tally: Tally) -> None:
        self._alerts = alerts
        self._tally = tally
        self._before: Counter[tuple[str, str]] = Counter()
        self._failed: Counter[str] = Counter()
        """Failures of each provider since it last served a call."""
        self._told: set[str] = set()

    async def look(self) -> None:
        """Looks once at what has ended since the look before."""
        now: Counter[tuple[str, str]] = Counter()
        for (provider, _, outcome), calls in self._tally.calls.items():
            now[provider, outcome] += calls
        new, self._before = now - self._before, now
        for provider in {provider for provider, _ in new}:
            self._judge(provider, new[provider, str(Outcome.OK)], new[provider, str(Outcome.FAILED)])

    def _judge(self, provider: str, served: int, failed: int) -> None:
        if served:
            self._failed.pop(provider, None)
            self._told.discard(provider)
            return
        self._failed[provider] += failed
        failures = self._failed[provider]
        if failures < LEAST_CALLS or provider in self._told:
            return
        self._told.add(provider)
        text = f"the last {failures} calls to {provider} failed, and none was served"
        facts = {"what": "provider", "provider": provider, "calls": failures, "text": text}
        self._alerts.raise_(EventKind.TROUBLE, facts)
