"""The ledger cannot be written: nothing new is sent, what runs is served to its end, and it heals by itself.

The disk is full as far as the gateway can tell: its process may write no file beyond a size that the
test sets and lifts while it runs.
"""

from __future__ import annotations

import resource
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import WIRES, Wire

BUDGET = '[[budgets]]\nname = "all"\nmatch = {}\nlimit_usd = "100"\nwindow = "total"\n'
NO_LIMIT = resource.RLIM_INFINITY


@contextmanager
def full_disk(gateway: RunningGateway) -> Iterator[None]:
    """Every write beyond the first bytes of a file fails; what is there already stays."""
    if not hasattr(resource, "prlimit"):
        pytest.skip("needs prlimit, which is Linux's")
    pid = gateway.child.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, NO_LIMIT))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (NO_LIMIT, NO_LIMIT))


@contextmanager
def locked(gateway: RunningGateway) -> Iterator[None]:
    """Another program holds the ledger's write lock."""
    connection = sqlite3.connect(gateway.data / "ledger.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


OUTAGES: dict[str, Callable[[RunningGateway], AbstractContextManager[None]]] = {
    "the disk is full": full_disk,
    "another program keeps it locked": locked,
}


def post(gateway: RunningGateway, wire: Wire, prompt: str) -> httpx.Response:
    return gateway.http.post(wire.path, json=wire.ask(prompt), headers=wire.credential(gateway.token))


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)
def test_nothing_new_is_sent_and_nothing_that_runs_is_lost(
    gateways: Gateways, simulated: SimulatedProvider, outage: Callable[..., AbstractContextManager[None]]
) -> None:
    gateway = gateways.start(BUDGET)
    wire = WIRES[0]
    mark = simulated.mark()
    long = wire.ask("Run on. [[sim id=runs output=60 chunks=60 gap=0.02]]", stream=True)
    headers = wire.credential(gateway.token)
    with gateway.http.stream("POST", wire.at(True), json=long, headers=headers) as running:
        pieces = running.iter_raw()
        received = next(pieces)
        with outage(gateway):
            refuses_all_formats(gateway)
            received += b"".join(pieces)
            assert b"[DONE]" in received
            assert [request["id"] for request in simulated.seen(mark)] == ["runs"]
            assert not gateway.http.get("/health/ready").is_server_error
    wait_for(lambda: post(gateway, wire, "And now?").status_code == 200, what="the ledger to heal")
    rows = wait_for(lambda: settled(gateway), what="the rows of what ran", seconds=10)
    served = [row for row in rows if row["outcome"] != "refused"]
    assert [row["outcome"] for row in served] == ["ok", "ok"]
    assert all(Decimal(row["cost_usd"]) == 0 for row in rows if row["outcome"] == "refused")
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    assert Decimal(budget["held_usd"]) == 0
    assert Decimal(budget["spent_usd"]) == sum(Decimal(row["cost_usd"]) for row in rows)
    assert not gateway.doctor()


def refuses_all_formats(gateway: RunningGateway) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(len(WIRES)) as together:
        answers = list(together.map(lambda wire: post(gateway, wire, "Too late."), WIRES))
    assert time.monotonic() - began < 4
    for wire, refused in zip(WIRES, answers, strict=True):
        assert (wire.name, refused.status_code) == (wire.name, 503), refused.text
        assert "ledger" in wire.error_of(refused.json())[1]
        assert int(refused.headers["retry-after"]) > 0


def settled(gateway: RunningGateway) -> list[dict[str, str]]:
    """All rows, once the two calls that were served have theirs and none is open."""
    rows = gateway.export()
    done = all(row["status"] == "settled" for row in rows)
    return rows if done and len([row for row in rows if row["outcome"] == "ok"]) == 2 else []


def test_a_short_lock_is_waited_out(gateways: Gateways) -> None:
    gateway = gateways.start()
    letting_go = threading.Event()

    def hold() -> None:
        with locked(gateway):
            letting_go.wait(5)

    holding = threading.Thread(target=hold)
    holding.start()
    threading.Timer(1.0, letting_go.set).start()
    began = time.monotonic()
    response = post(gateway, WIRES[0], "Wait a moment.")
    holding.join()
    assert response.status_code == 200
    assert time.monotonic() - began < 2.5
    gateway.rows(1)
