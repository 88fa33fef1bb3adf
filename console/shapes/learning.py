"""The shape of a lesson: what was learned from outcomes, and whether it judges."""

from __future__ import annotations

from console.shapes.frame import shape


@shape
class Lesson:
    """rule, learned: APGR of each; gain: their difference with the ends of its 95 % interval."""

    date: str
    labels: int
    rule: float
    learned: float
    gain: tuple[float, float, float]
    used: bool
