"""kill -9 of the gateway at any moment: every call that the provider saw has a row, what was open is
recovered at its hold, and the ledger proves itself."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import anyio
import httpx
import pytest

from tests.support.gateway import Gateways, Row, RunningGateway
from tests.support.processes import clean_environment
from tests.support.simulated import SimulatedProvider
from tests.support.sources import ROOT
from tests.support.wires import CHAT, MESSAGES, WIRES, Wire

pytestmark = pytest.mark.anyio

STREAMS = 50
UNDER_WAY = 3
"""Pieces that every stream has read when all of them are under way."""


class Crowd:
    """Streams that read until the gateway is gone, and what each of them got."""

    def __init__(self, gateway: RunningGateway, run: str, streams: int = STREAMS, gap: float = 0.02) -> None:
        self.gateway = gateway
        self.gap = gap
        self.run = run
        self.pieces = [0] * streams
        self.whole = [False] * streams
        self.under_way = anyio.Event()

    def ident(self, number: int) -> str:
        return f"{self.run}-{number}"

    async def one(self, client: httpx.AsyncClient, number: int, wire: Wire) -> None:
        ident = self.ident(number)
        prompt = f"Go on and on. [[sim id={ident} output=400 chunks=200 gap={self.gap} ttft=0.02]]"
        headers = {**wire.credential(self.gateway.token), "x-llmconsole-tags": f"call={ident}"}
        body = wire.ask(prompt, stream=True)
        try:
            async with client.stream("POST", wire.at(True), json=body, headers=headers) as response:
                async for _ in response.aiter_raw():
                    self.pieces[number] += 1
                    if min(self.pieces) >= UNDER_WAY:
                        self.under_way.set()
                self.whole[number] = response.status_code == 200
        except httpx.HTTPError:
            return

    async def until_killed(self, seconds: float | None = None) -> None:
        """Kills the gateway after so many seconds, or when every stream is under way."""
        async with self.streaming():
            if seconds is None:
                with anyio.fail_after(20):
                    await self.under_way.wait()
            else:
                await anyio.sleep(seconds)
            self.gateway.kill()

    @asynccontextmanager
    async def streaming(self) -> AsyncIterator[None]:
        """All streams read while the block runs, and until the gateway ends them."""
        limits = httpx.Limits(max_connections=None)
        async with (
            httpx.AsyncClient(
                base_url=self.gateway.url, trust_env=False, verify=False, timeout=30, limits=limits
            ) as client,
            anyio.create_task_group() as group,
        ):
            for number in range(len(self.pieces)):
                group.start_soon(self.one, client, number, WIRES[number % len(WIRES)])
            yield


def rows_by_call(gateway: RunningGateway) -> dict[str, Row]:
    rows = gateway.export()
    found = {row["tags"]["call"]: row for row in rows}
    assert len(found) == len(rows), "one row for each call"
    return found


def doctor(gateway: RunningGateway) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "console", "doctor", "--ledger", "--data", str(gateway.data)],
        env=clean_environment(gateway.config.parent, {"LLMCONSOLE_CONFIG": str(gateway.config)}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_amid_fifty_streams(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start()
    before = simulated.mark()
    crowd = Crowd(gateway, "amid")
    await crowd.until_killed()
    seen = simulated.seen(before)
    assert {request["id"] for request in seen} == {crowd.ident(number) for number in range(STREAMS)}
    again = gateways.again(gateway.data, gateway.config)
    rows = rows_by_call(again)
    assert rows.keys() == {request["id"] for request in seen}
    assert {row["outcome"] for row in rows.values()} == {"recovered"}
    assert {row["certainty"] for row in rows.values()} == {"estimated"}
    assert all(Decimal(row["cost_usd"]) > 0 for row in rows.values())
    done = doctor(again)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("moment", [0.02, 0.08, 0.15, 0.3, 0.6])
async def test_at_any_moment(gateways: Gateways, simulated: SimulatedProvider, moment: float) -> None:
    """Before the first byte, while rows are being opened, while some are being settled."""
    gateway = gateways.start()
    before = simulated.mark()
    crowd = Crowd(gateway, f"at-{moment}")
    await crowd.until_killed(moment * random.uniform(0.7, 1.3))
    seen = {request["id"] for request in simulated.seen(before)}
    again = gateways.again(gateway.data, gateway.config)
    rows = rows_by_call(again)
    assert seen <= rows.keys()
    assert all(row["status"] == "settled" for row in rows.values())
    delivered = {crowd.ident(number) for number in range(STREAMS) if crowd.whole[number]}
    assert delivered <= rows.keys()
    assert not again.doctor()


async def test_short_calls_that_were_delivered_have_their_row(gateways: Gateways) -> None:
    """Quick calls under load: none that a client holds an answer to is missing, sums stay exact."""
    gateway = gateways.start()
    answered: list[str] = []
    many, stop = anyio.Event(), anyio.Event()

    async def caller(client: httpx.AsyncClient, name: int) -> None:
        number = 0
        while not stop.is_set():
            ident = f"quick-{name}-{number}"
            number += 1
            body = MESSAGES.ask(f"Quick. [[sim id={ident} output=20 ttft=0]]")
            headers = {**MESSAGES.credential(gateway.token), "x-llmconsole-tags": f"call={ident}"}
            try:
                response = await client.post(MESSAGES.path, json=body, headers=headers)
            except httpx.HTTPError:
                return
            if response.status_code == 200:
                answered.append(ident)
            if len(answered) > 50:
                many.set()

    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, verify=False) as client:
        async with anyio.create_task_group() as group:
            for name in range(16):
                group.start_soon(caller, client, name)
            with anyio.fail_after(60):
                await many.wait()
            await anyio.sleep(random.uniform(0, 0.3))
            gateway.kill()
            stop.set()
    again = gateways.again(gateway.data, gateway.config)
    rows = rows_by_call(again)
    assert set(answered) <= rows.keys()
    assert {row["outcome"] for row in rows.values()} <= {"ok", "recovered"}
    assert not again.doctor()


async def test_recovering_twice_changes_nothing(gateways: Gateways) -> None:
    gateway = gateways.start()
    await Crowd(gateway, "twice").until_killed()
    once = gateways.again(gateway.data, gateway.config)
    rows = once.export()
    once.kill()
    twice = gateways.again(gateway.data, gateway.config)
    assert twice.export() == rows


async def test_what_was_recovered_counts_against_the_budget(gateways: Gateways) -> None:
    policy = f"""
[prices."openai/{CHAT.model}"]
input = "0"
output = "100"
[[budgets]]
name = "all"
match = {{}}
limit_usd = "100"
window = "month"
"""
    gateway = gateways.start(policy)
    crowd = Crowd(gateway, "budget", streams=1, gap=0.2)
    async with crowd.streaming():
        await crowd.under_way.wait()
        held = gateway.admin("GET", "budgets")["budgets"][0]["held_usd"]
        gateway.kill()
    again = gateways.again(gateway.data, gateway.config)
    (budget,) = again.admin("GET", "budgets")["budgets"]
    (row,) = again.export()
    assert Decimal(held) > 0
    assert budget["spent_usd"] == row["cost_usd"] == held
    assert budget["held_usd"] == "0.00"
