"""The report that the gateway writes by itself, once a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """When it is written, where to, and what it tells: of the seven days before."""

    every: str
    """Day and local time: monday@09:00."""
    to: str
    """A whole path; %Y %m %d %G %V stand for the first day that is told of."""
    format: str = "md"
    by: tuple[str, ...] = ("project", "model")
    where: Mapping[str, str] = field(default_factory=dict)
    """As that of a report: tag keys, model, provider …"""
    mask: bool = False
    """user-1, project-2 … instead of names."""
    include: tuple[str, ...] | None = None
    """Its parts; None: the usual ones."""


@dataclass(frozen=True, slots=True)
class WeeklyState:
    """How far it has come. Times are RFC 3339, UTC."""

    every: str = ""
    """The schedule that the rest is about; another one begins anew."""
    done: str = ""
    """No report is due for an instant up to this one."""
    written_at: str | None = None
    file: str | None = None
    """The last one that was written."""
    error: str | None = None
    """Why the last try failed; None where it did not."""
    failed_at: str | None = None
