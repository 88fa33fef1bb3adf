"""What a console adds to the slowest hundredth of the calls beside it.

Calls, their provider and the gateway keep two cores busy enough that any further program delays them. So it
is measured twice: with the console on a core of its own, which shows what the gateway does for it; and with
all on the same cores, next to a stranger that computes as much as the console did and asks nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.console.pacing import paced
from benchmarks.console.terminal import SETTLED, console
from benchmarks.places import Place
from benchmarks.processes import Cores
from tests.support.gateway import RunningGateway

BUSY = 200.0
"""Calls a second."""
ROUNDS = 6
TICKS = 4
"""Times a second that a console draws."""
_STRANGER = """
import sys, time
computes, rests = float(sys.argv[1]), float(sys.argv[2])
while True:
    end = time.perf_counter() + computes
    while time.perf_counter() < end: pass
    time.sleep(rests)
"""


@dataclass
class Slowest:
    """Seconds of every call, in rounds by turns: what else the machine does weighs on all of them."""

    alone: list[float] = field(default_factory=list)
    watched: list[float] = field(default_factory=list)
    beside_stranger: list[float] = field(default_factory=list)


def on_a_core_of_its_own(place: Place, running: RunningGateway, provider: int, seconds: float) -> Slowest:
    """provider: its process. Nothing where there is one core, or where the system lets nobody choose."""
    cores, found = Cores(), Slowest()
    calls = os.getpid(), running.child.pid, provider
    if not cores.pinned:
        return found
    cores.pin(calls, cores.measured)
    try:
        for _ in range(ROUNDS):
            found.alone += _calls(place, seconds)
            with console(running) as screen:
                cores.pin([screen.process.pid], cores.others)
                time.sleep(SETTLED)
                found.watched += _calls(place, seconds)
    finally:
        cores.pin(calls, cores.measured | cores.others)
    return found


def on_the_same_cores(place: Place, running: RunningGateway, seconds: float) -> Slowest:
    """All as the system places them."""
    found = Slowest()
    for _ in range(ROUNDS):
        found.alone += _calls(place, seconds)
        with console(running) as screen:
            time.sleep(SETTLED)
            before = screen.cpu
            found.watched += _calls(place, seconds)
            share = (screen.cpu - before) / seconds
        with _stranger(share):
            found.beside_stranger += _calls(place, seconds)
    return found


def _calls(place: Place, seconds: float) -> list[float]:
    with paced(place, BUSY, seconds) as times:
        pass
    return times


@contextmanager
def _stranger(share: float) -> Iterator[None]:
    """A process that computes so much of the time and asks nobody anything."""
    times = str(share / TICKS), str((1 - share) / TICKS)
    computing = subprocess.Popen([sys.executable, "-c", _STRANGER, *times])
    try:
        yield
    finally:
        computing.kill()
        computing.wait()
