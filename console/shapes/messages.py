"""What was asked and answered, of calls whose owner keeps that."""

from __future__ import annotations

from console.shapes.frame import shape


@shape
class Turn:
    """What is no text is named in brackets."""

    role: str
    text: str


@shape
class Messages:
    """`until`: when they are deleted by themselves; `cut`: something is missing."""

    at: str
    until: str
    cut: bool
    asked: tuple[Turn, ...]
    answer: str


@shape
class Capture:
    """Whose messages are kept, and for how many days."""

    match: dict[str, str]
    days: int


@shape
class KeptMessages:
    calls: int
    bytes: int
    rules: tuple[Capture, ...]


@shape
class Deleted:
    deleted: int
