"""Reports as text: a table for the terminal, Markdown, CSV, JSON, JSON lines, HTML and an SVG picture."""

from __future__ import annotations

from collections.abc import Callable

from console.reports import csv_text, json_text, markdown, page, table
from console.reports.pseudonyms import MASKED, Pseudonyms
from console.reports.sheet import Sheet, sheet_of
from console.reports.steps import zone_of
from console.reports.whole import FORGONE, INCLUDED, REQUESTS, Origin, Whole
from console.shapes import Report

__all__ = [
    "FORGONE",
    "FORMATS",
    "INCLUDED",
    "MASKED",
    "OF_EACH",
    "OF_MANY_PARTS",
    "REQUESTS",
    "Origin",
    "Pseudonyms",
    "Whole",
    "render",
    "render_whole",
]

FORMATS = ("table", "md", "csv", "json", "jsonl", "html", "svg")
OF_MANY_PARTS = ("md", "html", "svg")
"""Formats that show an overview as well as a report."""
OF_EACH = ("md", "html")
"""Formats that can list each request too."""


def render(report: Report, format: str, *, simulated: bool = False) -> str:
    """The report in one of FORMATS but html and svg, ending with a newline."""
    if format == "json":
        return json_text.document(report)
    if format == "jsonl":
        return json_text.lines(report)
    writers: dict[str, Callable[[Sheet], str]] = {
        "table": table.text,
        "md": markdown.text,
        "csv": csv_text.text,
    }
    return writers[format](sheet_of(report, simulated=simulated))


def render_whole(whole: Whole, format: str, *, simulated: bool = False) -> str:
    """The report with all its parts in any of FORMATS; one that is rows alone has the rows alone."""
    sheet = sheet_of(whole.report, simulated=simulated, zone=zone_of(whole.overview.timezone))
    if format == "html":
        return page.text(sheet, whole)
    if format == "svg":
        return page.picture(sheet, whole)
    if format == "md":
        return markdown.whole(sheet, whole)
    return render(whole.report, format, simulated=simulated)
