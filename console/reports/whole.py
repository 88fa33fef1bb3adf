"""What a report of many parts is made of: the overview, the budgets, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from console.reports.requests import Requests
from console.shapes import Budget, Report
from console.shapes.overviews import Overview

FORGONE = "forgone"
"""What would have been saved."""
INCLUDED = ("savings", FORGONE, "budgets", "hours")
"""The parts that can be left out."""
REQUESTS = "requests"
"""The part that is there only where it is asked for."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made a report, when, of which calls, and the command that makes it again."""

    made_at: datetime
    made_by: str
    """A program and its version; with a person's name where names may be told."""
    where: Mapping[str, str]
    export: str
    """The command whose output has the hash of the overview's rows."""


@dataclass(frozen=True, slots=True)
class Whole:
    overview: Overview
    budgets: tuple[Budget, ...]
    """As they stand when it is made, whatever the period."""
    origin: Origin
    include: frozenset[str] = frozenset(INCLUDED)
    requests: Requests | None = None
    """Where each request was asked for."""

    @property
    def report(self) -> Report:
        """The overview's own report."""
        told = self.overview
        return Report(
            since=told.since,
            until=told.until,
            by=told.by,
            rows=told.rows,
            total=told.total,
            forgone=told.forgone,
        )
