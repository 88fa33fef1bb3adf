"""Precision and hit rate of a cache: a command reads put and get lines and answers one line each get."""

from __future__ import annotations

import json
import shlex
import subprocess
from dataclasses import dataclass

from benchmarks.judgement.data import Caching
from benchmarks.judgement.routers import NoRouter


@dataclass(frozen=True)
class CacheFigures:
    """What a cache did. twins: gets whose question was put before; wrong: hits with another answer."""

    gets: int
    twins: int
    hits: int
    right: int
    wrong: int

    @property
    def precision(self) -> float | None:
        return self.right / self.hits if self.hits else None

    @property
    def found(self) -> float | None:
        """The share of twins that were answered."""
        return self.right / self.twins if self.twins else None


def score_cache(command: str, table: Caching) -> CacheFigures:
    """The figures of `command`: for each get it prints a JSON line {"hit": bool, "answer": …}, or null."""
    lines = "".join(json.dumps({k: v for k, v in line.items() if k != "same"}) + "\n" for line in table.lines)
    try:
        done = subprocess.run(shlex.split(command), input=lines, capture_output=True, text=True, check=True)
        said = [json.loads(line) for line in done.stdout.split("\n") if line.strip()]
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        raise NoRouter(f"{command!r} failed: {error}") from None
    wanted = [line.get("same") for line in table.lines if "get" in line]
    if len(said) != len(wanted):
        raise NoRouter(f"{command!r} printed {len(said)} lines for {len(wanted)} gets")
    return figures([answer_of(line) for line in said], wanted)


def figures(said: list[str | None], wanted: list[str | None]) -> CacheFigures:
    """said: the answer of each hit, None for a miss; wanted: the right one, None where any hit is wrong."""
    hits = sum(answer is not None for answer in said)
    right = sum(answer is not None and answer == same for answer, same in zip(said, wanted, strict=True))
    return CacheFigures(len(said), sum(same is not None for same in wanted), hits, right, hits - right)


def answer_of(line: object) -> str | None:
    """The answer of a line, None for a miss."""
    if isinstance(line, dict):
        answer = line.get("answer")
        return str(answer) if line.get("hit", answer is not None) and answer is not None else None
    return None if line is None or line is False else str(line)
