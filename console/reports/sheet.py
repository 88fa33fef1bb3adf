"""A report as rows of words and numbers, before it is written in any format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from console import present
from console.reports.names import keys_of
from console.shapes import Report, ReportRow
from console.shapes.forgone import Forgone, ForgoneRow

MEASURES = ("calls", "input", "cached", "written", "output", "cost", "saved")
"""The columns after the keys."""
FIRST_YEAR = "1971"
"""A report since before is one over all time."""


@dataclass(frozen=True, slots=True)
class Line:
    """One group: its keys' values and its sums."""

    keys: tuple[str, ...]
    sums: ReportRow
    would: ForgoneRow | None = None
    """What would have been saved in it, where anything would."""

    def cells(self) -> tuple[str, ...]:
        """The measures as a person reads them."""
        sums = self.sums
        counts = (
            sums.calls,
            sums.input_tokens,
            sums.cached_input_tokens,
            sums.written,
            sums.output_tokens,
        )
        marked = (present.ESTIMATED if sums.estimated_usd else "") + present.usd(sums.cost_usd)
        saved = sums.saved_usd + sums.provider_cache_saved_usd
        return (*map(present.tokens, counts), marked, present.usd(saved))


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    by: tuple[str, ...]
    lines: tuple[Line, ...]
    total: ReportRow
    notes: tuple[str, ...]
    saved: str
    """By what how much was saved, in a sentence; empty where nothing was."""
    forgone: Forgone | None = None
    """What would have been saved, where that was asked for."""

    @property
    def header(self) -> tuple[str, ...]:
        return (*self.by, *MEASURES)

    @property
    def footer(self) -> tuple[str, ...]:
        """The line of totals, as wide as the header."""
        labels = ("total", *[""] * (len(self.by) - 1)) if self.by else ()
        return (*labels, *Line((), self.total).cells())

    def rows(self) -> list[tuple[str, ...]]:
        return [(*line.keys, *line.cells()) for line in self.lines]


def sheet_of(report: Report, *, simulated: bool, zone: tzinfo | None = None) -> Sheet:
    """The sheet of a report, dearest group first; without groups there is only the total. `zone`: of the
    times that it names; None is this machine's."""
    ordered = sorted(report.rows, key=lambda row: (-row.cost_usd, -row.calls))
    told = report.forgone
    would = {tuple(row.keys.items()): row for row in told.rows} if told is not None else {}
    return Sheet(
        title=_title(report, zone),
        by=report.by,
        lines=tuple(
            Line(keys_of(report.by, row.keys), row, would.get(tuple(row.keys.items()))) for row in ordered
        )
        if report.by
        else (),
        total=report.total,
        notes=tuple(_notes(report.total, simulated)),
        saved=_saved(report.total),
        forgone=told,
    )


def _notes(total: ReportRow, simulated: bool) -> list[str]:
    notes = []
    if simulated:
        notes.append("Simulated: no money was spent.")
    if total.estimated_usd > Decimal(0):
        notes.append(f"~ {present.usd(total.estimated_usd)} of it is estimated.")
    if total.cache_hits:
        asked = total.cache_hits + total.cache_misses
        share = present.percent(total.cache_hits / asked)
        answered = f"{total.cache_hits:,} of {present.counted(asked, 'call')}"
        notes.append(f"The cache answered {answered} that asked it ({share}).")
    if total.unpriced:
        calls = present.counted(total.unpriced, "call has", "calls have")
        notes.append(f"{calls} no price, counted as nothing; set one with: llmconsole prices set")
    return notes


def _saved(total: ReportRow) -> str:
    """By what how much was saved: '$1.20 saved by routing, $0.40 by the cache.'"""
    ways = (
        ("routing", total.saved_usd - total.cache_saved_usd),
        ("the cache", total.cache_saved_usd),
        ("the providers' prompt caches", total.provider_cache_saved_usd),
    )
    told = [f"{present.usd(amount)} by {way}" for way, amount in ways if amount]
    return f"Saved: {', '.join(told)}." if told else ""


def _title(report: Report, zone: tzinfo | None) -> str:
    if report.since < FIRST_YEAR:
        return f"LLM spend up to {_day(report.until, zone)}"
    return f"LLM spend, {_day(report.since, zone)} to {_day(report.until, zone)}"


def _day(instant: str, zone: tzinfo | None) -> str:
    return present.instant(instant).astimezone(zone).strftime("%Y-%m-%d %H:%M")
