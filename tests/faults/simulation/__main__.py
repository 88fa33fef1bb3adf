"""Replays one world: python -m tests.faults.simulation --seed N [--commit K --before] [--trace]."""

from __future__ import annotations

import argparse
import sys

from tests.faults.simulation.commits import Plan
from tests.faults.simulation.world import Deaths, room, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--commit", type=int, help="die at that commit of the first life, and never again")
    parser.add_argument("--before", action="store_true", help="before it is made, not after")
    parser.add_argument("--trace", action="store_true", help="tell what happens")
    given = parser.parse_args()
    deaths = None if given.commit is None else Deaths([Plan(given.commit, given.before)])
    with room() as folder:
        world = run(given.seed, folder, deaths)
    lines = world.trace if given.trace else []
    lines += [
        f"{world.lives} lives, {len(world.visits)} calls; " + ("BROKEN" if world.broken_rules else "all well")
    ]
    lines += [str(each) for each in world.broken_rules]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if world.broken_rules else 0


if __name__ == "__main__":
    sys.exit(main())
