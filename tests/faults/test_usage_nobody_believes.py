"""What a provider cannot have used: an estimate is booked for it, never 0 and never as given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import anyio
import httpx
import pytest

from tests.support.gateway import Gateways, Row, RunningGateway
from tests.support.parts import CONTENT, INPUT, OUTPUT, stream_parts, whole_parts
from tests.support.scripted import Peer, scripted
from tests.support.wires import WIRES, Wire

pytestmark = pytest.mark.anyio

IN, OUT = Decimal(10), Decimal(100)
CAP = 400
PROMPT = "word " * 240
COUNTS = {
    "openai": ("prompt_tokens", "completion_tokens"),
    "responses": ("input_tokens", "output_tokens"),
    "anthropic": ("input_tokens", "output_tokens"),
    "gemini": ("promptTokenCount", "candidatesTokenCount"),
}
IMPOSSIBLE = {
    "negative": "-5",
    "not a number": "NaN",
    "infinite": "Infinity",
    "a fraction": "17.5",
    "a text": '"17"',
    "a truth": "true",
    "a list": "[17]",
    "an object": '{"tokens": 17}',
    "null": "null",
    "beyond 64 bits": "99999999999999999999",
    "beyond any float": "1e400",
    "a hundred times what it could be": "200000000",
}


@dataclass(frozen=True)
class Case:
    """One count of one answer, replaced by raw text."""

    wire: Wire
    stream: bool
    which: int
    """0: of the input, 1: of the output."""
    raw: str

    @property
    def name(self) -> str:
        way = "stream" if self.stream else "whole"
        return f"{self.wire.name}-{way}-{COUNTS[self.wire.name][self.which]}-{self.raw}"

    @property
    def ends_unreadably(self) -> bool:
        """The raw text is no JSON, and stands in the event that ends the stream."""
        no_json = self.raw in ("NaN", "Infinity", "1e400")
        return no_json and self.stream and self.wire.name in ("responses", "gemini")

    @property
    def total_tells(self) -> bool:
        """Gemini leaves a count of candidates out; its total says how many there were."""
        return self.raw == "null" and self.which == 1 and self.wire.name == "gemini"

    @property
    def answer(self) -> tuple[bytes, str]:
        """Body and content type."""
        parts = stream_parts(self.wire.name) if self.stream else whole_parts(self.wire.name)
        key, true = COUNTS[self.wire.name][self.which], (INPUT, OUTPUT)[self.which]
        said = f'"{key}": {true}'.encode()
        assert said in parts.whole
        return parts.whole.replace(said, f'"{key}": {self.raw}'.encode()), parts.kind


def cases(raws: list[str]) -> Iterator[Case]:
    for wire in WIRES:
        for stream in (False, True):
            for which in (0, 1):
                for raw in raws:
                    yield Case(wire, stream, which, raw)


def policy() -> str:
    prices = "".join(
        f'[prices."{name}"]\ninput = "{IN}"\noutput = "{OUT}"\n'
        for name in sorted({f"{wire.provider}/{wire.model}" for wire in WIRES})
    )
    return prices + '[[budgets]]\nname = "all"\nlimit_usd = "100"\nwindow = "total"\n'


async def rows_of(gateways: Gateways, all_cases: list[Case]) -> tuple[RunningGateway, dict[str, Row]]:
    """Each case as a call; the rows by the names of the cases."""
    answers = {str(number): case.answer for number, case in enumerate(all_cases)}

    async def script(peer: Peer) -> None:
        while request := await peer.request():
            if request.line.startswith("GET "):
                await peer.answer(b'{"data": []}', "content-type: application/json")
                continue
            number = request.body.decode().partition("<")[2].partition(">")[0]
            body, kind = answers[number]
            await peer.answer(body, f"content-type: {kind}")

    async with scripted(script) as server:
        bare = {"anthropic", "gemini"}
        urls = {w.provider: server.url if w.provider in bare else f"{server.url}/v1" for w in WIRES}
        gateway = await anyio.to_thread.run_sync(lambda: gateways.start(policy(), base_urls=urls))
        slots = anyio.CapacityLimiter(16)
        async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=30) as client:

            async def one(number: int, case: Case) -> None:
                body = case.wire.ask(f"<{number}> {PROMPT}", cap=CAP, stream=case.stream)
                headers = {**case.wire.credential(gateway.token), "x-llmconsole-tags": f"case={number}"}
                async with slots:
                    response = await client.post(case.wire.at(case.stream), json=body, headers=headers)
                assert (case.name, response.status_code) == (case.name, 200)
                assert CONTENT[-20:].encode() in response.content

            async with anyio.create_task_group() as group:
                for number, case in enumerate(all_cases):
                    group.start_soon(one, number, case)
        rows = await anyio.to_thread.run_sync(gateway.rows, len(all_cases))
        bad = await anyio.to_thread.run_sync(gateway.doctor)
        assert not bad
    return gateway, {all_cases[int(row["tags"]["case"])].name: row for row in rows}


LEAST = (INPUT * IN + len(CONTENT) // 4 * OUT) / 1_000_000
"""Dollars at four bytes for a token, as the provider counts where it counts right."""
MOST = ((len(PROMPT) + 200) * IN + CAP * OUT) / 1_000_000
"""The most that the call was held for."""


async def test_what_cannot_be_is_estimated(gateways: Gateways) -> None:
    all_cases = [case for case in cases(list(IMPOSSIBLE.values())) if not case.total_tells]
    gateway, rows = await rows_of(gateways, all_cases)
    for case in all_cases:
        row = rows[case.name]
        assert (case.name, row["certainty"]) == (case.name, "estimated")
        assert (case.name, LEAST) <= (case.name, Decimal(row["cost_usd"])) <= (case.name, MOST)
        assert (case.name, row["outcome"]) == (case.name, "failed" if case.ends_unreadably else "ok")
        assert 0 < row["output_tokens"] <= CAP
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    assert Decimal(budget["spent_usd"]) == sum(Decimal(row["cost_usd"]) for row in rows.values())
    assert not Decimal(budget["held_usd"])


async def test_a_zero_is_a_count(gateways: Gateways) -> None:
    all_cases = list(cases(["0"]))
    _, rows = await rows_of(gateways, all_cases)
    for case in all_cases:
        row = rows[case.name]
        left = (0, INPUT)[case.which] * IN + (OUTPUT, 0)[case.which] * OUT
        assert (case.name, row["certainty"]) == (case.name, "computed")
        assert (case.name, Decimal(row["cost_usd"])) == (case.name, left / 1_000_000)
