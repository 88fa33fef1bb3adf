"""Streams that wait for a person's word hear that somebody is there, and end as the answer says."""

from __future__ import annotations

import json
from typing import Any

import anyio
import httpx
import pytest

from gateway_core.pipeline.patience import QUIET
from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import WIRES, Wire, events_of

pytestmark = pytest.mark.anyio
ASKING = """
[[budgets]]
name = "asks"
limit_usd = "0.000001"
window = "month"
at_limit = "ask"
"""
ANSWERS = ("once", "refuse")


async def stream(client: httpx.AsyncClient, gateway: RunningGateway, wire: Wire, answer: str) -> bytes:
    headers = {**wire.credential(gateway.token), "x-llmconsole-tags": f"answer={answer}"}
    body = wire.ask(f"{answer}, please. [[sim output=20]]", stream=True)
    reply = await client.post(wire.at(True), json=body, headers=headers)
    assert (reply.status_code, reply.headers["content-type"].split(";")[0]) == (200, "text/event-stream")
    return reply.content


async def answer_all(client: httpx.AsyncClient, count: int, watching: anyio.Event) -> None:
    """Watches, lets everybody wait, and then answers each call as its tag says."""
    async with client.stream("GET", "/admin/v1/events") as events:
        assert events.status_code == 200
        watching.set()
        questions: list[dict[str, Any]] = []
        while len(questions) < count:
            await anyio.sleep(0.1)
            questions = (await client.get("/admin/v1/questions")).json()["questions"]
        await anyio.sleep(QUIET + 1)
        for each in questions:
            await client.post(f"/admin/v1/questions/{each['id']}", json={"answer": each["tags"]["answer"]})


async def test_a_waiting_stream_is_kept_alive_in_every_format(gateways: Gateways) -> None:
    gateway = await anyio.to_thread.run_sync(gateways.start, ASKING)
    told: dict[tuple[str, str], bytes] = {}
    admin = {"authorization": f"Bearer {gateway.admin_token}"}
    async with (
        httpx.AsyncClient(base_url=gateway.url, timeout=60) as client,
        httpx.AsyncClient(base_url=gateway.url, timeout=60, headers=admin) as person,
        anyio.create_task_group() as group,
    ):
        watching = anyio.Event()
        group.start_soon(answer_all, person, len(WIRES) * len(ANSWERS), watching)
        await watching.wait()

        async def one(wire: Wire, answer: str) -> None:
            told[wire.name, answer] = await stream(client, gateway, wire, answer)

        for wire in WIRES:
            for answer in ANSWERS:
                group.start_soon(one, wire, answer)
    for wire in WIRES:
        served, refused = told[wire.name, "once"], told[wire.name, "refuse"]
        assert served.startswith(b": waiting\n\n")
        assert "error" not in json.dumps(events_of(served)).lower().replace('"error": null', "")
        assert refused.startswith(b": waiting\n\n")
        assert "budget" in json.dumps(events_of(refused)[-1])
    rows = await anyio.to_thread.run_sync(gateway.rows, len(told))
    assert sorted(row["outcome"] for row in rows) == ["ok"] * len(WIRES) + ["refused"] * len(WIRES)
