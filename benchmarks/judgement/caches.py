"""Precision and hit rate of a cache: a command reads put and get lines and answers one line each get."""

from __future__ import annotations

import json
import shlex
import subprocess

from benchmarks.judgement.data import Caching
from benchmarks.judgement.routers import NoRouter
from gateway_core.rules.likeness.figures import Said


def said_by(command: str, table: Caching) -> list[Said]:
    """What a command says to each get: a JSON line {"hit": bool, "answer": …, "similarity": …}, or null."""
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in table.lines)
    try:
        done = subprocess.run(shlex.split(command), input=lines, capture_output=True, text=True, check=True)
        said = [said_in(json.loads(line)) for line in done.stdout.split("\n") if line.strip()]
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        raise NoRouter(f"{command!r} failed: {error}") from None
    if len(said) != len(table.wanted):
        raise NoRouter(f"{command!r} printed {len(said)} lines for {len(table.wanted)} gets")
    return said


def said_in(line: object) -> Said:
    """What a line says."""
    if isinstance(line, dict):
        answer, similarity = line.get("answer"), line.get("similarity")
        hit = line.get("hit", answer is not None) and answer is not None
        alike = float(similarity) if isinstance(similarity, int | float) else None
        return Said(str(answer) if hit else None, alike)
    return Said(None if line is None or line is False else str(line))
