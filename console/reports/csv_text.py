"""A report as CSV: exact sums, one line a group, no line of totals that a spreadsheet would add up again."""

from __future__ import annotations

import csv
import io

from console.reports.forgone import EXACT, exact
from console.reports.json_text import SUMS, fields
from console.reports.sheet import Sheet


def text(sheet: Sheet) -> str:
    """Header and lines; the total alone where there are no groups."""
    told = sheet.forgone
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*sheet.by, *SUMS, *(EXACT if told else ())])
    if not sheet.by:
        writer.writerow([*fields(sheet.total).values(), *(exact(told.total).values() if told else ())])
    for line in sheet.lines:
        would = exact(line.would).values() if told else ()
        writer.writerow([*map(harmless, line.keys), *fields(line.sums).values(), *would])
    return out.getvalue()


def harmless(word: str) -> str:
    """The word so that no spreadsheet takes it for a formula."""
    return f"'{word}" if word[:1] in ("=", "+", "-", "@", "\t") else word
