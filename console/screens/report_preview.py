"""A report as it is seen before it is written: tables in columns that fit, anything else as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from console.present import counted, plain
from console.widgets.ink import Line, fit

FIRST_TO_GO = (
    *("written", "cached", "output", "input", "window", "matches", "lands at", "saved", "calls"),
    *("unpriced", "agreed"),
)
"""Columns that are left out where a table is too wide, in this order. The file has them all."""
NEXT_TO_GO = ("mode", "outcome")
"""Of a table with a line for each request, where its names would keep fewer cells than ENOUGH."""
LEAST, ENOUGH = 6, 10
"""Cells that a name keeps."""
SHOWN = 1_000
"""Lines of a preview."""
_CELLS = re.compile(r"(?<!\\)\|")


def preview(text: str, width: int, *, tables: bool) -> list[Line]:
    """The report's lines in a width, none cut within a number. `tables`: it is Markdown."""
    lines = text.splitlines()
    told = list(_fitted(lines, width) if tables else _wrapped(lines, width))
    shown: list[Line] = [_inked(line) for line in told[:SHOWN]]
    if len(told) > SHOWN:
        shown.append([(f"… {counted(len(told) - SHOWN, 'more line')} in the file", "muted")])
    return shown


def _wrapped(lines: Sequence[str], width: int) -> Iterator[str]:
    for line in lines:
        whole = plain(line.expandtabs())
        yield from (whole[at : at + width] for at in range(0, max(len(whole), 1), width))


def _fitted(lines: Sequence[str], width: int) -> Iterator[str]:
    table: list[list[str]] = []
    for line in (*lines, ""):
        if line.startswith("|"):
            table.append([_word(cell) for cell in _CELLS.split(line)[1:-1]])
            continue
        if table:
            yield from _columns(table, width)
            table = []
        yield from _broken(plain(line.replace("**", "")), width)


def _columns(table: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Header, rule, rows: as columns of equal width, some left out where there is no room."""
    header, rules, *rows = table
    if header[0] == "time" and _whole(header, rows) > width:
        # The year is the period's, which the title tells.
        rows = [[row[0].partition("-")[2], *row[1:]] for row in rows]
    kept, widths = list(range(len(header))), _widths(header, rows)
    for name in FIRST_TO_GO:
        if _wide(widths, kept) > width and name in header:
            kept.remove(header.index(name))
    numbers = [at for at in kept if rules[at].endswith("--:")]
    names = [at for at in kept if at not in numbers and header[at] != "time"]
    for name in NEXT_TO_GO if header[0] == "time" else ():
        tight = [min(wide, ENOUGH) if at in names else wide for at, wide in enumerate(widths)]
        if _wide(tight, kept) > width and name in header:
            kept.remove(header.index(name))
    names = [at for at in names if at in kept]
    while _wide(widths, kept) > width and names and max(widths[at] for at in names) > LEAST:
        widths[max(names, key=lambda at: widths[at])] -= 1
    for row in (header, *rows):
        cells = (row[at].rjust(widths[at]) if at in numbers else fit(row[at], widths[at]) for at in kept)
        yield "  ".join(cells).rstrip()
    if len(kept) < len(header):
        yield f"not shown here: {', '.join(word for at, word in enumerate(header) if at not in kept)}"


def _whole(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    return _wide(_widths(header, rows), range(len(header)))


def _widths(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(header, *rows, strict=True)]


def _wide(widths: Sequence[int], kept: Sequence[int]) -> int:
    return sum(widths[at] + 2 for at in kept) - 2


def _broken(line: str, width: int) -> Iterator[str]:
    while len(line) > width:
        at = line.rfind(" ", 1, width + 1)
        at = at if at > 0 else width
        yield line[:at]
        line = line[at:].lstrip()
    yield line


def _word(cell: str) -> str:
    return plain(re.sub(r"\\(.)", r"\1", cell.strip().replace("**", "")))


def _inked(line: str) -> Line:
    if line.startswith("Saved "):
        saved, colon, how = line.partition(":")
        return [(saved + colon, "bold text"), (how, "text")]
    if line.startswith(("# ", "## ")):
        return [(line, "bold brand")]
    if line.startswith("not shown here: "):
        return [(line, "faint")]
    return [(line, "bold text" if line.startswith("total ") else "text")]
