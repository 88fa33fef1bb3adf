"""python -m benchmarks: measures every place in turn, in rounds, and prints the medians and the ratios."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from statistics import median

from benchmarks import measure, places, table
from benchmarks.measure import Figures
from benchmarks.places import Place
from benchmarks.processes import Cores, resident_mb
from benchmarks.shapes import CHUNKS, MANY_CHUNKS

GAP = 0.01
"""Seconds between two chunks of a paced stream."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each place is measured (3)")
    parser.add_argument("--seconds", type=float, default=2.5, help="length of one measurement (2.5)")
    parser.add_argument(
        "--peer", action="append", default=[], metavar="NAME=URL[,KEY]", help="another gateway to measure"
    )
    return parser.parse_args()


def peer(text: str) -> Place:
    name, _, rest = text.partition("=")
    url, _, key = rest.partition(",")
    return Place(name, url.rstrip("/"), key or "none")


def one_round(place: Place, seconds: float, folder: Path, cores: Cores) -> Figures:
    cores.pin(place.pids, cores.measured)
    measure.warm_up(place)
    found = Figures()
    found.requests_per_second, found.cpu_us_a_request = measure.under_load(place, seconds, folder, cores)
    found.p50_ms, found.p99_ms = measure.alone(place, seconds / 2)
    found.first_chunk_ms = measure.first_chunk(place, seconds / 2)
    found.cpu_us_a_chunk = measure.per_chunk(place, seconds)
    return found


def middle(rounds: list[Figures]) -> Figures:
    """The median of each figure."""
    result = Figures()
    for each in fields(Figures):
        values = [value for one in rounds if (value := getattr(one, each.name)) is not None]
        setattr(result, each.name, median(values) if values else None)
    return result


def measure_all(options: argparse.Namespace, folder: Path, cores: Cores) -> None:
    with ExitStack() as stack:
        simulated, direct = stack.enter_context(places.provider(folder / "provider"))
        cores.pin([simulated.child.pid, os.getpid()], cores.others)
        ours, running, cold_start = stack.enter_context(places.gateway(folder / "gateway", simulated))
        time.sleep(1)
        idle = resident_mb(ours.pids)
        floor = stack.enter_context(places.nginx(folder / "nginx", simulated))
        wanted = [direct, *([floor] if floor else []), ours, *map(peer, options.peer)]
        rounds: dict[str, list[Figures]] = {place.name: [] for place in wanted}
        for number in range(options.rounds):
            for place in wanted:
                print(f"round {number + 1}: {place.name} …", flush=True)
                rounds[place.name].append(one_round(place, options.seconds, folder, cores))
        figures = {name: middle(found) for name, found in rounds.items()}
        paced(options, folder, cores, figures)
        longer(options, folder, cores, figures)
        report(figures, cold_start, idle, resident_mb(ours.pids), cores)
        print(f"ledger: {'proved' if not running.doctor() else running.doctor()}")


def paced(options: argparse.Namespace, folder: Path, cores: Cores, figures: dict[str, Figures]) -> None:
    """The cost of a chunk that comes by itself, as from a model that thinks between two words."""
    with ExitStack() as stack:
        simulated, _ = stack.enter_context(places.provider(folder / "paced", "--chunk-gap", str(GAP)))
        ours, _, _ = stack.enter_context(places.gateway(folder / "paced-gateway", simulated))
        floor = stack.enter_context(places.nginx(folder / "paced-nginx", simulated))
        for place in [*([floor] if floor else []), ours]:
            print(f"paced: {place.name} …", flush=True)
            cores.pin(place.pids, cores.measured)
            measure.warm_up(place, stream=True)
            figures[place.name].cpu_us_a_paced_chunk = measure.per_chunk(place, options.seconds)


def longer(options: argparse.Namespace, folder: Path, cores: Cores, figures: dict[str, Figures]) -> None:
    """The cost of a chunk alone: what a stream of many chunks takes more than a shorter one."""
    with ExitStack() as stack:
        provider = stack.enter_context(places.provider(folder / "longer", "--chunks", str(MANY_CHUNKS)))
        ours, _, _ = stack.enter_context(places.gateway(folder / "longer-gateway", provider[0]))
        floor = stack.enter_context(places.nginx(folder / "longer-nginx", provider[0]))
        for place in [*([floor] if floor else []), ours]:
            print(f"longer: {place.name} …", flush=True)
            cores.pin(place.pids, cores.measured)
            measure.warm_up(place, stream=True)
            many = measure.per_chunk(place, options.seconds, MANY_CHUNKS)
            found = figures[place.name]
            if many is not None and found.cpu_us_a_chunk is not None:
                more = many * MANY_CHUNKS - found.cpu_us_a_chunk * CHUNKS
                found.cpu_us_a_further_chunk = more / (MANY_CHUNKS - CHUNKS)


def report(figures: dict[str, Figures], cold_start: float, idle: float, after: float, cores: Cores) -> None:
    print()
    print("\n".join(table.lines(figures)))
    print()
    print(f"gateway: {cold_start:.2f} s from start to first answer; {idle:.0f} MB idle, {after:.0f} MB after")
    if "nginx" in figures:
        print("; ".join(table.ratios(figures["gateway"], figures["nginx"])))
    if not cores.pinned:
        print("The processes shared their cores: compare ratios only.")


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="llmconsole-bench-") as folder:
        measure_all(options, Path(folder), Cores())


if __name__ == "__main__":
    main()
