"""A period as a whole, as a report of many parts shows it."""

from __future__ import annotations

from decimal import Decimal

from console.shapes import ReportRow
from console.shapes.forgone import Forgone
from console.shapes.frame import shape


@shape
class Group:
    """One grouping; its rows add up to the overview's total."""

    by: str
    rows: tuple[ReportRow, ...]


@shape
class Hour:
    """A local hour of the week, added up over the period. weekday: 1 is Monday."""

    weekday: int
    hour: int
    calls: int
    cost_usd: Decimal


@shape
class Savings:
    own_cache_usd: Decimal
    provider_cache_usd: Decimal
    routing_usd: Decimal


@shape
class LedgerRows:
    """The rows behind it: how many, how many of them under way, and the hash of their export."""

    rows: int
    under_way: int
    sha256: str


@shape
class Overview:
    """Read at one instant: rows, groups, over_time and hours each add up to `total`."""

    since: str
    until: str
    timezone: str
    by: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    total: ReportRow
    groups: tuple[Group, ...]
    step: str
    """hour | day | month: the grouping of time that over_time has."""
    over_time: tuple[ReportRow, ...]
    hours: tuple[Hour, ...]
    savings: Savings
    ledger: LedgerRows | None = None
    forgone: Forgone | None = None
    """Both where they were asked for."""


@shape
class FirstSeen:
    """Names in the order in which the ledger met them, by tag key, and of tokens."""

    names: dict[str, tuple[str, ...]]
