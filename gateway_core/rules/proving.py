"""How wrong a cache may be, proved while one looks: a bound that holds however often it is looked at.

For each rate r the trials are betted against "at least r of them are wrong": a bet's worth is multiplied by
q / r at a wrong one and by (1 - q) / (1 - r) at a right one, q < r. Under that hypothesis a mixture of such
bets is a supermartingale, so that it ever grows above 1 / α has a probability of α at the most (Ville 1939).
The bound is the smallest r that the bets refute; it may be read after every trial. See Waudby-Smith and
Ramdas, "Estimating means of bounded random variables by betting" (JRSS B, 2024).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

from gateway_core.model.value import value

ALPHA = 0.05
"""How often the stated bound may be wrong, over the whole life of a rule."""
_BETS = ((0.0, 0.4), (0.1, 0.2), (0.25, 0.2), (0.5, 0.15), (0.75, 0.05))
"""Shares of r on which is betted, and how much on each."""
RUNGS = 4
"""Likenesses from which it may serve are tried in so many steps, from the threshold up to 1."""
RECENT = 300
"""Trials of late that are looked at by themselves: a cache that has become worse closes soon."""


class How(StrEnum):
    """How a trial came about."""

    SHADOW = "shadow"
    """It would have been given; the call was asked all the same."""
    SAMPLE = "sample"
    """The same while the rule serves, for a share of its hits."""
    DISCARD = "discard"
    """It was given, and a person discarded it."""
    SERVED = "served"
    """It was given; no trial, since nobody knows how good it was."""


@value
class Trial:
    """One answer that would have been given, or was: how alike the questions, and whether it was wrong."""

    likeness: float
    wrong: bool


@value
class Standing:
    """Whether a rule serves, and what is known of it."""

    open: bool
    threshold: float
    """Likeness from which it serves, or would."""
    trials: int
    wrong: int
    bound: float
    """Share of wrong answers, upwards of that likeness, that is not exceeded with a confidence of 95 %."""
    needed: int
    """Further trials, all of them right, until it opens; 0 where it is open."""


def bound(right: int, wrong: int, alpha: float = ALPHA) -> float:
    """The largest share of wrong ones that these trials leave standing: 1.0 of none."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if refuted(middle, right, wrong, alpha) else (middle, high)
    return high


def refuted(rate: float, right: int, wrong: int, alpha: float = ALPHA) -> bool:
    """Whether the trials speak against that so many, or more, are wrong."""
    if not 0.0 < rate < 1.0:
        return rate >= 1.0 and right > 0
    worths = [
        math.log(weight) + right * math.log((1 - share * rate) / (1 - rate)) + wrong * _log(share)
        for share, weight in _BETS
    ]
    most = max(worths)
    return most + math.log(sum(math.exp(each - most) for each in worths)) >= -math.log(alpha)


def standing(trials: Sequence[Trial], *, rate: float, threshold: float) -> Standing:
    """Whether answers may be served, and from which likeness on: the lowest rung at which the bound is under
    the rate. The rungs share the confidence, so that it holds for whichever is chosen.

    trials: all that were made under one rule, in their order.
    """
    alpha, found = ALPHA / RUNGS, []
    for rung in rungs(threshold):
        some = [each.wrong for each in trials if each.likeness >= rung]
        right, wrong = some.count(False), some.count(True)
        opens = refuted(rate, right, wrong, alpha) and not _worse_of_late(some, rate)
        found.append((opens, rung, right, wrong))
    opens, rung, right, wrong = next((each for each in found if each[0]), found[0])
    return Standing(
        open=opens,
        threshold=rung,
        trials=right + wrong,
        wrong=wrong,
        bound=bound(right, wrong, alpha),
        needed=0 if opens else _needed(rate, right, wrong, alpha),
    )


def rungs(threshold: float) -> list[float]:
    """Likenesses from which it may serve, the lowest first."""
    return [round(threshold + (1 - threshold) * step / RUNGS, 6) for step in range(RUNGS)]


def _worse_of_late(wrong: Sequence[bool], rate: float) -> bool:
    """More wrong ones among the latest than chance explains at the rate: mean and three deviations."""
    some = wrong[-RECENT:]
    mean = rate * len(some)
    return sum(some) > mean + 3 * math.sqrt(mean) + 1


def _needed(rate: float, right: int, wrong: int, alpha: float) -> int:
    low, high = 0, 1
    while not refuted(rate, right + high, wrong, alpha) and high < 10_000_000:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if refuted(rate, right + middle, wrong, alpha) else (middle, high)
    return high


def _log(share: float) -> float:
    return math.log(share) if share else -1e9
