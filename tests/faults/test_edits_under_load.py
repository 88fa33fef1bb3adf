"""Budgets are made, changed and taken away while calls of every fate run: no counter loses a cent of it."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import anyio
import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.wires import WIRES

pytestmark = pytest.mark.anyio

CALLS = 120
TOGETHER = 16
FATES = (
    "output=20 ttft=0", "output=200 ttft=0.05", "output=60 chunks=30 gap=0.01", "status=503", "status=429",
    "break=after:3 output=60 chunks=30 gap=0.01", "break=clean:2 output=40 chunks=20", "usage=none output=30",
    "usage=absurd output=30", "overrun=1 output=900", "output=400 chunks=200 gap=0.02",
)  # fmt: skip
MATCHES: tuple[dict[str, str], ...] = (
    {}, {"project": "web"}, {"project": "cli"}, {"provider": "openai"}, {"model": "claude-*"},
    {"project": "web", "provider": "gemini"},
)  # fmt: skip
WINDOWS = ("hour", "day", "month", "total", "rolling:6h")
NAMES = ("one", "two", "three")
PRICES = "".join(
    f'[prices."{name}"]\ninput = "10"\noutput = "100"\n'
    for name in sorted({f"{wire.provider}/{wire.model}" for wire in WIRES})
)
"""A call of 400 tokens costs four cents."""


class Chaos:
    """Callers and an editor, all by one dice."""

    def __init__(self, gateway: RunningGateway, seed: int) -> None:
        self.gateway = gateway
        self.dice = random.Random(seed)
        self.statuses: list[int] = []
        self.ended = 0

    async def run(self) -> None:
        slots = anyio.CapacityLimiter(TOGETHER)
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(
            base_url=self.gateway.url, trust_env=False, verify=False, timeout=60, limits=limits
        ) as client:
            async with anyio.create_task_group() as group:
                group.start_soon(self.edit, client)
                for number in range(CALLS):
                    group.start_soon(self.call, client, slots, number)

    async def call(self, client: httpx.AsyncClient, slots: anyio.CapacityLimiter, number: int) -> None:
        wire, stream = self.dice.choice(WIRES), self.dice.random() < 0.6
        fate, leaves = self.dice.choice(FATES), self.dice.random() < 0.2
        body = wire.ask(f"Call {number}. [[sim {fate}]]", cap=400, stream=stream)
        project = self.dice.choice(("web", "cli", "none"))
        headers = {**wire.credential(self.gateway.token), "x-llmconsole-tags": f"project={project}"}
        async with slots:
            try:
                with anyio.move_on_after(0.1 if leaves else 60):
                    answer = await client.post(wire.at(stream), json=body, headers=headers)
                    self.statuses.append(answer.status_code)
            except httpx.HTTPError:
                # A whole answer that broke in its middle.
                self.statuses.append(0)
        self.ended += 1

    async def edit(self, client: httpx.AsyncClient) -> None:
        headers = {"authorization": f"Bearer {self.gateway.admin_token}"}
        while self.ended < CALLS:
            path = f"/admin/v1/budgets/{self.dice.choice(NAMES)}"
            if self.dice.random() < 0.2:
                await client.delete(path, headers=headers)
            else:
                changed = await client.put(path, json=self.a_budget(), headers=headers)
                assert changed.status_code == 200, changed.text
            await anyio.sleep(self.dice.random() * 0.05)

    def a_budget(self) -> dict[str, Any]:
        limit = {"limit_usd": self.dice.choice(("0.01", "0.2", "100"))}
        tokens = {"limit_tokens": self.dice.choice((500, 1_000_000))}
        return {
            "match": self.dice.choice(MATCHES),
            "window": self.dice.choice(WINDOWS),
            "at_limit": self.dice.choice(("block", "alert", "block")),
            **(limit if self.dice.random() < 0.8 else tokens),
        }


@pytest.mark.parametrize("seed", [3, 11])
async def test_counters_and_ledger_agree_in_the_end(gateways: Gateways, seed: int) -> None:
    gateway = await anyio.to_thread.run_sync(gateways.start, PRICES)
    # The admin plane is loaded when it is first asked for: before the storm.
    await anyio.to_thread.run_sync(gateway.admin, "GET", "status")
    chaos = Chaos(gateway, seed)
    await chaos.run()
    assert 500 not in chaos.statuses
    assert {200, 402} <= set(chaos.statuses)
    rows = await anyio.to_thread.run_sync(settled, gateway)
    # Who left before it was heard has no row.
    assert len(chaos.statuses) <= len(rows) <= CALLS
    for name in NAMES:
        await anyio.to_thread.run_sync(put_back, gateway, name)
    for budget in gateway.admin("GET", "budgets")["budgets"]:
        assert not Decimal(budget["held_usd"]) and not budget["held_tokens"], budget
    assert not await anyio.to_thread.run_sync(gateway.doctor)
    assert not gateway.admin("GET", "calls")["in_flight"]


def settled(gateway: RunningGateway) -> list[Any]:
    wait_for(lambda: not gateway.admin("GET", "calls")["in_flight"], what="the last call to end")

    def ended() -> list[Any]:
        rows = gateway.export()
        return rows if all(row["status"] == "settled" for row in rows) else []

    return wait_for(ended, what="the last row")


def put_back(gateway: RunningGateway, name: str) -> None:
    """A budget of that name as it is, or one over everything: the doctor compares its counter."""
    there = {each["name"] for each in gateway.admin("GET", "budgets")["budgets"]}
    if name not in there:
        gateway.admin("PUT", f"budgets/{name}", json={"limit_usd": "100", "window": "total"})
