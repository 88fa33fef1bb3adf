"""A screen as an SVG that looks the same everywhere: blocks, boxes and braille are drawn, not typeset."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from tests.screens.capture import Rows

WIDE, HIGH = 8.4, 19.0
"""The size of a cell."""
PAD, BAR = 10.0, 34.0
FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"
_BOXES = {
    "─": "lr", "│": "ud", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu", "┌": "rd", "┐": "ld", "└": "ru",
    "┘": "lu", "├": "udr", "┤": "udl", "┬": "lrd", "┴": "lru", "┼": "lrud",
}  # fmt: skip
_LOWER = {glyph: eighths / 8 for eighths, glyph in enumerate("▁▂▃▄▅▆▇█", 1)}
_LEFT = {glyph: eighths / 8 for eighths, glyph in zip(range(7, 0, -1), "▉▊▋▌▍▎▏", strict=True)}
_DASHED = {"┊": "ud", "┈": "lr"}
_BRAILLE = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))

PLAIN = "#d0d0d0"
"""Text in whatever colour the terminal has."""


def picture(rows: Rows, title: str, ground: str) -> str:
    """The SVG. ground: the colour around the cells."""
    shapes = "".join(row(parts, PAD, BAR + at * HIGH) for at, parts in enumerate(rows))
    middle = _width(rows) / 2
    named = f'<text x="{middle:.0f}" y="22" fill="#888" text-anchor="middle">{escape(title)}</text>\n'
    return frame(rows, ground, f"{named}{shapes}")


def frame(rows: Rows, ground: str, inside: str) -> str:
    """A window as large as these rows, around what is drawn already."""
    width, height = _width(rows), len(rows) * HIGH + PAD + BAR
    dots = "".join(
        f'<circle cx="{18 + 18 * at}" cy="17" r="5.5" fill="{ground}" stroke="#888"/>' for at in range(3)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-family="{FONT}" font-size="14" text-rendering="geometricPrecision">\n'
        "<style>rect:not([rx]){shape-rendering:crispEdges}</style>"
        f'<rect width="{width:.0f}" height="{height:.0f}" rx="9" fill="{ground}" stroke="#8888"/>\n'
        f"{dots}{inside}</svg>\n"
    )


def _width(rows: Rows) -> float:
    return max(sum(part.cell_length for part in parts) for parts in rows) * WIDE + 2 * PAD


def row(parts: list[Segment], x: float, y: float) -> str:
    """What is drawn of one row whose upper left corner is there."""
    grounds = fronts = ""
    for color, same in groupby(parts, _ground):
        begin = x
        for part in same:
            fronts += _run(part.text, part.style or Style(), x, y)
            x += part.cell_length * WIDE
        if color:
            grounds += _rect(begin, y, x - begin, HIGH, color)
    return f"{grounds}{fronts}\n"


def _ground(part: Segment) -> str:
    """The colour behind the text; '' for the terminal's own."""
    color = _turned(part.style).bgcolor if part.style else None
    return "" if color is None or color.is_default else color.get_truecolor().hex


def _turned(style: Style) -> Style:
    """Its colours as they are seen: `reverse` changes them round."""
    return Style(color=style.bgcolor, bgcolor=style.color, bold=style.bold) if style.reverse else style


def _run(text: str, style: Style, x: float, y: float) -> str:
    style = _turned(style)
    color = (
        style.color.get_truecolor().hex if style.color is not None and not style.color.is_default else PLAIN
    )
    drawn = ""
    for run, begin in _runs(text):
        at = x + begin * WIDE
        if (
            run[0] in _BOXES
            or run[0] in _DASHED
            or run[0] in _LOWER
            or run[0] in _LEFT
            or "⠀" < run[0] <= "⣿"
        ):
            drawn += _glyph(run, at, y, color)
        elif run.strip():
            weight = ' font-weight="bold"' if style.bold else ""
            wide = cell_len(run) * WIDE
            drawn += (
                f'<text x="{at:.1f}" y="{y + 14:.1f}" fill="{color}"{weight} textLength="{wide:.1f}" '
                f'lengthAdjust="spacingAndGlyphs">{escape(run)}</text>'
            )
    return drawn


def _runs(text: str) -> Iterator[tuple[str, int]]:
    """Words, blanks and drawn glyphs apart from each other, each with the cell it begins at; a line that goes
    on is one glyph of many cells."""
    run, begin, at, kind = "", 0, 0, ""
    for letter in text:
        this = "blank" if letter == " " else "text" if letter.isascii() or letter.isalpha() else "glyph"
        if run and (this != kind or (this == "glyph" and not letter == run[0] == "─")):
            yield run, begin
            run, begin = "", at
        kind, run, at = this, run + letter, at + cell_len(letter)
    if run:
        yield run, begin


def _glyph(run: str, x: float, y: float, color: str) -> str:
    """A glyph, or a line of many cells."""
    glyph = run[0]
    if len(run) > 1:
        wide = cell_len(run) * WIDE
        return f'<path d="M{x:.1f} {y + HIGH / 2:.1f}h{wide:.1f}" stroke="{color}" fill="none"/>'
    if glyph in _LOWER:
        high = HIGH * _LOWER[glyph]
        return _rect(x, y + HIGH - high, WIDE, high, color)
    if glyph in _LEFT:
        return _rect(x, y, WIDE * _LEFT[glyph], HIGH, color)
    if glyph in _DASHED:
        return _lines(_DASHED[glyph], x, y, color, ' stroke-dasharray="2 2.2"')
    if glyph in _BOXES:
        return _corner(glyph, x, y, color) if glyph in "╭╮╰╯" else _lines(_BOXES[glyph], x, y, color)
    return _dots(ord(glyph) - 0x2800, x, y, color)


def _dots(bits: int, x: float, y: float, color: str) -> str:
    return "".join(
        f'<circle cx="{x + WIDE * (0.28 + 0.44 * column):.1f}" cy="{y + HIGH * (0.14 + 0.24 * row):.1f}" '
        f'r="1.15" fill="{color}"/>'
        for bit, (column, row) in enumerate(_BRAILLE)
        if bits >> bit & 1
    )


def _lines(sides: str, x: float, y: float, color: str, more: str = "") -> str:
    middle = (x + WIDE / 2, y + HIGH / 2)
    ends = {"l": (x, middle[1]), "r": (x + WIDE, middle[1]), "u": (middle[0], y), "d": (middle[0], y + HIGH)}
    path = "".join(
        f"M{middle[0]:.1f} {middle[1]:.1f}L{ends[side][0]:.1f} {ends[side][1]:.1f}" for side in sides
    )
    return f'<path d="{path}" stroke="{color}" fill="none"{more}/>'


def _corner(glyph: str, x: float, y: float, color: str) -> str:
    across = x + WIDE if "r" in _BOXES[glyph] else x
    along = y + HIGH if "d" in _BOXES[glyph] else y
    middle = (x + WIDE / 2, y + HIGH / 2)
    path = f"M{across:.1f} {middle[1]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {middle[0]:.1f} {along:.1f}"
    return f'<path d="{path}" stroke="{color}" fill="none"/>'


def _rect(x: float, y: float, wide: float, high: float, color: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{color}"/>'
