"""Errors and headers of providers, for every client and every maker's models: status, shape, wait and ids."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.support.gateway import PROVIDER_KEY, Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import GEMINI, WIRES, Wire

MODELS = ("gpt-4o-mini", "claude-sonnet-4-5", "gemini-2.5-flash")
STATUSES = (400, 403, 404, 413, 429, 500, 503, 529)
OURS = {"date", "server", "connection", "content-length", "transfer-encoding", "keep-alive"}


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start()


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_an_error_keeps_its_status_in_every_format(gateway: RunningGateway, wire: Wire, stream: bool) -> None:
    """Before the first byte of a stream too. A call that goes well is between them, so that none rests."""
    headers = wire.credential(gateway.token)
    for model in MODELS:
        at = wire.for_model(model, stream=stream)
        for status in STATUSES:
            if status == 529 and model.startswith("gemini"):
                continue
            words = f"No. [[sim status={status} retry_after=7]]"
            body = wire.ask(words, stream=stream, model=model)
            answer = gateway.http.post(at, json=body, headers=headers)
            assert (model, answer.status_code) == (model, status), answer.text
            assert answer.headers["content-type"].startswith("application/json")
            assert wire.error_of(answer.json())[1], "a message for the person"
            assert answer.headers["retry-after"] == "7"
            well = wire.ask("Yes. [[sim output=5]]", model=model)
            assert gateway.http.post(wire.for_model(model), json=well, headers=headers).status_code == 200


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_the_headers_of_the_provider_come_back(
    gateway: RunningGateway, simulated: SimulatedProvider, wire: Wire, stream: bool
) -> None:
    body = wire.ask("Which headers?", stream=stream)
    direct = simulated.http.post(wire.at(stream), json=body, headers=wire.credential(PROVIDER_KEY))
    through = gateway.http.post(wire.at(stream), json=body, headers=wire.credential(gateway.token))
    theirs = {name: value for name, value in direct.headers.items() if name not in OURS}
    assert len(theirs) > 2 or wire is GEMINI, "limits and an id, beside the type"
    varying = {name for name in theirs if "id" in name.split("-") or name.endswith("-ms")}
    assert varying <= set(through.headers)
    fixed = {name: value for name, value in theirs.items() if name not in varying}
    assert fixed.items() <= dict(through.headers).items()


def ended(gateway: RunningGateway, call_id: str) -> dict[str, Any] | None:
    """The row of a call, once it has been settled."""
    return next(
        (row for row in gateway.export() if row["id"] == call_id and row["status"] == "settled"), None
    )


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_limits_and_ids_cross_too(gateway: RunningGateway, wire: Wire) -> None:
    """Under the name of the id that the client looks for."""
    for model in MODELS[:2]:
        body = wire.ask("Which id?", model=model)
        answer = gateway.http.post(wire.for_model(model), json=body, headers=wire.credential(gateway.token))
        call_id = answer.headers["x-llmconsole-request-id"]
        row = wait_for(partial(ended, gateway, call_id), what="its row")
        name = "request-id" if wire.name == "anthropic" else "x-request-id"
        assert answer.headers[name] == row["provider_request_id"]
        assert [each for each in answer.headers if "ratelimit" in each]
