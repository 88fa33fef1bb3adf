"""Stacked columns in eighths of a cell: amounts over time, by what they are made of. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from console.widgets.ink import Line, Span, runs

LOWER_BLOCKS = " ▁▂▃▄▅▆▇"
"""A cell filled from below by 0 to 7 eighths."""


def columns(layers: Sequence[tuple[str, Sequence[float]]], width: int, height: int, top: float) -> list[Line]:
    """Rows from the top of stacked columns. layers: ink and values, the lowest first, all of one length;
    top: the value at the upper edge."""
    if not layers or width <= 0 or height <= 0 or top <= 0:
        return [[(" " * max(0, width), "")] for _ in range(max(0, height))]
    sampled = [(ink, resampled(values, width)) for ink, values in layers]
    stacks = [_stack([(ink, values[x]) for ink, values in sampled], height * 8, top) for x in range(width)]
    return [runs([_cell(stack, row * 8) for stack in stacks]) for row in reversed(range(height))]


def resampled(values: Sequence[float], width: int) -> list[float]:
    """The values over `width` columns; where several fall into one, their mean."""
    count = len(values)
    if not count:
        return [0.0] * width
    if count <= width:
        return [values[x * count // width] for x in range(width)]
    sums = list(accumulate(values, initial=0.0))
    edges = [x * count // width for x in range(width + 1)]
    return [(sums[b] - sums[a]) / (b - a) for a, b in zip(edges, edges[1:], strict=False)]


def round_top(value: float) -> float:
    """The nearest amount above that reads well: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 1.0
    while power > value:
        power /= 10
    while power * 10 <= value:
        power *= 10
    return next(
        (step * power for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8) if step * power >= value), 10 * power
    )


def _stack(values: list[tuple[str, float]], eighths: int, top: float) -> list[tuple[int, str]]:
    """Where each layer of one column ends, in eighths from below. What is not nothing shows at least one."""
    whole = sum(value for _, value in values)
    if whole <= 0:
        return []
    height = max(1, min(eighths, round(whole / top * eighths)))
    if height < len(values):
        return [(height, max(values, key=lambda layer: layer[1])[0])]
    ends: list[tuple[int, str]] = []
    total = 0.0
    for ink, value in values:
        total += value
        end = round(total / whole * height)
        if end > (ends[-1][0] if ends else 0):
            ends.append((end, ink))
    return ends


def _cell(stack: list[tuple[int, str]], low: int) -> Span:
    """One cell of a column: of the layers in it the two that take most, in their order."""
    parts: list[tuple[int, str]] = []
    begin = low
    for end, ink in stack:
        size = min(end, low + 8) - begin
        if size > 0:
            parts.append((size, ink))
            begin += size
    filled = begin - low
    if filled == 0:
        return " ", ""
    if filled < 8:
        # Two colours are all a cell has, and its edge to the ground needs one of them.
        return LOWER_BLOCKS[filled], max(parts)[1]
    lower, *rest = sorted(parts, reverse=True)[:2]
    if not rest:
        return " ", f"text on {lower[1]}"
    if parts.index(lower) > parts.index(rest[0]):
        lower, rest = rest[0], [lower]
    edge = max(1, min(7, round(lower[0] / (lower[0] + rest[0][0]) * 8)))
    return LOWER_BLOCKS[edge], f"{lower[1]} on {rest[0][1]}"
