"""Labelled data as JSON lines, in the form of docs/labelled-data.md: what `llmconsole` reads too."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Unreadable(Exception):
    """A file that is no labelled data; its text says which line and why."""


@dataclass(frozen=True)
class Routing:
    """One table of prompts."""

    name: str
    prompts: tuple[str, ...]
    answers: tuple[str, ...] | None
    """The cheap model's; None where a line has none."""
    cheap: tuple[float, ...]
    strong: tuple[float, ...]

    @property
    def gains(self) -> list[float]:
        return [strong - cheap for cheap, strong in zip(self.cheap, self.strong, strict=True)]


@dataclass(frozen=True)
class Caching:
    """One table of questions for a cache, in order."""

    name: str
    lines: tuple[dict[str, Any], ...]

    @property
    def wanted(self) -> list[str | None]:
        """The answer that each get must have; None where any hit is wrong."""
        return [line.get("same") for line in self.lines if "get" in line]


def load(path: Path) -> Routing | Caching:
    """The table of a file. Raises Unreadable."""
    lines = [_line(path, number, text) for number, text in _numbered(path)]
    if not lines:
        raise Unreadable(f"{path}: no lines")
    if "put" in lines[0] or "get" in lines[0]:
        return Caching(path.stem, tuple(lines))
    try:
        prompts = tuple(str(line["prompt"]) for line in lines)
        cheap, strong = (tuple(float(line[name]) for line in lines) for name in ("cheap", "strong"))
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{path}: a line has no {error}; see docs/labelled-data.md") from None
    answers = tuple(str(line["answer"]) for line in lines if "answer" in line)
    return Routing(path.stem, prompts, answers if len(answers) == len(lines) else None, cheap, strong)


def _numbered(path: Path) -> list[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: cannot be read: {error}") from None
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _line(path: Path, number: int, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        raise Unreadable(f"{path}: line {number} is not JSON") from None
    if not isinstance(found, dict):
        raise Unreadable(f"{path}: line {number} is no object")
    return found
