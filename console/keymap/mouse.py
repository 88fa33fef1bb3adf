"""What the mouse does, for who uses one: every one of these has a key too, or is a shorter way."""

from __future__ import annotations

GESTURES: tuple[tuple[str, str], ...] = (
    ("click", "go there; words of header and footer are keys"),
    ("double click", "the receipt of a call, the form of a row"),
    ("wheel", "move in a list"),
    ("on a heading", "sort by it, turn it round, leave it"),
    ("on a budget", "only the calls that it is over"),
    ("drag", "over the columns of spend: calls of that time"),
    ("shift-drag", "select text; alt-drag in some terminals"),
)
"""A gesture, and what it does. Settings turn the mouse off."""
