"""Python's garbage collector: out of the way of a start, and of what stays as long as the console."""

from __future__ import annotations

import gc

YOUNG = 10_000
"""New objects between two looks at the young: redraws leave thousands, and hardly a cycle among them."""


def rest() -> None:
    """Nothing is collected while everything is made that stays: a quarter of the start went there."""
    gc.disable()


def work() -> None:
    """Collects from now on, and never looks at what is there already."""
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
    gc.enable()
