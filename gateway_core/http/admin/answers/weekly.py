"""The weekly report."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer, Revision


class WeeklyReportAnswer(Answer):
    every: str
    """Day and local time: monday@09:00."""
    to: str
    """A whole path on the gateway's machine; %Y %m %d %G %V stand for the first day that is told of."""
    format: str
    by: list[str]
    where: dict[str, str]
    mask: bool
    include: list[str] | None = None
    """None: the usual parts."""


class WeeklyAnswer(Answer):
    report: WeeklyReportAnswer | None
    """None where nothing is scheduled."""
    next_at: str | None
    next_file: str | None
    written_at: str | None
    """When the last one was written, to `file`."""
    file: str | None
    error: str | None
    """Why the last try failed; None where it did not."""
    failed_at: str | None
    revision: Revision
