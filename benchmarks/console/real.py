"""The console on a real gateway: its first paint, at rest, among calls, and what it adds to theirs."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import load, places
from benchmarks.console import beside
from benchmarks.console.beside import Slowest
from benchmarks.console.pacing import paced
from benchmarks.console.terminal import SETTLED, console
from benchmarks.places import Place

HISTORY = 10_000
"""Calls before the console is measured: as many as its list keeps."""
CALLS_A_SECOND = 10.0
"""Two events each."""


@dataclass
class Found:
    """CPU in seconds or percent of a core; memory in megabytes."""

    first_paint: float = 0.0
    idle: float = 0.0
    live: float = 0.0
    memory: float = 0.0
    apart: Slowest = field(default_factory=Slowest)
    together: Slowest = field(default_factory=Slowest)


def measure(folder: Path, seconds: float) -> Found:
    """All of it, one after the other, on one gateway with ten thousand calls behind it."""
    found = Found()
    with places.provider(folder / "provider") as (simulated, _):
        with places.gateway(folder / "gateway", simulated) as (place, running, _):
            _past(place, HISTORY)
            with console(running) as screen:
                found.first_paint = screen.cpu
                time.sleep(SETTLED)
                found.idle = screen.used(seconds)
                _past(place, HISTORY)
                time.sleep(SETTLED)
                with paced(place, CALLS_A_SECOND, seconds + 2):
                    time.sleep(1)
                    found.live = screen.used(seconds)
                found.memory = screen.memory
            found.apart = beside.on_a_core_of_its_own(place, running, simulated.child.pid, seconds)
            found.together = beside.on_the_same_cores(place, running, seconds)
    return found


def _past(place: Place, count: int) -> None:
    done = 0
    while done < count:
        done += load.run(place.url, place.request(), connections=8, seconds=1.0).count
