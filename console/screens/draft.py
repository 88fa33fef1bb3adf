"""A budget as a person wrote it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from console.shapes import Budget


@dataclass(frozen=True, slots=True)
class Draft:
    """Exactly one of the limits is set."""

    name: str
    match: dict[str, str]
    limit_usd: Decimal | None
    limit_tokens: int | None
    window: str
    at_limit: str
    alerts: tuple[int, ...]
    unbounded: str = "refuse"
    downgrade_to: str | None = None
    expensive_above: Decimal | None = None
    raised_to_usd: Decimal | None = None
    raised_to_tokens: int | None = None
    raised_until: str | None = None
    ask_seconds: int = 60

    @classmethod
    def of(cls, budget: Budget) -> Draft:
        """The budget as it would be written: its fields, without where it stands."""
        taken = {one.name: getattr(budget, one.name) for one in fields(cls)}
        return cls(**{**taken, "match": dict(budget.match), "alerts": tuple(budget.alerts)})

    def words(self) -> dict[str, Any]:
        """Its fields by their names, as the client takes them."""
        return {one.name: getattr(self, one.name) for one in fields(self)}
