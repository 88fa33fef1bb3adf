"""The weekly report in words: what was ordered as a schedule, and how it stands."""

from __future__ import annotations

import shlex
from pathlib import Path

from console import present
from console.reports.making import Order, shell_path
from console.reports.whole import INCLUDED
from console.shapes.weekly import Weekly, WeeklyReport

OFF = "off"
FILE = "~/llmconsole-%G-W%V.{ending}"
"""Where it goes by itself: a file for each ISO week that is told of."""


def scheduled(order: Order, every: str, to: str) -> WeeklyReport:
    """The order as a weekly report, which has the seven days before as its period. to: as a person writes it;
    what is no whole path is one from the folder where that is."""
    return WeeklyReport(
        every=every,
        to=to if to.startswith("~/") else str(Path(to).absolute()),
        format=order.format,
        by=order.by,
        where=dict(order.where),
        mask=order.mask,
        include=None if set(order.include) == set(INCLUDED) else order.include,
    )


def command(report: WeeklyReport) -> str:
    """The command line that schedules the same."""
    words = ["llmconsole", "report", "--every", report.every, "--by", ",".join(report.by)]
    words += [word for key, value in report.where.items() for word in ("--where", f"{key}={value}")]
    words += [] if report.include is None else ["--include", ",".join(report.include) or "none"]
    words += ["--mask"] if report.mask else []
    return shlex.join([*words, "--format", report.format]) + f" -o {shell_path(report.to)}"


def told(weekly: Weekly) -> list[str]:
    """How it stands, a sentence a line."""
    if weekly.report is None:
        return ["no weekly report"]
    day, _, time = weekly.report.every.partition("@")
    lines = [f"every {day.capitalize()} {time}, of the seven days before"]
    if weekly.next_at and weekly.next_file:
        lines.append(f"next {_when(weekly.next_at)} to {present.plain(weekly.next_file)}")
    if weekly.error is not None:
        lines.append(f"‼ not written: {present.plain(weekly.error)}; it is tried again")
    elif weekly.written_at and weekly.file:
        lines.append(f"last {_when(weekly.written_at)} to {present.plain(weekly.file)}")
    return lines


def _when(at: str) -> str:
    local = present.instant(at).astimezone()
    return f"{local:%a} {present.day(local)} {local:%H:%M}"
