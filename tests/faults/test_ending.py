"""Ending on purpose: SIGTERM drains, a client that leaves is booked, a second gateway is kept out."""

from __future__ import annotations

import signal
import stat
import threading
import time
from decimal import Decimal

import httpx
import pytest

from tests.support.gateway import Gateways
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, WIRES, Wire


def test_sigterm_lets_streams_finish_and_refuses_new_calls(gateways: Gateways) -> None:
    gateway = gateways.start()
    headers = CHAT.credential(gateway.token)
    body = CHAT.ask("Until the end. [[sim output=60 chunks=30 gap=0.04]]", stream=True)
    with gateway.http.stream("POST", CHAT.path, json=body, headers=headers) as response:
        pieces = response.iter_raw()
        received = next(pieces)
        gateway.child.popen.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        try:
            late = httpx.post(
                gateway.url + CHAT.path, json=CHAT.ask("Late?"), headers=headers, trust_env=False
            )
        except httpx.ConnectError:
            late = None
        received += b"".join(pieces)
    assert b"[DONE]" in received
    if late is not None:
        assert late.status_code == 503
        assert int(late.headers["retry-after"]) > 0
    assert gateway.child.popen.wait(10) == 0
    assert not (gateway.data / "gateway.json").exists()
    again = gateways.again(gateway.data, gateway.config)
    assert [row["outcome"] for row in again.export() if row["stream"]] == ["ok"]


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_a_client_that_leaves_is_booked_for_what_it_saw(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire
) -> None:
    gateway = gateways.start()
    before = simulated.mark()
    body = wire.ask("A long story. [[sim output=400 chunks=200 gap=0.02]]", stream=True)
    headers = wire.credential(gateway.token)
    with gateway.http.stream("POST", wire.at(True), json=body, headers=headers) as response:
        pieces = response.iter_raw()
        for _ in range(10):
            next(pieces)
    (row,) = gateway.rows(1)
    assert (row["outcome"], row["certainty"]) == ("cancelled", "estimated")
    assert row["input_tokens"] + row["cached_input_tokens"] > 0 and row["output_tokens"] > 0
    assert Decimal(row["cost_usd"]) > 0
    wait_for(lambda: simulated.seen(before)[0]["client_left"], what="the provider to be let go", seconds=3)


def test_a_client_that_leaves_before_the_answer_is_booked(gateways: Gateways) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Think for long. [[sim hang=5]]")
    with pytest.raises(httpx.ReadTimeout):
        gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token), timeout=0.5)
    (row,) = gateway.rows(1)
    assert row["outcome"] == "cancelled"
    assert Decimal(row["cost_usd"]) > 0


def test_the_data_folder_is_private(gateways: Gateways) -> None:
    gateway = gateways.start()
    assert stat.S_IMODE(gateway.data.stat().st_mode) == 0o700
    files = [path for path in gateway.data.rglob("*") if path.is_file() and path.name != "prices.json"]
    assert files
    assert {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in files} == {
        path.name: "0o600" for path in files
    }


def test_nothing_secret_is_in_the_folder_or_the_log(gateways: Gateways) -> None:
    gateway = gateways.start()
    made = gateway.admin("POST", "tokens", json={"name": "ann", "tags": {}})
    for token in (made["token"], gateway.token, "not-a-token-but-secret-all-the-same"):
        gateway.http.post(CHAT.path, json=CHAT.ask("hello"), headers=CHAT.credential(token))
    gateway.stop()
    shown_once = made["token"].encode()
    assert not [
        path.name for path in gateway.data.rglob("*") if path.is_file() and shown_once in path.read_bytes()
    ]
    kept = {
        path.name
        for path in gateway.data.rglob("*")
        if path.is_file() and gateway.token.encode() in path.read_bytes()
    }
    assert kept == {"client.token"}
    for secret in (made["token"], gateway.token, "secret-all-the-same", "provider-key-of-the-tests"):
        assert secret not in gateway.child.output


def test_two_clients_at_the_same_moment_start_one_ledger(gateways: Gateways) -> None:
    """A second gateway on the same data folder is refused while the first goes on."""
    gateway = gateways.start()
    refused: list[str] = []

    def second() -> None:
        try:
            gateways.again(gateway.data, gateway.config)
        except AssertionError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=second) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 2
    assert gateway.http.get("/health/ready").status_code == 200
