"""Bars of cells in eighths: how much of a limit is used, held, and where it lands. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from console.widgets.ink import Span, runs

LEFT_BLOCKS = " ▏▎▍▌▋▊▉"
"""A cell filled from the left by 0 to 7 eighths."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A glyph at a share of the bar, drawn over what is below it."""

    share: float
    glyph: str
    ink: str


def bar(
    width: int,
    fills: list[tuple[float, str]],
    marks: tuple[Mark, ...] = (),
    ground: str = "bar",
) -> list[Span]:
    """A bar of `width` cells. fills: shares of 1 from the left, one after the other, each with its ink.

    A full cell is a space on a coloured ground: a block glyph would leave hairlines between cells.
    """
    ends = _ends(width, fills)
    cells = [_cell(at, ends, ground) for at in range(width)]
    for mark in marks:
        at = min(width - 1, int(mark.share * width))
        if 0 <= at:
            cells[at] = (mark.glyph, f"{mark.ink} on {_ground_at(at, ends, ground)}")
    return runs(cells)


def _ends(width: int, fills: list[tuple[float, str]]) -> list[tuple[int, str]]:
    """Where each fill ends, in eighths of a cell. What is not nothing shows at least one eighth."""
    ends: list[tuple[int, str]] = []
    total = 0.0
    for share, ink in fills:
        if share <= 0:
            continue
        total += share
        begin = ends[-1][0] if ends else 0
        ends.append((min(width * 8, max(begin + 1, round(total * width * 8))), ink))
    return ends


def _cell(at: int, ends: list[tuple[int, str]], ground: str) -> Span:
    low = at * 8
    for index, (end, ink) in enumerate(ends):
        if end >= low + 8:
            return " ", f"text on {ink}"
        if end > low:
            behind = ends[index + 1][1] if index + 1 < len(ends) else ground
            return LEFT_BLOCKS[end - low], f"{ink} on {behind}"
    return " ", f"text on {ground}"


def _ground_at(at: int, ends: list[tuple[int, str]], ground: str) -> str:
    return next((ink for end, ink in ends if end >= at * 8 + 5), ground)
