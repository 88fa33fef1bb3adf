"""Lines of inked text: what a canvas draws. Pure; a width is always in terminal cells.

An ink names what a colour is for, never the colour: 'muted', 'bold saved', 'chart-1 on chart-2',
'key click=app.help' (a mouse click there runs the action).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.style import Style

Ink = str | Style
Span = tuple[str, Ink]
Line = Sequence[Span]

EMPTY: Line = ()
_LAST_NUMBER = re.compile(r" +(?:\S*[=<>])?[$~≤×↑]*\d[\d.,:]*$")


def fit(text: str, width: int, align: str = "<") -> str:
    """The text in exactly `width` cells, cut with '…' where it is longer. align: '<' or '>'."""
    if width <= 0:
        return ""
    text = cut(text, width)
    blank = " " * (width - cell_len(text))
    return blank + text if align == ">" else text + blank


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells, ending in '…' where something is missing. What is left of a number
    at the end is left out with it: '300…' would read as another one."""
    if cell_len(text) <= width:
        return text
    kept = set_cell_size(text, max(0, width - 1)).rstrip()
    kept = _LAST_NUMBER.sub("", kept) or kept
    return kept + "…" + " " * (width - 1 - cell_len(kept))


def length(line: Line) -> int:
    return sum(cell_len(text) for text, _ in line)


def clip(line: Line, width: int) -> list[Span]:
    """The line without what lies beyond `width`, the last cell a '…' where something was lost."""
    if length(line) <= width:
        return list(line)
    kept: list[Span] = []
    left = width
    for text, ink in line:
        size = cell_len(text)
        if size >= left:
            # A run that ends exactly here hides what follows, so it loses its last cell too.
            kept.append((set_cell_size(text, max(0, left - 1)) + "…" if left else "", ink))
            break
        kept.append((text, ink))
        left -= size
    return kept


def wrapped(line: Line, width: int, hang: int | None = None) -> list[Line]:
    """The line broken at blanks into rows of at most `width`; further rows stand `hang` cells in, else two
    cells right of the first one's text. A word that is longer than a row is cut by the row."""
    if length(line) <= width:
        return [line]
    words = [(word, ink) for text, ink in line for word in re.findall(r" *[^ ]+ *|^ +$", text)]
    first = "".join(text for text, _ in line)
    margin = min(len(first) - len(first.lstrip(" ")) + 2 if hang is None else hang, width // 2)
    rows: list[Line] = []
    row: list[Span] = []
    for word, ink in words:
        if row and length(row) + cell_len(word.rstrip()) > width:
            rows.append(row)
            row, word = [(" " * margin, "")], word.lstrip(" ")
        row.append((word, ink))
    return [*rows, row]


def cropped(line: Line, width: int) -> list[Span]:
    """The first `width` cells of a line that is at least so long; what is lost leaves no sign."""
    kept: list[Span] = []
    left = width
    for text, ink in line:
        text = set_cell_size(text, min(cell_len(text), left))
        kept.append((text, ink))
        left -= cell_len(text)
    return kept


def spread(left: Line, right: Line, width: int) -> list[Span]:
    """Two lines on one row, the right one at the edge; the left one gives way."""
    room = max(0, width - length(right) - 1)
    start = clip(left, room)
    return [*start, (" " * max(1, width - length(start) - length(right)), ""), *right]


def centred(line: Line, width: int) -> list[Span]:
    kept = clip(line, width)
    return [(" " * ((width - length(kept)) // 2), ""), *kept]


def grounded(line: Line, ground: str) -> list[Span]:
    """The same line on another ground, as a row under the cursor; what has its own ground keeps it."""
    return [
        (text, ink if isinstance(ink, Style) or " on " in ink else f"{ink} on {ground}") for text, ink in line
    ]


def joined(parts: Iterable[Line], gap: Span = ("  ", "")) -> list[Span]:
    """Parts in a row with a gap between them; empty parts leave no gap."""
    row: list[Span] = []
    for part in parts:
        if part:
            row.extend([gap, *part] if row else part)
    return row


def fitting(parts: Sequence[Line], width: int, gap: Span = ("   ", "")) -> list[Span]:
    """As many of the parts as fit whole, given in order of importance and kept in that order."""
    kept: list[Line] = []
    for part in parts:
        if part and length(joined([*kept, part], gap)) <= width:
            kept.append(part)
    return joined(kept, gap)


def runs(cells: Iterable[Span]) -> list[Span]:
    """Neighbours of one ink as one span."""
    row: list[Span] = []
    for text, ink in cells:
        if row and row[-1][1] == ink:
            row[-1] = (row[-1][0] + text, ink)
        else:
            row.append((text, ink))
    return row
