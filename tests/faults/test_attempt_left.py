"""A call turns to its next target and ends right there: what its attempt may cost is booked once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal

import anyio.to_thread
import httpx
import pytest

from tests.faults.test_ledger_outage import locked
from tests.support.gateway import Gateways, Row, RunningGateway
from tests.support.processes import wait_for
from tests.support.scripted import Peer, scripted
from tests.support.wires import CHAT

pytestmark = pytest.mark.anyio

POLICY = """
[[budgets]]
name = "all"
match = {}
limit_usd = "5"
window = "total"
[prices."first/m"]
input = "10"
output = "100"
[prices."second/m"]
input = "10"
output = "100"
[[routes]]
name = "in turn"
when = {}
use = ["first/m", "second/m"]
"""


def providers(url: str) -> str:
    return "".join(
        f'[providers.{name}]\nformat = "openai"\nbase_url = "{url}/{name}/v1"\napi_key = "none"\n'
        'models = ["m"]\n'
        for name in ("first", "second")
    )


class Silence:
    """Takes a call and hangs up without a word, once the test says so: it may bill."""

    def __init__(self) -> None:
        self.taken = threading.Event()
        self.go = threading.Event()
        self.lines: list[str] = []

    async def script(self, peer: Peer) -> None:
        request = await peer.request()
        if request is None or "/models" in request.line:
            return
        self.lines.append(request.line)
        self.taken.set()
        await anyio.to_thread.run_sync(self.go.wait, 20)
        peer.reset()


@contextmanager
def calling(gateway: RunningGateway, patience: float = 30) -> Iterator[list[httpx.Response]]:
    """A call on its way for the time of the context; then its answer, if it got one within its patience."""
    answers: list[httpx.Response] = []

    def call() -> None:
        body = CHAT.ask("A word, or two.", cap=100, model="first/m")
        headers = CHAT.credential(gateway.token)
        with suppress(httpx.ReadTimeout):
            answers.append(gateway.http.post(CHAT.path, json=body, headers=headers, timeout=patience))

    calls = threading.Thread(target=call)
    calls.start()
    yield answers
    calls.join(30)


def booked_once(gateway: RunningGateway, row: Row) -> None:
    """The row, the budget and the books agree on one attempt."""
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    assert Decimal(row["cost_usd"]) > 0
    assert (row["attempts"], Decimal(budget["spent_usd"])) == (1, Decimal(row["cost_usd"]))
    assert not Decimal(budget["held_usd"])
    assert not [check for check in gateway.doctor() if not check["name"].startswith("provider: ")]


async def the_usual_cost(gateways: Gateways) -> Decimal:
    """What such an attempt is booked at where nothing comes between: of two of them, one."""
    silence = Silence()
    silence.go.set()

    def work() -> Decimal:
        gateway = gateways.start(providers(server.url) + POLICY)
        with calling(gateway):
            pass
        (row,) = gateway.rows(1)
        assert row["attempts"] == 2
        return Decimal(row["cost_usd"]) / 2

    async with scripted(silence.script) as server:
        return await anyio.to_thread.run_sync(work)


async def test_where_it_cannot_be_put_on_record(gateways: Gateways) -> None:
    usual = await the_usual_cost(gateways)
    silence = Silence()

    def work() -> None:
        gateway = gateways.start(providers(server.url) + POLICY)
        with calling(gateway) as answers:
            assert silence.taken.wait(20)
            with locked(gateway):
                silence.go.set()
                wait_for(lambda: answers, what="the refusal", seconds=20)
        assert answers[0].status_code == 503
        (row,) = gateway.rows(1)
        assert Decimal(row["cost_usd"]) == usual
        booked_once(gateway, row)
        assert len(silence.lines) == 1

    async with scripted(silence.script) as server:
        await anyio.to_thread.run_sync(work)


async def test_where_the_client_leaves_meanwhile(gateways: Gateways) -> None:
    usual = await the_usual_cost(gateways)
    silence = Silence()

    def work() -> None:
        gateway = gateways.start(providers(server.url) + POLICY)
        with calling(gateway, patience=1.0) as answers:
            assert silence.taken.wait(20)
            with locked(gateway):
                silence.go.set()
                time.sleep(1.5)
        assert not answers
        (row,) = gateway.rows(1)
        assert (row["outcome"], Decimal(row["cost_usd"])) == ("cancelled", usual)
        booked_once(gateway, row)

    async with scripted(silence.script) as server:
        await anyio.to_thread.run_sync(work)


async def test_the_calls_own_limit_is_for_all_of_its_attempts(gateways: Gateways) -> None:
    """The next target may use what the one before has left."""
    limit = Decimal("0.0105")

    async def script(peer: Peer) -> None:
        while request := await peer.request():
            if "/first/" in request.line:
                peer.reset()
                return
            asked = json.loads(request.body)
            given = len(json.dumps(asked["messages"], separators=(",", ":"))) + 80
            made = asked.get("max_tokens") or asked["max_completion_tokens"]
            usage = {"prompt_tokens": given, "completion_tokens": made}
            choice = {"index": 0, "message": {"role": "assistant", "content": "x"}, "finish_reason": "length"}
            answer = {"object": "chat.completion", "choices": [choice], "usage": usage}
            await peer.answer(json.dumps(answer).encode(), "content-type: application/json")

    def work() -> None:
        gateway = gateways.start(providers(server.url) + POLICY)
        body = CHAT.ask("A word, or two.", cap=100, model="first/m")
        headers = {**CHAT.credential(gateway.token), "x-llmconsole-max-cost": str(limit)}
        response = gateway.http.post(CHAT.path, json=body, headers=headers)
        assert response.status_code == 200, response.text
        (row,) = gateway.rows(1)
        assert row["attempts"] == 2
        assert Decimal("0.009") < Decimal(row["cost_usd"]) <= limit

    async with scripted(script) as server:
        await anyio.to_thread.run_sync(work)
