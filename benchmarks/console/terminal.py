"""The console in a terminal, measured: its CPU time and its memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.processes import cpu_seconds, resident_mb
from tests.support import terminal
from tests.support.gateway import RunningGateway
from tests.support.processes import clean_environment

PAINTED = "asked → served"
"""Stands in the last of the dashboard's panels."""
SETTLED = 3.0
"""Seconds after a paint until everything that was asked for has come."""


class Terminal(terminal.Terminal):
    """The program that runs in it is the process that is measured."""

    @property
    def cpu(self) -> float:
        """Seconds of CPU time so far."""
        return cpu_seconds([self.process.pid])

    @property
    def memory(self) -> float:
        """Resident, in megabytes."""
        return resident_mb([self.process.pid])

    def used(self, seconds: float) -> float:
        """Waits so long; the share of a core, in percent, that the program used meanwhile."""
        before, begun = self.cpu, time.perf_counter()
        time.sleep(seconds)
        return (self.cpu - before) / (time.perf_counter() - begun) * 100


@contextmanager
def console(running: RunningGateway) -> Iterator[Terminal]:
    """As a person starts it on a gateway that runs already, when it has just been painted."""
    home = running.config.parent
    more = {"LLMCONSOLE_DATA": str(running.data), "LLMCONSOLE_CONFIG": str(running.config)}
    opened = Terminal([sys.executable, "-m", "console"], clean_environment(home, more))
    try:
        opened.sees(PAINTED)
        yield opened
    finally:
        opened.close()
