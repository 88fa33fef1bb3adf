"""A crowd on a budget for three calls, from every format into every other: nothing is overspent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import httpx
import pytest

from tests.support.gateway import Gateways, Row, RunningGateway
from tests.support.money import total_cost
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import GEMINI, MESSAGES, WIRES, Wire

pytestmark = pytest.mark.anyio

CROWD = 24
OUTPUT = 1000
IN, OUT = Decimal(1), Decimal(100)
"""Dollars per million tokens."""
ROOM = Decimal("0.32")
"""Dollars of each budget: three answers of a thousand tokens, and what is read for them."""
BARE = (MESSAGES, GEMINI)
"""Formats whose base URL has no /v1."""


@dataclass(frozen=True)
class Pair:
    """A client of one format and a provider of another, or of the same."""

    here: Wire
    there: Wire
    stream: bool
    cap: int | None

    @property
    def model(self) -> str:
        return f"sim-{self.here.name}-{'stream' if self.stream else 'whole'}-{self.cap or 'no'}"

    @property
    def name(self) -> str:
        way = "stream" if self.stream else "whole"
        return f"{self.here.name} to {self.there.name}, {way}, {self.cap or 'no'} cap"

    @property
    def target(self) -> str:
        return f"to-{self.there.name}/{self.model}"

    def policy(self) -> str:
        return (
            f'[prices."{self.target}"]\ninput = "{IN}"\noutput = "{OUT}"\n'
            f'[[budgets]]\nname = "{self.target}"\nmatch = {{ model = "{self.target}" }}\n'
            f'limit_usd = "{ROOM}"\nwindow = "total"\n'
        )

    def call(self, number: int) -> tuple[str, dict[str, Any]]:
        prompt = f"Call {number}. [[sim ttft=0.02 reasoning=0 output={OUTPUT}]]"
        body = self.here.ask(prompt, cap=self.cap or 1, stream=self.stream, model=self.target)
        if self.cap is None:
            for key in ("max_completion_tokens", "max_output_tokens", "generationConfig"):
                body.pop(key, None)
        return self.here.for_model(self.target.replace("/", "%2F"), stream=self.stream), body


PAIRS = tuple(
    Pair(here, there, stream, cap)
    for here in WIRES
    for there in WIRES
    for stream, cap in ((False, OUTPUT), (False, None), (True, OUTPUT), (True, 4000))
    if cap or here is not MESSAGES
)


@pytest.fixture(scope="module")
def gateway(
    tmp_path_factory: pytest.TempPathFactory, simulated: SimulatedProvider, compiled_prices: Path
) -> Iterator[RunningGateway]:
    """One for all pairs: each has a model and a budget of its own."""
    folder = tmp_path_factory.mktemp("crowds")
    key = folder / "key"
    key.write_text("a-key-of-the-crowds", encoding="utf-8")
    key.chmod(0o600)
    providers = "".join(
        f'[providers.to-{there.name}]\nformat = "{there.name}"\napi_key = "file:{key}"\n'
        f'base_url = "{simulated.url}{"" if there in BARE else "/v1"}"\n'
        f"models = {[pair.model for pair in PAIRS if pair.there is there]}\n"
        for there in WIRES
    )
    started = Gateways(folder, {}, compiled_prices)
    yield started.start(providers + "".join(pair.policy() for pair in PAIRS))
    started.close()


async def crowd(gateway: RunningGateway, pair: Pair) -> list[httpx.Response]:
    answers: list[httpx.Response] = []
    headers = {**pair.here.credential(gateway.token), "x-llmconsole-token": gateway.token}
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=60) as client:

        async def one(number: int) -> None:
            path, body = pair.call(number)
            answers.append(await client.post(path, json=body, headers=headers))

        async with anyio.create_task_group() as group:
            for number in range(CROWD):
                group.start_soon(one, number)
    return answers


def rows_of(gateway: RunningGateway, pair: Pair) -> list[Row]:
    def ended() -> list[Row]:
        rows = [row for row in gateway.export() if f"{row['provider']}/{row['model']}" == pair.target]
        return rows if len(rows) >= CROWD and all(row["status"] == "settled" for row in rows) else []

    return wait_for(ended, what="the rows of a crowd", seconds=20)


def bill(request: dict[str, Any]) -> Decimal:
    """What the provider would write for a call that it served."""
    usage: dict[str, int] = request["usage"] or {}
    given = sum(count for name, count in usage.items() if name not in ("output", "reasoning"))
    return (given * IN + usage.get("output", 0) * OUT) / 1_000_000


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
async def test_nothing_is_overspent(
    gateway: RunningGateway, simulated: SimulatedProvider, pair: Pair
) -> None:
    mark = simulated.mark()
    answers = await crowd(gateway, pair)
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {200, 402}, {a.status_code: a.text for a in answers}
    rows = await anyio.to_thread.run_sync(rows_of, gateway, pair)
    assert len(rows) == CROWD
    assert {row["format"] for row in rows} == {pair.here.name}
    served = statuses.count(200)
    assert served == 3 if pair.cap == OUTPUT else served >= 1
    assert total_cost(rows) <= ROOM
    assert sum((bill(request) for request in simulated.seen(mark)), Decimal(0)) <= ROOM
    (budget,) = [each for each in gateway.admin("GET", "budgets")["budgets"] if each["name"] == pair.target]
    assert Decimal(budget["spent_usd"]) == total_cost(rows)
    assert not Decimal(budget["held_usd"])
