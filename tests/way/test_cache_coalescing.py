"""Identical calls at once: one is sent, all are answered, and money is counted once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.money import total_cost
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, WIRES, Json, Wire

ON = {"x-llmconsole-cache": "on"}
MANY = 8


def at_once(
    gateway: RunningGateway, wire: Wire, body: Json, *, stream: bool, many: int = MANY
) -> list[httpx.Response]:
    headers = {**wire.credential(gateway.token), **ON}

    def send() -> httpx.Response:
        with httpx.Client(base_url=gateway.url, trust_env=False, timeout=60) as http:
            return http.post(wire.at(stream), json=body, headers=headers)

    with ThreadPoolExecutor(many) as pool:
        sent: list[Future[httpx.Response]] = [pool.submit(send) for _ in range(many)]
        return [each.result() for each in sent]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_one_is_sent_and_all_are_answered(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire, stream: bool
) -> None:
    gateway = gateways.start()
    before = simulated.mark()
    body = wire.ask("All at once, please. [[sim ttft=1.5 output=30]]", stream=stream)
    answers = at_once(gateway, wire, body, stream=stream)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(simulated.seen(before)) == 1
    told = sorted(answer.headers["x-llmconsole-cache"] for answer in answers)
    assert told == ["hit"] * (MANY - 1) + ["miss"]
    rows = gateway.rows(MANY)
    (paid,) = [row for row in rows if row["cache"] == "miss"]
    assert total_cost(rows) == Decimal(paid["cost_usd"]) > 0
    hits = [row for row in rows if row["cache"] == "hit"]
    assert {(row["outcome"], row["cost_usd"]) for row in hits} == {("cache_hit", "0.00")}
    assert {row["saved_usd"] for row in hits} == {paid["cost_usd"]}
    assert gateway.doctor() == []


def test_the_money_of_one_call_is_enough_for_all_of_them(gateways: Gateways) -> None:
    """Only the one that is sent holds: a budget with room for one call and no more lets all through."""
    gateway = gateways.start(
        '[[budgets]]\nname = "tight"\nmatch = {}\nlimit_usd = "0.006"\nwindow = "day"\nat_limit = "block"\n'
    )
    body = CHAT.ask("Tight money. [[sim ttft=1.5 output=30]]", cap=400)
    answers = at_once(gateway, CHAT, body, stream=False)
    assert {answer.status_code for answer in answers} == {200}
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    assert Decimal(budget["spent_usd"]) == total_cost(gateway.rows(MANY)) > 0
    assert Decimal(budget["held_usd"]) == 0


@pytest.mark.parametrize("wire", [CHAT, MESSAGES], ids=lambda wire: wire.name)
def test_a_follower_goes_on_when_the_one_that_was_sent_leaves(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire
) -> None:
    gateway = gateways.start()
    before = simulated.mark()
    body = wire.ask(f"Do not leave me, {wire.name}. [[sim hang=2 times=1 output=20]]")
    headers = {**wire.credential(gateway.token), **ON}
    follower: list[httpx.Response] = []
    with httpx.Client(base_url=gateway.url, trust_env=False, timeout=60) as leader:
        leaving = threading.Thread(target=lambda: _leave_after(leader, wire, body, headers, 1.0))
        leaving.start()
        time.sleep(0.4)
        with httpx.Client(base_url=gateway.url, trust_env=False, timeout=60) as http:
            follower.append(http.post(wire.path, json=body, headers=headers))
        leaving.join()
    assert follower[0].status_code == 200
    rows = gateway.rows(2)
    assert sorted(row["outcome"] for row in rows) == ["cancelled", "ok"]
    assert len(simulated.seen(before)) == 2
    assert gateway.doctor() == []


def _leave_after(http: httpx.Client, wire: Wire, body: Json, headers: dict[str, str], seconds: float) -> None:
    try:
        http.post(wire.path, json=body, headers=headers, timeout=seconds)
    except httpx.ReadTimeout:
        return
    raise AssertionError("it should have hung")


def test_a_follower_goes_on_when_the_one_that_was_sent_fails(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Fail the first. [[sim status=500 times=1 ttft=1]]")
    answers = at_once(gateway, CHAT, body, stream=False, many=4)
    assert sorted(answer.status_code for answer in answers) in ([200, 200, 200, 500], [200, 200, 200, 200])
    rows = gateway.rows(4)
    assert sum(row["cache"] == "hit" for row in rows) >= 2
    assert gateway.doctor() == []


def test_a_call_that_wants_it_fresh_waits_for_nobody(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    gateway = gateways.start()
    before = simulated.mark()
    body = CHAT.ask("Fresh, both of them. [[sim ttft=1 output=10]]")
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-cache": "refresh"}
    sent = []

    def send() -> None:
        with httpx.Client(base_url=gateway.url, trust_env=False, timeout=60) as http:
            sent.append(http.post(CHAT.path, json=body, headers=headers).status_code)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sent == [200, 200]
    assert len(simulated.seen(before)) == 2
