"""The program at the other end of a loopback connection, as macOS tells it by lsof(8) and ps(1).

Both take longer than a request would wait: what they say counts from a connection's second request on.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from gateway_core.peers.program import Program

SECONDS = 3.0


def find(peer: tuple[str, int], own: tuple[str, int]) -> Program | None:
    """The program that holds the socket; None where nobody is found."""
    ends = f"-iTCP:{peer[1]}"
    pids = pids_of(_said("lsof", "-nP", ends, "-sTCP:ESTABLISHED", "-Fpn"), peer[1], own[1])
    pid = next((pid for pid in pids if pid != os.getpid()), None)
    if pid is None:
        return None
    command = _said("ps", "-o", "command=", "-p", str(pid)).strip()
    return Program(words_of(command), folder_of(_said("lsof", "-a", "-p", str(pid), "-d", "cwd", "-Fn")))


def pids_of(said: str, peer: int, own: int) -> list[int]:
    """The processes with a socket from the peer's port to ours: lines 'p123', then 'n127.0.0.1:5->…:6'."""
    found: list[int] = []
    pid = 0
    for line in said.splitlines():
        if line.startswith("p") and line[1:].isdigit():
            pid = int(line[1:])
        elif line.startswith("n"):
            here, _, there = line[1:].partition("->")
            if here.endswith(f":{peer}") and there.endswith(f":{own}"):
                found.append(pid)
    return found


def folder_of(said: str) -> Path | None:
    """The working folder in what lsof said: a line 'n/srv/web'."""
    return next((Path(line[1:]) for line in said.splitlines() if line.startswith("n/")), None)


def words_of(command: str) -> Sequence[str]:
    """The words of a command line as ps shows it, which quotes nothing."""
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def _said(*command: str) -> str:
    """What a program printed; nothing where it is missing, fails or takes too long."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
