"""The privacy mask: names of people, teams and projects as blocks of their length, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from console.snapshot import Snapshot

PRIVATE = ("user", "team", "project", "branch", "session")
"""Tags whose values tell who works on what."""
BLOCK = "▒"
LEAST = 2
"""Letters of a name that is masked; of a cut one too."""
LOOKED_AT = 2_000
"""Calls of a snapshot whose names are masked."""


class Mask(LineFilter):
    """Masks names as whole words, also where an ellipsis cuts them. Every text keeps its width."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self.names = frozenset(name for name in names if len(name) >= LEAST)
        self._found = _pattern(self.names)

    def text(self, text: str) -> str:
        """The text with its names masked."""
        return self._found.sub(_blocks, text) if self._found is not None else text

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same for a line of the screen."""
        return [
            Segment(self.text(text), style, control) if text and not text.isspace() else segment
            for segment in segments
            for text, style, control in (segment,)
        ]


def names_of(snap: Snapshot) -> frozenset[str]:
    """The private names that a screen may show."""
    calls = (*snap.in_flight, *snap.calls[:LOOKED_AT])
    found = set(private_names(call.tags for call in calls))
    found.update(call.session for call in calls if call.session)
    for budget in snap.budgets or ():
        found.update(value for key, value in budget.match.items() if key in PRIVATE)
    for series in snap.spend.series if snap.spend and snap.spend.by in PRIVATE else ():
        found.add(series.name)
    return frozenset(found - {"untagged", "other"})


def private_names(tags: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """The values of all tags that tell who works on what."""
    return frozenset(each[key] for each in tags for key in PRIVATE if key in each)


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    longest = sorted(names, key=len, reverse=True)
    if not longest:
        return None
    whole = "|".join(map(re.escape, longest))
    cut = {name[:length] for name in longest for length in range(LEAST, len(name))}
    begun = "|".join(map(re.escape, sorted(cut, key=len, reverse=True)))
    pattern = rf"(?<!\w)(?:{whole})(?!\w)"
    return re.compile(f"{pattern}|(?<!\\w)(?:{begun})(?=…)" if begun else pattern)


def _blocks(found: re.Match[str]) -> str:
    return BLOCK * len(found[0])
