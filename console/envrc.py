"""A marked block of our own in a folder's .envrc; what else stands there is never touched."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from console.trouble import NO, Trouble

NAME = ".envrc"
BEGIN = "# >>> llmconsole >>>"
END = "# <<< llmconsole <<<"
PATIENCE = 3.0
"""Seconds that git gets to say whether it ignores the file."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was done to the file: made, added to, or its block renewed. `exposed`: git would take it along."""

    path: Path
    how: str
    exposed: bool


def write(folder: Path, lines: Sequence[str]) -> Written:
    """Puts the lines into the block; the file is its owner's alone then. Raises Trouble with the mend."""
    path = folder / NAME
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else None
        after, how = with_block(before, lines)
        _replace(path.resolve(), after)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise Trouble(f"{path}: cannot be written: {why}; copy the lines instead", NO) from None
    return Written(path, how, _exposed(folder))


def with_block(before: str | None, lines: Sequence[str]) -> tuple[str, str]:
    """The text with our block in it, and how it came there. before: None where there is no file."""
    block = "\n".join((BEGIN, *lines, END)) + "\n"
    if before is None:
        return block, "made"
    begin = before.find(f"{BEGIN}\n")
    end = before.find(f"{END}\n", begin)
    if 0 <= begin < end:
        return before[:begin] + block + before[end + len(END) + 1 :], "renewed the block in"
    gap = "" if not before or before.endswith("\n") else "\n"
    return f"{before}{gap}{block}", "added a block to"


def _replace(path: Path, text: str) -> None:
    """All of the new text or the old one: never a file that is half written."""
    handle, name = tempfile.mkstemp(prefix=f"{NAME}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _exposed(folder: Path) -> bool:
    """Whether the folder is git's, and git does not ignore the file."""
    command = ["git", "-C", str(folder), "check-ignore", "-q", NAME]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 1
