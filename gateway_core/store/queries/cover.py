"""A range of time cut into rolled-up spans, with rows at its edges only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway_core.store.instants import Micros

ROWS: Micros = 0
"""The width of a piece that no span fits."""


@dataclass(frozen=True, slots=True)
class Piece:
    """From an instant on, up to another one or for ever, read from spans of one width (ROWS: from rows)."""

    width: Micros
    since: Micros
    until: Micros | None


def cover(since: Micros, until: Micros | None, spans: Sequence[Micros]) -> list[Piece]:
    """Pieces that hold each instant of the range once, in the widest spans that fit.

    `spans`: the widths that are rolled up, each a multiple of the one before.
    """
    pieces: list[Piece] = []
    width = ROWS
    for wider in spans:
        first = -(-since // wider) * wider
        last = None if until is None else until // wider * wider
        if last is not None and first >= last:
            break
        if since < first:
            pieces.append(Piece(width, since, first))
        if until is not None and last is not None and last < until:
            pieces.append(Piece(width, last, until))
        since, until, width = first, last, wider
    return [*pieces, Piece(width, since, until)]
