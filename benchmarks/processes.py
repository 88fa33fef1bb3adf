"""What a process uses: its CPU time and memory, and which core it runs on."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time that the processes have used, threads that have ended among them."""
    return sum(_cpu(pid) for pid in pids)


def _cpu(pid: int) -> float:
    if Path(f"/proc/{pid}").exists():
        # The clock of another process, as clock_getcpuclockid(3) names it; /proc counts in steps of 10 ms.
        return time.clock_gettime((~pid << 3) | 2)
    minutes, _, seconds = _ps(pid, "time").rpartition(":")
    return float(minutes.replace(":", "") or 0) * 60 + float(seconds)


def resident_mb(pids: Iterable[int]) -> float:
    """Resident memory of the processes, in megabytes of 10^6 bytes."""
    return sum(_resident(pid) for pid in pids) / 1e6


def _resident(pid: int) -> int:
    statm = Path(f"/proc/{pid}/statm")
    if statm.exists():
        return int(statm.read_text(encoding="ascii").split()[1]) * _PAGE
    return int(_ps(pid, "rss")) * 1024


def _ps(pid: int, column: str) -> str:
    """One column of ps, for systems without /proc."""
    done = subprocess.run(
        ["ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


class Cores:
    """One core for what is measured, the others for load and provider, where the system lets us choose."""

    def __init__(self) -> None:
        available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        self.measured = set(available[:1])
        self.others = set(available[1:])
        self.pinned = bool(self.others)

    def pin(self, pids: Iterable[int], cores: set[int]) -> None:
        """Keeps each process, and all of its threads, on the given cores."""
        if not self.pinned or not hasattr(os, "sched_setaffinity"):
            return
        for pid in pids:
            threads = [int(entry.name) for entry in Path(f"/proc/{pid}/task").iterdir()]
            for thread in threads:
                os.sched_setaffinity(thread, cores)
