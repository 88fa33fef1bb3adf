"""A command line of llmconsole as a process: forked where that is the same as a fresh one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.forked import can_fork, run_forked
from tests.support.processes import clean_environment

SECONDS = 60


def llmconsole(
    words: Sequence[str], *, home: Path, more: Mapping[str, str], cwd: Path | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Runs it in a clean environment with that home, in the home where no folder is given."""
    environment = clean_environment(home, more)
    place = cwd or home
    if can_fork(more):
        return run_forked("console", words, environment=environment, cwd=place, stdin=stdin, timeout=SECONDS)
    return subprocess.run(
        [sys.executable, "-m", "console", *words],
        env=environment,
        cwd=place,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
