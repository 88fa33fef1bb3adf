"""Idempotency keys, end to end: the same call again is answered without being sent."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.money import total_cost
from tests.support.simulated import SimulatedProvider
from tests.support.wires import WIRES, Wire


def send(gateway: RunningGateway, wire: Wire, body: Any, key: str, stream: bool = False) -> Any:
    headers = {**wire.credential(gateway.token), "idempotency-key": key}
    return gateway.http.post(wire.at(stream), json=body, headers=headers)


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_the_same_call_gets_the_same_answer_unsent(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire, stream: bool
) -> None:
    gateway = gateways.start()
    before = simulated.mark()
    body = wire.ask("Once. [[sim output=40]]", stream=stream)
    first, second = (send(gateway, wire, body, "one", stream) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert second.headers["content-type"] == first.headers["content-type"]
    assert (second.headers["idempotency-replayed"], "idempotency-replayed" in first.headers) == (
        "true",
        False,
    )
    rows = gateway.rows(2)
    assert len(simulated.seen(before)) == 1
    assert total_cost(rows) == Decimal(rows[0]["cost_usd"]) > 0
    assert (rows[1]["outcome"], rows[1]["cost_usd"], rows[1]["attempts"]) == ("cache_hit", "0.00", 0)


def test_another_body_is_no_repetition(gateways: Gateways) -> None:
    gateway, wire = gateways.start(), WIRES[0]
    assert send(gateway, wire, wire.ask("One."), "k").status_code == 200
    refused = send(gateway, wire, wire.ask("Two."), "k")
    assert refused.status_code == 422
    assert "belongs to call" in wire.error_of(refused.json())[1]
    gateway.rows(2)
    other = {"authorization": f"Bearer {gateway.admin('POST', 'tokens', json={'name': 'other'})['token']}"}
    answer = gateway.http.post(wire.path, json=wire.ask("Two."), headers={**other, "idempotency-key": "k"})
    assert answer.status_code == 200, "another token's keys are its own"


def test_a_call_under_way_is_not_sent_twice(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway, wire = gateways.start(), WIRES[0]
    before = simulated.mark()
    body = wire.ask("Slowly. [[sim hang=1 output=10]]")
    first = threading.Thread(target=send, args=(gateway, wire, body, "slow"))
    first.start()
    while not simulated.seen(before):
        continue
    assert send(gateway, wire, body, "slow").status_code == 409
    first.join()
    gateway.rows(2)
    assert send(gateway, wire, body, "slow").headers["idempotency-replayed"] == "true"
    assert len(simulated.seen(before)) == 1


def test_a_call_that_failed_may_be_tried_again(gateways: Gateways) -> None:
    gateway, wire = gateways.start(), WIRES[0]
    body = wire.ask("Fail once. [[sim status=500 times=1 output=10]]")
    assert send(gateway, wire, body, "again").status_code == 500
    gateway.rows(1)
    assert send(gateway, wire, body, "again").status_code == 200


def test_a_key_is_kept_over_a_restart(gateways: Gateways) -> None:
    gateway, wire = gateways.start(), WIRES[0]
    body = wire.ask("Remember. [[sim output=10]]")
    first = send(gateway, wire, body, "kept")
    gateway.rows(1)
    assert gateway.stop() == 0
    again = gateways.again(gateway.data, gateway.config)
    assert send(again, wire, body, "kept").content == first.content


def test_a_key_must_be_one(gateways: Gateways) -> None:
    gateway, wire = gateways.start(), WIRES[0]
    assert send(gateway, wire, wire.ask("Hm."), "x" * 300).status_code == 400
