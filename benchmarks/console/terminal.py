"""A terminal whose program is measured: its CPU time and its memory."""

from __future__ import annotations

import time

from benchmarks.processes import cpu_seconds, resident_mb
from tests.support import terminal


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
