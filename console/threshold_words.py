"""The thresholds of classes, and what else holds for all routes, in words. Pure."""

from __future__ import annotations

from typing import Any

from console.shapes import Classes, Thresholds

MEANINGS = {
    "medium": "score from which a call is medium",
    "hard": "score from which a call is hard",
    "margin": "so little under one of them it goes up: up when unsure",
    "always_score": "score every call, so that routes can be tried on it later",
    "learn": "keep signs and hashed words of calls, to learn from their answers",
    "pin": "so long a conversation may pause and stay with its model",
    "most_loss_usd": "dollars of warm prompt cache that moving one up may cost",
}
"""By the name of a field, in the order in which they are shown."""
_LENGTHS = ((86_400, "d"), (3_600, "h"), (60, "m"))


def said(found: Thresholds, name: str) -> str:
    """A field as a person writes it: '0.55', 'yes', '1h', '0.25'."""
    value = getattr(found, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return length(value) if isinstance(value, str) else f"{value:f}"


def fields_said(found: Thresholds) -> dict[str, Any]:
    """All of them in the words of the policy."""
    return {name: getattr(found, name) for name in MEANINGS} | {"most_loss_usd": f"{found.most_loss_usd:f}"}


def length(pin: str) -> str:
    """'3600s' in the largest unit that says all of it: '1h'."""
    seconds = int(pin.removesuffix("s"))
    fits = ((size, letter) for size, letter in _LENGTHS if seconds % size == 0)
    size, letter = next(fits, (1, "s"))
    return f"{seconds // size}{letter}"


def changed(before: Thresholds, after: Thresholds) -> list[tuple[str, tuple[str, str]]]:
    """The fields that differ: their names, and how each was and is."""
    both = ((name, (said(before, name), said(after, name))) for name in MEANINGS)
    return [(name, (was, now)) for name, (was, now) in both if was != now]


def class_words(found: Classes) -> str:
    """'412 simple, 38 medium, 7 hard; 1,204 not scored, as no route asked'."""
    if not (found.scored or found.unscored):
        return "no calls"
    told = f"{found.simple:,} simple, {found.medium:,} medium, {found.hard:,} hard"
    return f"{told}; {found.unscored:,} not scored, as no route asked" if found.unscored else told
