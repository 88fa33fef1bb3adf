"""python -m benchmarks.console: what the console costs, beside the bar that it has to stay under."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.console import real
from benchmarks.console.beside import Slowest
from benchmarks.console.terminal import PAINTED, Terminal
from benchmarks.load import p99
from tests.support.processes import clean_environment

RATE = 1_000.0
NOISE = 1.1
"""A ratio up to here is none that a shared machine lets one see."""
KEYS = "?", "\x1b"
SHOWN = "keys ·"
"""Stands in the help, which the first key opens and the second closes."""

Row = tuple[str, str, str, bool]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of one measurement (10)")
    parser.add_argument("--events", type=int, default=1_000_000, help="events for the memory (1,000,000)")
    return parser.parse_args()


def on_a_gateway(folder: Path, seconds: float) -> list[Row]:
    found = real.measure(folder, seconds)
    return [
        ("first paint, s of CPU", f"{found.first_paint:.2f}", "0.5", found.first_paint <= 0.5),
        ("idle, % of a core", f"{found.idle:.1f}", "1", found.idle <= 1),
        ("20 events/s on 10,000 rows, % of a core", f"{found.live:.1f}", "8", found.live <= 8),
        ("memory after 20,000 calls, MB", f"{found.memory:.0f}", "90", found.memory <= 90),
        *beside_calls(found.apart, found.together),
    ]


def beside_calls(apart: Slowest, together: Slowest) -> list[Row]:
    added = "p99 of calls at 200/s, × with a console on a core of its own"
    rows = (
        [added_by(added, apart.alone, apart.watched, "1")]
        if apart.alone
        else [(added, "one core", "1", True)]
    )
    rows.append(added_by("… × with it on the same cores", together.alone, together.watched))
    rows.append(added_by("… × with as busy a stranger there", together.alone, together.beside_stranger))
    return rows


def added_by(name: str, alone: list[float], beside: list[float], bar: str = "–") -> Row:
    before, after = p99(alone), p99(beside)
    kept = bar == "–" or after / before <= NOISE
    return name, f"{after / before:.2f} × ({before:.1f} → {after:.1f} ms)", bar, kept


def in_a_burst(folder: Path, seconds: float) -> list[Row]:
    result = folder / "burst.json"
    command = [sys.executable, "-m", "benchmarks.console.told", str(round(RATE * seconds)), str(RATE)]
    screen = Terminal([*command, str(result)], clean_environment(folder))
    try:
        screen.sees(PAINTED)
        waits, cpu = _press(screen, seconds * 0.8)
        screen.wait(seconds + 60)
        right = json.loads(result.read_text(encoding="utf-8"))
    finally:
        screen.close()
    wrong = ", ".join(name for name, true in right.items() if not true)
    slow = sorted(waits)[int(len(waits) * 0.9)] * 1000
    keys = f"{median(waits) * 1000:.0f} (p90 {slow:.0f}, {len(waits)} keys)"
    return [
        ("a key at 1,000 events/s, ms", keys, "100", median(waits) <= 0.1),
        ("… CPU meanwhile, % of a core", f"{cpu:.0f}", "–", True),
        ("… totals", f"wrong: {wrong}" if wrong else "right", "right", not wrong),
    ]


def _press(screen: Terminal, seconds: float) -> tuple[list[float], float]:
    """The seconds until the help stands there, again and again, and the percent of a core meanwhile."""
    waits, end = [], time.perf_counter() + seconds
    before, begun = screen.cpu, time.perf_counter()
    while time.perf_counter() < end:
        screen.press(KEYS[0])
        waits.append(screen.sees(SHOWN))
        screen.press(KEYS[1])
        time.sleep(0.3)
    return waits, (screen.cpu - before) / (time.perf_counter() - begun) * 100


def over_many(count: int) -> list[Row]:
    command = [sys.executable, "-m", "benchmarks.console.folding", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    grown = found["late_mb"] / found["early_mb"]
    memory = f"{found['early_mb']:.0f} → {found['late_mb']:.0f}"
    return [
        (f"memory over {count:,} events, MB", memory, "flat", grown <= 1.05),
        ("an event, µs of CPU", f"{found['cpu_us']:.0f}", "–", True),
    ]


def table(rows: list[Row]) -> list[str]:
    names, values = max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)
    return [
        f"{name:<{names}}  {value:>{values}}  {bar:>6}  {'' if kept else 'over'}".rstrip()
        for name, value, bar, kept in rows
    ]


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="llmconsole-bench-") as folder:
        rows = on_a_gateway(Path(folder), options.seconds)
        rows += in_a_burst(Path(folder), options.seconds)
    rows += over_many(options.events)
    print("\n".join(table([("", "measured", "bar", True), *rows])))
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
