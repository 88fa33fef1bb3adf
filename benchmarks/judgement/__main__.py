"""Scores routers and caches on labelled files: APGR with its interval, CPT50 and CPT80, precision."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from statistics import mean

from benchmarks.judgement.caches import said_by
from benchmarks.judgement.data import Caching, Routing, Unreadable, load
from benchmarks.judgement.routers import NoRouter, router
from gateway_core.rules.complexity import measure
from gateway_core.rules.likeness.figures import THRESHOLDS, curve, curve_lines
from gateway_core.rules.quality import Interval, apgr_interval, cpt, difference

CACHE = f"{shlex.quote(sys.executable)} -m console cache eval --threshold {THRESHOLDS[0]}"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judgement", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="JSON lines; else the samples")
    parser.add_argument(
        "--router",
        action="append",
        metavar="NAME",
        help="length, rule, distrust, learned, learned-distrust, best, wrong, module:function, or a "
        "command (length, rule and learned)",
    )
    parser.add_argument("--against", metavar="NAME", help="a router; print what the others gain over it")
    parser.add_argument("--labels", type=int, default=200, help="outcomes that a learned router sees (200)")
    parser.add_argument(
        "--cache", default=CACHE, help="the command that is the cache (llmconsole cache eval)"
    )
    parser.add_argument("--resamples", type=int, default=400, help="of the bootstrap (400)")
    return parser.parse_args()


def show_routing(name: str, table: Routing, options: argparse.Namespace) -> Interval:
    """Prints one line; the APGR."""
    scores, gains = router(name, options.labels)(table), table.gains
    found = apgr_interval(scores, gains, options.resamples)
    sure = "above" if found.low > 0.5 else "below" if found.high < 0.5 else ""
    half, most = cpt(scores, gains, 0.5), cpt(scores, gains, 0.8)
    print(
        f"{table.name[:24]:24} {name[:18]:18} {len(gains):6} {found.value:6.3f} "
        f"[{found.low:.3f} {found.high:.3f}] {half:6.0%} {most:6.0%} {sure}"
    )
    return found


def show_mean(name: str, found: Sequence[Interval]) -> None:
    above = sum(each.low > 0.5 for each in found)
    below = sum(each.high < 0.5 for each in found)
    print(
        f"{'mean':24} {name[:18]:18} {len(found):6} {mean(each.value for each in found):6.3f} "
        f"surely above random {above}, below {below}"
    )


def show_gain(name: str, tables: Sequence[Routing], options: argparse.Namespace) -> None:
    """How much more APGR than another router on the same rows: the mean over independent tables."""
    ours, theirs = router(name, options.labels), router(options.against, options.labels)
    found = [difference(ours(table), theirs(table), table.gains, options.resamples) for table in tables]
    middle = mean(each.value for each in found)
    width = sqrt(sum((each.high - each.low) ** 2 for each in found)) / 2 / len(found)
    print(
        f"{'gain':24} {name[:18]:18} {len(found):6} {middle:+6.3f} "
        f"[{middle - width:+.3f} {middle + width:+.3f}] over {options.against}"
    )


def show_cache(table: Caching, command: str) -> None:
    said, wanted = said_by(command, table), table.wanted
    print(f"{table.name[:24]:24} {len(wanted)} gets")
    # One that does not say how alike is looked at as it stands.
    tells = any(each.similarity is not None for each in said)
    print("\n".join(curve_lines(curve(said, wanted, THRESHOLDS if tells else (0.0,)))))


def speed() -> str:
    """The rule on a prompt of two kilobytes: the best and the middle of 200 decisions, in CPU time."""
    text = ("Ann has 3 apples, and each week she buys twice as many as Bob; how many has she? " * 30)[:2048]
    times = []
    for _ in range(200):
        began = time.process_time()
        measure(text)
        times.append(time.process_time() - began)
    times.sort()
    return f"a prompt of 2 KB: {times[0] * 1e3:.3f} ms at best, {times[100] * 1e3:.3f} ms in the middle"


def main() -> None:
    options = arguments()
    samples = sorted((Path(__file__).parent / "samples").glob("*.jsonl"))
    tables = [load(path) for path in options.files or samples]
    routing = [table for table in tables if isinstance(table, Routing)]
    if routing:
        print(f"{'table':24} {'router':18} {'rows':>6}   APGR  95 %           CPT50  CPT80  of random")
    for name in options.router or ("length", "rule", "learned"):
        found = [show_routing(name, table, options) for table in routing]
        if len(found) > 1:
            show_mean(name, found)
        if found and options.against and name != options.against:
            show_gain(name, routing, options)
    print(speed())
    for table in tables:
        if isinstance(table, Caching):
            show_cache(table, options.cache)


if __name__ == "__main__":
    try:
        main()
    except (Unreadable, NoRouter, ValueError) as error:
        sys.exit(f"judgement: {error}")
