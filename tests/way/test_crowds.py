"""Two hundred calls at once on a budget for ten: nothing is overspent, in whatever way they come.

What counts is the ledger, and what the provider itself says that it served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from tests.support.endpoints import ENDPOINTS, Endpoint
from tests.support.gateway import PROVIDERS, Gateways, Row, RunningGateway
from tests.support.money import total_cost
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, Json, Wire

pytestmark = pytest.mark.anyio

CROWD = 200
ROOM = Decimal(1)
"""Dollars of each budget; a call is meant to cost a tenth of it."""
OUTPUT = 1000
IN, OUT = Decimal(0), Decimal(100)
"""Dollars per million tokens, of the models that the calls are for."""
DEAR_IN = Decimal(100)
"""Of the models whose input is what costs."""

Call = tuple[str, Json]
"""Path and body."""


@dataclass(frozen=True)
class Variant:
    """One way for a crowd to come."""

    name: str
    call: Callable[[int], Call]
    wire: Wire = CHAT
    served: int | None = None
    """How many exactly; None: as many as fit."""
    limits: dict[str, str] = field(default_factory=dict)
    """Budgets beside the one for all of them: their names to their matches."""
    route: tuple[str, ...] = ()

    @property
    def tag(self) -> str:
        return "".join(letter if letter.isalnum() else "-" for letter in self.name)

    def policy(self) -> str:
        own = f'{{ crowd = "{self.tag}" }}'
        budgets = {self.tag: own, **self.limits}
        found = "".join(
            f'[[budgets]]\nname = "{name}"\nmatch = {match}\nlimit_usd = "{ROOM}"\nwindow = "total"\n'
            for name, match in budgets.items()
        )
        route = f'[[routes]]\nname = "{self.tag}"\nwhen = {own}\nuse = {list(self.route)}\n'
        return found + (route if self.route else "")


def said(wire: Wire, knobs: str, *, cap: int | None = OUTPUT, stream: bool = False) -> Callable[[int], Call]:
    """A prompt of its own for each of the crowd."""

    def call(number: int) -> Call:
        body = wire.ask(f"Call {number}. [[sim ttft=0.02 reasoning=0 {knobs}]]", cap=cap or 1, stream=stream)
        return wire.at(stream), body if cap else uncapped(body)

    return call


def uncapped(body: Json) -> Json:
    return {
        key: value
        for key, value in body.items()
        if key not in ("max_completion_tokens", "max_output_tokens", "generationConfig")
    }


def any_of(*calls: Callable[[int], Call]) -> Callable[[int], Call]:
    return lambda number: calls[number % len(calls)](number)


def with_model(call: Callable[[int], Call], model: str) -> Callable[[int], Call]:
    def other(number: int) -> Call:
        path, body = call(number)
        return path, {**body, "model": model}

    return other


def low_estimate(number: int) -> Call:
    """Every byte a token, where the usual guess is three and a half bytes for one."""
    text = f"{number:04}" + "\u2603" * 200
    tokens = len(text.encode())
    prompt = f"{text}[[sim input={tokens} output=10 ttft=0.02 reasoning=0]]"
    return CHAT.path, CHAT.ask(prompt, cap=10, model="gpt-4.1")


def every_endpoint(number: int) -> Call:
    paid = [endpoint for endpoint in ENDPOINTS if not endpoint.free]
    endpoint: Endpoint = paid[number % len(paid)]
    return endpoint.path, endpoint.body


EXACT = f"output={OUTPUT}"
VARIANTS = (
    Variant("exact cap", said(CHAT, EXACT), served=10),
    Variant("exact cap, stream", said(MESSAGES, EXACT, stream=True), MESSAGES, served=10),
    Variant("loose cap", said(CHAT, EXACT, cap=4000)),
    Variant("loose cap, stream", said(MESSAGES, EXACT, cap=8000, stream=True), MESSAGES),
    Variant("no cap", said(CHAT, EXACT, cap=None)),
    Variant("no cap, stream", said(GEMINI, EXACT, cap=None, stream=True), GEMINI),
    Variant("a model that runs on", said(RESPONSES, "output=60000"), RESPONSES, served=10),
    Variant("a model that runs on, no cap", said(CHAT, "output=60000", cap=None, stream=True)),
    Variant("hidden reasoning", said(CHAT, "output=1000 reasoning=900", stream=True), served=10),
    Variant("prompts that estimate low", low_estimate),
    Variant(
        "mixed models",
        any_of(said(CHAT, EXACT), with_model(said(CHAT, "output=500", cap=500), "gpt-5.1")),
    ),
    Variant("two budgets overlapping", said(CHAT, EXACT), served=10,
            limits={"of a model": '{ crowd = "two-budgets-overlapping", model = "gpt-5-mini" }'}),
    Variant("a fallback target", said(CHAT, EXACT), served=10, route=("gone/away", "gpt-5-mini")),
    Variant("every endpoint", every_endpoint),
)  # fmt: skip
GONE = """
[providers.gone]
format = "openai"
base_url = "http://127.0.0.1:9/v1"
api_key = "none"
models = ["away"]
"""
"""A provider where nobody listens."""
PRICES = GONE + "".join(
    f'[prices."{name}"]\ninput = "{given}"\noutput = "{made}"\n'
    for name, given, made in (
        ("openai/gpt-5-mini", IN, OUT), ("openai/gpt-5-nano", 0, 0), ("gone/away", 0, 0),
        ("openai/gpt-5.1", IN, OUT * 2),
        ("openai/gpt-4.1", DEAR_IN, OUT), ("openai/text-embedding-3-small", DEAR_IN * 10, 0),
        (f"anthropic/{MESSAGES.model}", IN, OUT), (f"gemini/{GEMINI.model}", IN, OUT),
        ("gemini/gemini-embedding-001", DEAR_IN * 10, 0),
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def gateway(
    tmp_path_factory: pytest.TempPathFactory, simulated: SimulatedProvider, compiled_prices: Path
) -> Iterator[RunningGateway]:
    """One for all crowds: each has a budget of its own."""
    base_urls = {name: simulated.base_url(name) for name in PROVIDERS}
    started = Gateways(tmp_path_factory.mktemp("crowds"), base_urls, compiled_prices)
    policy = PRICES + "".join(variant.policy() for variant in VARIANTS)
    yield started.start(policy)
    started.close()


class Watch:
    """Looks at the budgets all the while: spent and held never pass a limit."""

    def __init__(self, gateway: RunningGateway) -> None:
        self.gateway = gateway
        self.looks = 0

    async def until(self, over: anyio.Event) -> None:
        headers = {"authorization": f"Bearer {self.gateway.admin_token}"}
        async with httpx.AsyncClient(
            base_url=self.gateway.url, trust_env=False, verify=False, timeout=30
        ) as client:
            while not over.is_set():
                budgets = (await client.get("/admin/v1/budgets", headers=headers)).json()["budgets"]
                for each in budgets:
                    taken = Decimal(each["spent_usd"]) + Decimal(each["held_usd"])
                    assert (each["name"], taken) <= (each["name"], ROOM)
                self.looks += 1
                await anyio.sleep(0.3)


async def crowd(gateway: RunningGateway, variant: Variant) -> list[httpx.Response]:
    """Everybody at once, each on a connection of its own."""
    answers: dict[int, httpx.Response] = {}
    over = anyio.Event()
    headers = {
        **variant.wire.credential(gateway.token),
        "x-llmconsole-token": gateway.token,
        "x-llmconsole-tags": f"crowd={variant.tag}",
    }
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=gateway.url, trust_env=False, verify=False, timeout=60, limits=limits
    ) as client:

        async def one(number: int) -> None:
            path, body = variant.call(number)
            answers[number] = await client.post(path, json=body, headers=headers)

        async with anyio.create_task_group() as watching:
            watch = Watch(gateway)
            watching.start_soon(watch.until, over)
            async with anyio.create_task_group() as group:
                for number in range(CROWD):
                    group.start_soon(one, number)
            over.set()
        assert watch.looks, "nobody looked at the budgets meanwhile"
    return [answers[number] for number in range(CROWD)]


def all_rows(gateway: RunningGateway, variant: Variant) -> list[Row]:
    """The crowd's rows, once all of them have ended."""

    def ended() -> list[Row]:
        rows = [row for row in gateway.export() if row["tags"].get("crowd") == variant.tag]
        return rows if len(rows) >= CROWD and all(row["status"] == "settled" for row in rows) else []

    return wait_for(ended, what="the rows of a crowd")


