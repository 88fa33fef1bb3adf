"""A thousand worlds, and a few with a death of the gateway on either side of every commit."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway_core.admission import Admission
from gateway_core.model.policy import Price
from gateway_core.model.usage import Usage
from gateway_core.rules import pricing, settling
from gateway_core.state.memory import Hold
from tests.faults.simulation.commits import Plan
from tests.faults.simulation.world import Deaths, World, room, run
from tests.support.processes import clean_environment
from tests.support.sources import ROOT

WORLDS = 1000
BATCH = 50
SWEPT = (3, 19, 77, 114)
"""Seeds whose every commit is a death."""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with room() as folder:
        yield folder


def complaints(world: World, more: str = "") -> list[str]:
    """The broken rules of a world, and how to see them again."""
    replay = f"python -m tests.faults.simulation --seed {world.seed}{more} --trace"
    return [f"seed {world.seed}: {each}\n  replay: {replay}" for each in world.broken_rules]


@pytest.mark.parametrize("first", range(0, WORLDS, BATCH))
def test_worlds(place: Path, first: int) -> None:
    found = [each for seed in range(first, first + BATCH) for each in complaints(run(seed, place))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("seed", SWEPT)
def test_a_death_on_either_side_of_every_commit(place: Path, seed: int) -> None:
    commits = run(seed, place, Deaths([Plan()])).commits
    assert commits > 5
    found = []
    for number in range(1, commits + 1):
        for before in (True, False):
            world = run(seed, place, Deaths([Plan(number, before)]))
            assert world.lives == 2 or world.broken_rules, f"commit {number} did not come"
            found += complaints(world, f" --commit {number}{' --before' if before else ''}")
    assert not found, "\n".join(found)


def test_a_seed_is_always_the_same_world(place: Path) -> None:
    """Also in a process that shuffles its sets in another way."""
    command = [sys.executable, "-m", "tests.faults.simulation", "--trace", "--seed", "7"]
    environment = clean_environment(place, {"PYTHONHASHSEED": "12345", "PATH": os.defpath})
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:-1] == run(7, place).trace


def test_a_nano_dollar_too_much_is_found(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is judged at the end of a world can fail."""
    true_cost = pricing.cost

    def dearer(usage: Usage, price: Price, **more: Any) -> int | None:
        cost = true_cost(usage, price, **more)
        return None if cost is None else cost + 1

    monkeypatch.setattr(settling, "cost", dearer)
    found = {each.rule for seed in range(5) for each in run(seed, place).broken_rules}
    assert "what the provider bills is booked" in found


def test_a_hold_that_ends_twice_is_found(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So can what is judged on the way."""
    settle = Admission.settle

    def twice(gate: Admission, hold: Hold, *, nano: int, tokens: int) -> None:
        settle(gate, hold, nano=nano, tokens=tokens)
        hold.ended = False
        settle(gate, hold, nano=nano, tokens=tokens)

    monkeypatch.setattr(Admission, "settle", twice)
    found = {each.rule for seed in range(5) for each in run(seed, place).broken_rules}
    assert found & {"held is never negative", "spent + held ≤ limit", "counters are what the ledger says"}
