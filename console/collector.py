"""Python's garbage collector: out of the way of a start, and of what stays as long as the console."""

from __future__ import annotations

import gc

YOUNG = 10_000
"""New objects between two looks at the young: redraws leave thousands, and hardly a cycle among them."""
OLDER = 4
"""Looks at the middle-aged between two at the old: each page that was left waits for one with all it drew."""
_OLD = 2


def rest() -> None:
    """Nothing is collected while everything is made that stays: a quarter of the start went there."""
    gc.disable()


def work() -> None:
    """Collects from now on, and never looks at what is there already."""
    gc.freeze()
    gc.callbacks.append(_let_go)
    gc.set_threshold(YOUNG, 10, OLDER)
    gc.enable()


def _let_go(phase: str, info: dict[str, int]) -> None:
    """Textual remembers the colours of borders by the widget's drawn lines, and so keeps those of a thousand
    widgets that are gone."""
    from textual._styles_cache import StylesCache

    if phase == "start" and info["generation"] == _OLD:
        StylesCache.get_inner_outer.cache_clear()
