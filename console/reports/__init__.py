"""Reports as text: a table for the terminal, Markdown, CSV, JSON, JSON lines and one HTML file."""

from __future__ import annotations

from collections.abc import Callable

from console.reports import csv_text, json_text, markdown, page, table
from console.reports.sheet import Sheet, sheet_of
from console.shapes import Report

FORMATS = ("table", "md", "csv", "json", "jsonl", "html")


def render(report: Report, format: str, *, simulated: bool = False) -> str:
    """The report in one of FORMATS, ending with a newline."""
    if format == "json":
        return json_text.document(report)
    if format == "jsonl":
        return json_text.lines(report)
    writers: dict[str, Callable[[Sheet], str]] = {
        "table": table.text,
        "md": markdown.text,
        "csv": csv_text.text,
        "html": page.text,
    }
    return writers[format](sheet_of(report, simulated=simulated))
