"""Which places of the keymap are valid at the same time, so that a key may have one meaning in them."""

from __future__ import annotations

from collections.abc import Iterator

from console.keymap import KEYS, Key

_LISTED = ("alerts", "history", "keys", "logs", "providers", "settings")
"""Pages that are a list, or hold one."""
_MARKED = ("budgets", "kept", "routes", "throttles", "tokens")
"""Those whose rows can be marked."""
_OVER = (
    *(("form", "field"), ("draft", "field"), ("panic", "field"), ("prompt", "field"), ("classes", "field")),
    *(("columns", "list"), ("help", "list"), ("themes", "list"), ("what-if", "list")),
    *((place,) for place in ("command", "confirm", "jump", "overtaken", "question", "quitting", "token")),
    ("filter", "filtering"),
)
"""Forms over a page, and lines that are typed in: of the keys valid everywhere they leave the urgent ones."""
TOGETHER: tuple[tuple[str, ...], ...] = (
    ("everywhere", "list", "calls", "dashboard"),
    *(("everywhere", "list", place) for place in _LISTED),
    *(("everywhere", "list", "marks", place) for place in _MARKED),
    *(("everywhere", "list", "first run", step) for step in ("first providers", "first client")),
    *(("everywhere", place) for place in ("inspector", "output", "task")),
    ("everywhere", "reports", "field"),
    *_OVER,
)


def together() -> Iterator[tuple[Key, ...]]:
    """The keys of each of these sets of places."""
    for places in TOGETHER:
        urgent = () if "everywhere" in places else ("everywhere",)
        yield tuple(key for key in KEYS if key.where in places or (key.priority and key.where in urgent))
