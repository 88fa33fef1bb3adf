"""The console on a real gateway: its first paint, at rest, among calls, and what it adds to theirs."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import load, places
from benchmarks.console.pacing import paced
from benchmarks.console.terminal import Terminal
from benchmarks.places import Place
from tests.support.gateway import RunningGateway
from tests.support.processes import clean_environment

HISTORY = 10_000
"""Calls before the console is measured: as many as its list keeps."""
SETTLED = 3.0
"""Seconds after a paint until everything that was asked for has come."""
PAINTED = "asked → served"
"""Stands in the last of the dashboard's panels."""
CALLS_A_SECOND = 10.0
"""Two events each."""
BUSY = 200.0
ROUNDS = 3


@dataclass
class Found:
    """CPU in seconds or percent of a core, memory in megabytes, times in milliseconds."""

    first_paint: float = 0.0
    idle: float = 0.0
    live: float = 0.0
    memory: float = 0.0
    p99_alone: float = 0.0
    p99_watched: float = 0.0


@contextmanager
def console(running: RunningGateway) -> Iterator[Terminal]:
    """The console as a person starts it, on a gateway that runs already."""
    home = running.config.parent
    more = {"LLMCONSOLE_DATA": str(running.data), "LLMCONSOLE_CONFIG": str(running.config)}
    opened = Terminal([sys.executable, "-m", "console"], clean_environment(home, more))
    try:
        yield opened
    finally:
        opened.close()


def measure(folder: Path, seconds: float) -> Found:
    """All of it, one after the other, on one gateway with ten thousand calls behind it."""
    found = Found()
    with places.provider(folder / "provider") as (simulated, _):
        with places.gateway(folder / "gateway", simulated) as (place, running, _):
            _past(place, HISTORY)
            with console(running) as screen:
                screen.sees(PAINTED)
                found.first_paint = screen.cpu
                time.sleep(SETTLED)
                found.idle = screen.used(seconds)
                _past(place, HISTORY)
                time.sleep(SETTLED)
                with paced(place, CALLS_A_SECOND, seconds + 2):
                    time.sleep(1)
                    found.live = screen.used(seconds)
                found.memory = screen.memory
            found.p99_alone, found.p99_watched = _beside(place, running, seconds)
    return found


def _beside(place: Place, running: RunningGateway, seconds: float) -> tuple[float, float]:
    """The p99 without a console and with one, in turn: what else the machine does weighs on both."""
    alone, watched = [], []
    for _ in range(ROUNDS):
        alone.append(_p99(place, seconds))
        with console(running) as screen:
            screen.sees(PAINTED)
            time.sleep(SETTLED)
            watched.append(_p99(place, seconds))
    return median(alone), median(watched)


def _past(place: Place, count: int) -> None:
    done = 0
    while done < count:
        done += load.run(place.url, place.request(), connections=8, seconds=1.0).count


def _p99(place: Place, seconds: float) -> float:
    """Milliseconds of the slowest hundredth at BUSY calls a second."""
    with paced(place, BUSY, seconds) as times:
        pass
    return sorted(times)[int(len(times) * 0.99)] * 1000
