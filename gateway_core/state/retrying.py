"""The retry budget: how often calls may come back to a provider that fails, so that a storm is not fed."""

from __future__ import annotations

from dataclasses import dataclass

SHARE = 0.2
"""Of the calls of the last seconds, so many may be retries."""
LEAST = 3.0
"""So many are always allowed: a single developer's call is worth a second try."""
HALF_LIFE = 10.0
"""Seconds after which a call, or a retry, counts half."""


@dataclass(slots=True)
class _Recent:
    calls: float = 0.0
    retries: float = 0.0
    at: float = 0.0


class RetryBudget:
    """Recent calls and retries by provider; both fade alike. Times are monotonic seconds.

    A retry is a further attempt of one call at a provider that this call has asked before. The first attempt
    at another provider is none: it does not feed the storm, and has that provider's circuit before it.
    """

    def __init__(self) -> None:
        self._recent: dict[str, _Recent] = {}

    def called(self, provider: str, now: float) -> None:
        """A call asks the provider for the first time."""
        self._faded(provider, now).calls += 1

    def take(self, provider: str, now: float) -> bool:
        """Whether a retry may go; it then counts."""
        recent = self._faded(provider, now)
        if recent.retries + 1 > max(LEAST, SHARE * recent.calls):
            return False
        recent.retries += 1
        return True

    def _faded(self, provider: str, now: float) -> _Recent:
        recent = self._recent.get(provider)
        if recent is None:
            recent = self._recent[provider] = _Recent(at=now)
        if now > recent.at:
            share = 0.5 ** ((now - recent.at) / HALF_LIFE)
            recent.calls, recent.retries, recent.at = recent.calls * share, recent.retries * share, now
        return recent
