"""Copying out of a terminal, by every way that there is here; none of them says whether it arrived."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

PATIENCE = 2.0
"""Seconds that a program gets to take the text."""
LAST = "last-copy"


def programs(environment: Mapping[str, str], platform: str) -> list[Sequence[str]]:
    """The commands that take the text on stdin, beside the terminal's own way."""
    found: list[Sequence[str]] = []
    if environment.get("TMUX"):
        # tmux drops what an application sends to the terminal, unless its set-clipboard is on.
        found.append(("tmux", "load-buffer", "-w", "-"))
    if platform == "darwin" and "SSH_CONNECTION" not in environment:
        # The Terminal of macOS ignores what an application sends.
        found.append(("pbcopy",))
    return found


async def hand_over(text: str, folder: Path | None) -> str:
    """Gives the text to the programs of this machine and to a file; where it went besides the terminal, as
    words for a person. folder: None where there is none of ours."""
    told = [command[0] for command in programs(os.environ, sys.platform) if await _given(command, text)]
    if folder is not None:
        with suppress(OSError):
            told.append(str(_kept(text, folder)))
    return ", ".join(told)


async def _given(command: Sequence[str], text: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    try:
        taker = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(PATIENCE):
            await taker.communicate(text.encode())
    except TimeoutError:
        taker.kill()
        return False
    return taker.returncode == 0


def _kept(text: str, folder: Path) -> Path:
    """What was copied last, in a file that only its owner reads."""
    file = folder / LAST
    with open(file, "w", encoding="utf-8", opener=_private) as out:
        out.write(text)
    return file


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
