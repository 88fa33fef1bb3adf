"""What each mode of durability promises of a gateway that is killed at a random instant under load."""

from __future__ import annotations

import random

import anyio
import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT, MESSAGES, WIRES, Wire

pytestmark = pytest.mark.anyio
CALLERS = 12


async def load_until_killed(gateway: RunningGateway, seconds: float) -> list[str]:
    """Quick calls, whole and streamed, until the kill; the ids of those whose last byte has arrived."""
    delivered: list[str] = []

    async def caller(client: httpx.AsyncClient, name: int) -> None:
        wire: Wire = WIRES[name % len(WIRES)]
        stream = name % 2 == 0
        while True:
            body = wire.ask("Quick. [[sim output=20 ttft=0 gap=0 chunks=5]]", stream=stream)
            try:
                response = await client.post(
                    wire.at(stream), json=body, headers=wire.credential(gateway.token)
                )
            except httpx.HTTPError:
                return
            if response.status_code == 200:
                delivered.append(response.headers["x-llmconsole-request-id"])

    async with (
        httpx.AsyncClient(base_url=gateway.url, trust_env=False, verify=False, timeout=30) as client,
        anyio.create_task_group() as group,
    ):
        for name in range(CALLERS):
            group.start_soon(caller, client, name)
        await anyio.sleep(seconds)
        gateway.kill()
    return delivered


@pytest.mark.parametrize("durability", ["process", "power", "strict"])
async def test_killed_at_a_random_instant(gateways: Gateways, durability: str) -> None:
    gateway = gateways.start(top=f'durability = "{durability}"')
    delivered = await load_until_killed(gateway, random.uniform(0.4, 1.2))
    assert delivered
    again = gateways.again(gateway.data, gateway.config)
    outcomes = {row["id"]: row["outcome"] for row in again.export()}
    assert set(delivered) <= outcomes.keys(), "a delivered answer without a row"
    assert set(outcomes.values()) <= {"ok", "recovered"}
    if durability == "strict":
        assert {outcomes[call_id] for call_id in delivered} == {"ok"}, "delivered before it was settled"
    assert not again.doctor()


async def test_strict_withholds_the_last_piece_until_the_row_is_settled(gateways: Gateways) -> None:
    """What is in the file when the last byte arrives is read by another process: nothing in memory counts."""
    gateway = gateways.start(top='durability = "strict"')
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, verify=False) as client:
        for wire, stream in ((CHAT, True), (MESSAGES, True), (CHAT, False)):
            body = wire.ask("Now. [[sim output=20 ttft=0 gap=0]]", stream=stream)
            answer = await client.post(wire.at(stream), json=body, headers=wire.credential(gateway.token))
            call_id = answer.headers["x-llmconsole-request-id"]
            assert settled_in_file(gateway, call_id)


def settled_in_file(gateway: RunningGateway, call_id: str) -> bool:
    import sqlite3

    path = (gateway.data / "ledger.db").absolute().as_uri()
    with sqlite3.connect(f"{path}?mode=ro", uri=True) as connection:
        row = connection.execute("SELECT outcome FROM calls WHERE id = ?", (call_id,)).fetchone()
    connection.close()
    return row is not None and row[0] == "ok"
