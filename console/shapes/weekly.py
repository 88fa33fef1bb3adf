"""The report that the gateway writes once a week."""

from __future__ import annotations

from dataclasses import field

from console.shapes.frame import shape


@shape
class WeeklyReport:
    every: str
    """Day and local time: monday@09:00."""
    to: str
    """A path on the gateway's machine; %Y %m %d %G %V stand for the first day that is told of."""
    format: str = "md"
    by: tuple[str, ...] = ("project", "model")
    where: dict[str, str] = field(default_factory=dict)
    mask: bool = False
    include: tuple[str, ...] | None = None
    """None: the usual parts."""


@shape
class Weekly:
    """The schedule, and what came of it. Times are RFC 3339, UTC."""

    report: WeeklyReport | None = None
    next_at: str | None = None
    next_file: str | None = None
    written_at: str | None = None
    file: str | None = None
    error: str | None = None
    """Why the last try failed; None where it did not."""
    failed_at: str | None = None
    revision: str = ""
