"""Two ways to be told to end: once is a request, twice an order; a second gateway is told who is there."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal

import pytest

from tests.support.gateway import Gateways, RunningGateway, started
from tests.support.money import total_cost
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, WIRES, Wire


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_the_first_drains_and_leaves_one_file(gateways: Gateways, number: signal.Signals) -> None:
    gateway = gateways.start()
    gateway.http.post(CHAT.path, json=CHAT.ask("Before."), headers=CHAT.credential(gateway.token))
    gateway.rows(1)
    gateway.child.popen.send_signal(number)
    assert gateway.child.popen.wait(10) == 0
    journal = gateway.data / "ledger.db-wal"
    assert not journal.exists() or not journal.stat().st_size
    connection = sqlite3.connect(gateway.data / "ledger.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_the_second_ends_now_and_what_runs_counts(gateways: Gateways, simulated: SimulatedProvider) -> None:
    """Streams that would go on for a minute are cut; each stays on record at what it held."""
    gateway = gateways.start('[[budgets]]\nname = "all"\nlimit_usd = "100"\nwindow = "total"\n')
    mark = simulated.mark()
    with ExitStack() as streams:
        for wire in WIRES:
            streams.enter_context(begun(gateway, wire))
        held = {call["id"]: call["held_usd"] for call in gateway.admin("GET", "calls")["in_flight"]}
        assert len(held) == len(WIRES)
        gateway.child.popen.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert gateway.child.running, "one signal lets them run on"
        began = time.monotonic()
        gateway.child.popen.send_signal(signal.SIGTERM)
        gateway.child.popen.wait(10)
        assert time.monotonic() - began < 5
    wait_for(
        lambda: all(request["client_left"] for request in simulated.seen(mark)), what="providers to be let go"
    )
    again = gateways.again(gateway.data, gateway.config)
    rows = again.rows(len(WIRES))
    assert {row["format"] for row in rows} == {wire.name for wire in WIRES}
    assert {(row["outcome"], row["certainty"]) for row in rows} == {("recovered", "estimated")}
    assert {row["id"]: row["cost_usd"] for row in rows} == held
    assert all(Decimal(row["cost_usd"]) > 0 for row in rows)
    (budget,) = again.admin("GET", "budgets")["budgets"]
    assert Decimal(budget["spent_usd"]) == total_cost(rows)
    assert not Decimal(budget["held_usd"])
    assert not again.doctor()


@contextmanager
def begun(gateway: RunningGateway, wire: Wire) -> Iterator[None]:
    """A long stream whose first bytes have come."""
    body = wire.ask("On and on. [[sim output=400 chunks=200 gap=0.3 ttft=0]]", stream=True)
    headers = wire.credential(gateway.token)
    with gateway.http.stream("POST", wire.at(True), json=body, headers=headers) as response:
        pieces = response.iter_raw()
        next(pieces)
        yield


def test_a_second_gateway_is_told_who_is_there(gateways: Gateways) -> None:
    gateway = gateways.start()
    ledger = (gateway.data / "ledger.db").stat()
    second = started(gateway)
    assert second.returncode == 3
    (line,) = second.stderr.strip().splitlines()
    assert str(gateway.child.pid) in line and gateway.url in line
    after = (gateway.data / "ledger.db").stat()
    assert (after.st_ino, after.st_size) == (ledger.st_ino, ledger.st_size)
    answer = gateway.http.post(
        CHAT.path, json=CHAT.ask("Still there?"), headers=CHAT.credential(gateway.token)
    )
    assert answer.status_code == 200


def test_after_a_kill_the_folder_is_free_at_once(gateways: Gateways) -> None:
    gateway = gateways.start()
    gateway.kill()
    began = time.monotonic()
    again = gateways.again(gateway.data, gateway.config)
    assert again.http.get("/health/ready").status_code == 200
    assert time.monotonic() - began < 10
