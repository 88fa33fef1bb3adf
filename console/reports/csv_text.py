"""A report as CSV: exact sums, one line a group, no line of totals that a spreadsheet would add up again."""

from __future__ import annotations

import csv
import io

from console.reports.json_text import SUMS, fields
from console.reports.sheet import Sheet


def text(sheet: Sheet) -> str:
    """Header and lines; the total alone where there are no groups."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*sheet.by, *SUMS])
    if not sheet.by:
        writer.writerow(fields(sheet.total).values())
    for line in sheet.lines:
        writer.writerow([*map(harmless, line.keys), *fields(line.sums).values()])
    return out.getvalue()


def harmless(word: str) -> str:
    """The word so that no spreadsheet takes it for a formula."""
    return f"'{word}" if word[:1] in ("=", "+", "-", "@", "\t") else word
