"""kill -9 at random instants: every acknowledged row is there, each open one is booked once at its hold."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway_core.store.booked import ATTEMPTS
from gateway_core.store.files import connect
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from gateway_core.store.rollups import add_facts
from gateway_core.store.seals import next_link, write_seal
from tests.gateway_core.store.killed_writer import TRIED, held
from tests.gateway_core.store.making import at, ending, trying
from tests.support.sources import ROOT

RECOVER = """import sys
ledger = Ledger(Path(sys.argv[1]))
print("starting", flush=True)
ledger.start()
"""


def killed_after(path: Path, seed: int, seconds: float) -> dict[str, set[str]]:
    """Runs the writer, kills it that long after its first row; answers what it had acknowledged."""
    command = [sys.executable, "-m", "tests.gateway_core.store.killed_writer", str(path), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read()
    said: dict[str, set[str]] = {"open": set(), "tried": set(), "settled": set()}
    for line in (first + rest).decode().splitlines():
        word, call_id = line.split()
        said[word].add(call_id)
    return said


def tried(path: Path) -> list[str]:
    """The calls of the earlier tries that are on record."""
    connection = connect(path, read_only=True)
    try:
        sql = "SELECT calls.id FROM attempts JOIN calls ON calls.n = call_n"
        return [row[0] for row in connection.execute(sql)]
    finally:
        connection.close()


def rows(path: Path) -> dict[str, tuple[str | None, int]]:
    connection = connect(path, read_only=True)
    try:
        return {row[0]: row[1:] for row in connection.execute("SELECT id, outcome, cost_nano FROM calls")}
    finally:
        connection.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_killed_process_loses_nothing_that_it_acknowledged(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for round_number in range(3):
        said = killed_after(path, seed * 10 + round_number, chance.uniform(0.02, 0.5))
        left = rows(path)
        open_ids = {call_id for call_id, (outcome, _) in left.items() if outcome is None}
        assert said["open"] <= left.keys()
        assert not said["settled"] & open_ids

        ledger = Ledger(path)
        assert ledger.start() == len(open_ids)
        ledger.close()

        after = rows(path)
        assert said["tried"] <= set(tried(path))
        assert after.keys() == left.keys()
        for call_id, (outcome, cost) in after.items():
            assert outcome in ("ok", "recovered")
            assert cost == (held(call_id) if outcome == "recovered" else held(call_id) // 2)
        assert {call_id for call_id in open_ids if after[call_id][0] == "recovered"} == open_ids
        check_sums(path, after)


def check_sums(path: Path, after: dict[str, tuple[str | None, int]]) -> None:
    queries = Queries(path)
    try:
        totals = queries.totals(at(-86400)).all
        cost = sum(cost for _, cost in after.values()) + TRIED * len(tried(path))
        assert (totals.calls, totals.cost_nano) == (len(after), cost)
        assert [check for check in queries.ledger_checks() if not check.ok] == []
    finally:
        queries.close()


def test_a_recovery_that_is_killed_is_done_again_whole(path: Path) -> None:
    ledger = Ledger(path)
    ledger.start()
    for number in range(3000):
        earlier = (trying(1, cost_nano=TRIED),) if number % 3 == 0 else ()
        ledger.finish(ending(f"{number:04}", cost_nano=0, earlier=earlier))
    ledger.close()
    connection = connect(path)
    sql = "UPDATE calls SET outcome = NULL, held_nano = 11, seal = NULL"
    connection.executescript(f"BEGIN; {sql}; DELETE FROM seals; DELETE FROM rollups; COMMIT;")
    connection.executescript("DELETE FROM rollups_by_outcome; UPDATE attempts SET seal = 1;")
    connection.execute("BEGIN IMMEDIATE")
    add_facts(connection, ATTEMPTS)
    write_seal(connection, next_link(connection), [], "attempt")
    connection.execute("COMMIT")
    connection.close()
    code = f"from pathlib import Path\nfrom gateway_core.store.ledger import Ledger\n{RECOVER}"
    chance, whole = random.Random(7), []
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=-1) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.uniform(0, 0.06))
            child.send_signal(signal.SIGKILL)
        whole.append({outcome for outcome, _ in rows(path).values()} in ({None}, {"recovered"}))
    assert all(whole)
    last = Ledger(path)
    last.start()
    last.close()
    after = rows(path)
    assert set(after.values()) == {("recovered", 11)}
    check_sums(path, after)
