"""The project's own files, as the house tests read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gateway_core", "console")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Definition:
    """A function where it stands; `lines` counts from its `def` to its last line."""

    path: Path
    name: str
    node: Function

    @property
    def lines(self) -> int:
        return (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1

    def __str__(self) -> str:
        return f"{shown(self.path)}:{self.node.lineno} {self.name} ({self.lines} lines)"


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tracked_files() -> tuple[Path, ...]:
    """What git holds, and new files that it does not ignore; links too, wherever they lead."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return tuple(
        path
        for name in listing.split("\0")
        if name and ((path := ROOT / name).is_file() or path.is_symlink())
    )


def modules(*packages: str) -> tuple[Path, ...]:
    """Python files under the given top-level folders; the two packages where none is given."""
    wanted = packages or PACKAGES
    return tuple(
        path for path in tracked_files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in wanted
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def definitions(paths: tuple[Path, ...]) -> Iterator[Definition]:
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, Function):
                yield Definition(path, node.name, node)
