"""The very bytes: what a client gets through the gateway is what the provider sends, and the row is the
sum that anybody can compute from it."""

from __future__ import annotations

import gzip
import json

import httpx
import pytest

from tests.support.gateway import PROVIDER_KEY, Gateways, RunningGateway
from tests.support.money import assert_account
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, WIRES, Json, Wire, events_of

TAGS = "project=web,user=ann,mode=building"
LONG = "The river keeps its bridges and the bridges keep their names. " * 160


@pytest.fixture(scope="module")
def shared(shared_gateways: Gateways) -> RunningGateway:
    return shared_gateways.start()


@pytest.fixture
def gateway(shared: RunningGateway) -> RunningGateway:
    return shared.next_test()


class Both:
    """The same request, sent directly to the provider and through the gateway."""

    def __init__(self, wire: Wire, gateway: RunningGateway, simulated: SimulatedProvider) -> None:
        self.wire = wire
        self.gateway = gateway
        self.simulated = simulated

    def direct(self, body: Json, *, stream: bool = False) -> httpx.Response:
        headers = self.wire.credential(PROVIDER_KEY)
        return self.simulated.http.post(self.wire.at(stream), json=body, headers=headers)

    def through(self, body: Json, *, stream: bool = False) -> httpx.Response:
        headers = {**self.wire.credential(self.gateway.token), "x-llmconsole-tags": TAGS}
        return self.gateway.http.post(self.wire.at(stream), json=body, headers=headers)


@pytest.fixture(params=WIRES, ids=lambda wire: wire.name)
def wire(request: pytest.FixtureRequest) -> Wire:
    chosen: Wire = request.param
    return chosen


@pytest.fixture
def both(wire: Wire, gateway: RunningGateway, simulated: SimulatedProvider) -> Both:
    return Both(wire, gateway, simulated)


def test_a_whole_answer(both: Both) -> None:
    body = both.wire.ask("Which bridge is the oldest?")
    direct, through = both.direct(body), both.through(body)
    assert direct.status_code == through.status_code == 200
    assert through.content == direct.content
    (row,) = both.gateway.rows(1)
    assert_account(row, both.wire.usage(direct.json()))
    assert (row["format"], row["asked_model"]) == (both.wire.name, both.wire.model)
    assert (row["provider"], row["outcome"], row["stream"]) == (both.wire.provider, "ok", False)
    assert row["tags"].items() >= {"project": "web", "user": "ann", "mode": "building"}.items()


def test_a_stream(both: Both) -> None:
    body = both.wire.ask("Which bridge is the longest? [[sim chunks=12]]", stream=True)
    direct, through = both.direct(body, stream=True), both.through(body, stream=True)
    assert direct.status_code == through.status_code == 200
    assert through.content == direct.content
    assert through.headers["content-type"] == direct.headers["content-type"]
    asked = {**body, "stream_options": {"include_usage": True}} if both.wire is CHAT else body
    events = events_of(both.direct(asked, stream=True).content)
    (row,) = both.gateway.rows(1)
    assert_account(row, both.wire.usage(both.wire.last_usage(events)))
    assert row["stream"] is True
    assert row["first_byte_ms"] <= row["duration_ms"]


def test_a_conversation_that_the_provider_caches(both: Both) -> None:
    """The second turn reads the first from the provider's prompt cache: dearer or cheaper, but as billed."""

    def turn(prompt: str) -> httpx.Response:
        body = both.wire.ask(prompt)
        if both.wire is MESSAGES:
            content = [{"type": "text", "text": prompt, "cache_control": {"type": "ephemeral"}}]
            body["messages"] = [{"role": "user", "content": content}]
        direct = both.direct(body)
        assert both.through(body).content == direct.content
        return direct

    turn(LONG)
    second = turn(LONG + "And who built them?")
    row = both.gateway.rows(2)[-1]
    assert_account(row, both.wire.usage(second.json()))
    if both.wire is not MESSAGES:
        assert row["cached_input_tokens"] > 0


def test_writes_of_an_hour_cost_what_they_cost(gateway: RunningGateway, simulated: SimulatedProvider) -> None:
    both = Both(MESSAGES, gateway, simulated)
    body = MESSAGES.ask("[[sim input=9000 cached=2000 written=3000 written_1h=1500 output=50]]")
    direct = both.direct(body)
    assert both.through(body).content == direct.content
    (row,) = gateway.rows(1)
    assert row["cache_write_1h_tokens"] == 1500
    assert_account(row, MESSAGES.usage(direct.json()))


def test_an_error_of_the_provider_passes(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire
) -> None:
    """Of a gateway of its own: one that is told to come back later lets nobody through until then."""
    both = Both(wire, gateways.start(), simulated)
    body = both.wire.ask("[[sim status=429 retry_after=7]]")
    direct, through = both.direct(body), both.through(body)
    assert direct.status_code == through.status_code == 429
    assert through.content == direct.content
    assert through.headers["retry-after"] == "7"
    (row,) = both.gateway.rows(1)
    assert (row["outcome"], row["cost_usd"]) == ("failed", "0.00")


def test_only_the_providers_key_goes_to_the_provider(both: Both) -> None:
    before = both.simulated.mark()
    both.through(both.wire.ask("Who goes there?"))
    (arrived,) = both.simulated.seen(before, bodies=True)
    assert arrived["key"] == PROVIDER_KEY[-4:]
    assert both.gateway.token not in str(arrived)
    assert not [name for name in arrived["header_names"] if name.startswith("x-llmconsole")]


def test_bodies_are_packed_both_ways(both: Both) -> None:
    body = both.wire.ask("Once more, packed?")
    headers = {
        **both.wire.credential(both.gateway.token),
        "content-type": "application/json",
        "content-encoding": "gzip",
    }
    response = both.gateway.http.post(
        both.wire.path, content=gzip.compress(json.dumps(body).encode()), headers=headers
    )
    assert response.status_code == 200
    assert response.content == both.direct(body).content