def bill(request: dict[str, Any]) -> Decimal:
    """What the provider would write for a call that it served, at our prices."""
    usage: dict[str, int] = request["usage"]
    model = request["model"]
    given = DEAR_IN * 10 if "embedding" in model else DEAR_IN if model == "gpt-4.1" else IN
    made = {"gpt-5-nano": Decimal(0), "gpt-5.1": OUT * 2}.get(model, OUT)
    all_input = sum(count for name, count in usage.items() if name not in ("output", "reasoning"))
    return (all_input * given + usage.get("output", 0) * made) / 1_000_000


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
async def test_nothing_is_overspent(
    gateway: RunningGateway, simulated: SimulatedProvider, variant: Variant
) -> None:
    mark = simulated.mark()
    answers = await crowd(gateway, variant)
    statuses = [answer.status_code for answer in answers]
    # A target that rests is asked last: a call that no budget has room for may end with its word.
    expected = {200, 402, 503} if variant.route else {200, 402}
    assert set(statuses) <= expected, {
        a.status_code: a.text for a in answers if a.status_code not in expected
    }
    rows = await anyio.to_thread.run_sync(all_rows, gateway, variant)
    assert len(rows) == CROWD
    served = statuses.count(200)
    assert served >= 1
    if variant.served is not None:
        assert served == variant.served
    assert total_cost(rows) <= ROOM
    assert sum((bill(request) for request in simulated.seen(mark)), Decimal(0)) <= ROOM
    for budget in gateway.admin("GET", "budgets")["budgets"]:
        if budget["name"] in (variant.tag, *variant.limits):
            assert Decimal(budget["spent_usd"]) == total_cost(rows)
            assert not Decimal(budget["held_usd"])
