"""How well scores tell where a strong model is worth its price: APGR, CPT, and their intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import sqrt

from gateway_core.model.value import value

RESAMPLES = 400
_Z = 1.959964
"""Standard deviations that hold 95 %."""


@value
class Interval:
    """A figure and the interval that it lies in with 95 %."""

    value: float
    low: float
    high: float


def apgr(scores: Sequence[float], gains: Sequence[float]) -> float:
    """The average share of the strong model's gain that is recovered, over all shares of strong calls.

    scores: who has the highest is sent to the strong model first; equal ones in no order. gains: the strong
    model's quality less the cheap one's. Random order has 0.5. ValueError where nothing is gained in all.
    """
    total = sum(gains)
    if not total:
        raise ValueError("the strong model gains nothing over the cheap one")
    size = len(scores)
    order = sorted(range(size), key=scores.__getitem__, reverse=True)
    area, before = 0.0, 0
    for _, tied in groupby(order, key=scores.__getitem__):
        rows = list(tied)
        middle = before + len(rows) / 2
        area += sum(gains[row] for row in rows) * (1 - middle / size)
        before += len(rows)
    return area / total


def cpt(scores: Sequence[float], gains: Sequence[float], share: float) -> float:
    """The least share of strong calls that recovers `share` of the gain (0.5: CPT50, 0.8: CPT80).

    Among equal scores the gain is spread evenly. ValueError as for apgr.
    """
    total = sum(gains)
    if not total:
        raise ValueError("the strong model gains nothing over the cheap one")
    wanted, got, before = share * total, 0.0, 0
    order = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    for _, tied in groupby(order, key=scores.__getitem__):
        rows = list(tied)
        gain = sum(gains[row] for row in rows)
        if gain > 0 and got + gain >= wanted - 1e-12:
            return (before + len(rows) * max(0.0, wanted - got) / gain) / len(scores)
        got += gain
        before += len(rows)
    return 1.0


def apgr_interval(scores: Sequence[float], gains: Sequence[float], resamples: int = RESAMPLES) -> Interval:
    """APGR with its bootstrap interval over the rows."""
    found = []
    for rows in resampled(len(scores), resamples):
        some = [gains[row] for row in rows]
        if sum(some):
            found.append(apgr([scores[row] for row in rows], some))
    return Interval(apgr(scores, gains), *ends(found))


def difference(
    ours: Sequence[float], theirs: Sequence[float], gains: Sequence[float], resamples: int = RESAMPLES
) -> Interval:
    """How much more APGR one scorer has than another on the same rows, with its paired interval."""
    found = []
    for rows in resampled(len(gains), resamples):
        some = [gains[row] for row in rows]
        if sum(some) > 0:
            found.append(apgr([ours[row] for row in rows], some) - apgr([theirs[row] for row in rows], some))
    return Interval(apgr(ours, gains) - apgr(theirs, gains), *ends(found))


def share_interval(count: int, of: int) -> Interval:
    """A share with its interval by Wilson's score, which stays honest for few calls and for none or all of
    them. https://doi.org/10.1080/01621459.1927.10502953. ValueError where there is nothing to share."""
    if of <= 0:
        raise ValueError("a share of nothing")
    share, spread = count / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    width = _Z / (1 + spread) * sqrt(share * (1 - share) / of + spread / (4 * of))
    return Interval(share, max(0.0, middle - width), min(1.0, middle + width))


def ends(found: list[float]) -> tuple[float, float]:
    """The 2.5th and the 97.5th of a hundred."""
    ranked = sorted(found)
    last = len(ranked) - 1
    return ranked[round(0.025 * last)], ranked[round(0.975 * last)]


def resampled(size: int, times: int) -> Iterator[list[int]]:
    """Rows drawn with replacement, the same every time: a figure must not change by itself."""
    numbers = chance(size * 1_000_003 + times)
    for _ in range(times):
        yield [next(numbers) % size for _ in range(size)]


def chance(seed: int) -> Iterator[int]:
    """Numbers without a pattern from a seed (xorshift64*, its upper 32 bits)."""
    state = (seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & 0xFFFFFFFFFFFFFFFF or 1
    while True:
        state ^= state >> 12
        state ^= (state << 25) & 0xFFFFFFFFFFFFFFFF
        state ^= state >> 27
        yield ((state * 0x2545F4914F6CDD1D) & 0xFFFFFFFFFFFFFFFF) >> 32
