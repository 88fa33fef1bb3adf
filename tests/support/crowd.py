"""Many requests at once, as clients of one gateway."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import anyio
import httpx

from tests.support.gateway import RunningGateway
from tests.support.wires import Json, Wire


async def all_at_once(
    gateway: RunningGateway,
    wire: Wire,
    bodies: Iterable[Json],
    *,
    stream: bool = False,
    headers: dict[str, str] | None = None,
) -> list[httpx.Response]:
    """Sends every body on a connection of its own at the same moment; the answers in their order."""
    wanted = list(bodies)
    answers: dict[int, httpx.Response] = {}
    sent = {**wire.credential(gateway.token), **(headers or {})}
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=gateway.url, trust_env=False, verify=False, timeout=60, limits=limits
    ) as client:

        async def one(number: int, body: Json) -> None:
            answers[number] = await client.post(wire.at(stream), json=body, headers=sent)

        async with anyio.create_task_group() as group:
            for number, body in enumerate(wanted):
                group.start_soon(one, number, body)
    return [answers[number] for number in range(len(wanted))]


def by_status(answers: list[httpx.Response]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for answer in answers:
        found.setdefault(answer.status_code, []).append(answer)
    return found
