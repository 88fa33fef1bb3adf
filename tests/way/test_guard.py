"""The runaway guard on real calls: it tells, it stops where it may, and each refused call has its row."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import clean_environment, wait_for
from tests.support.receiver import Receiver, receiving
from tests.support.wires import CHAT, Wire

PRICES = f"""
[prices."{CHAT.provider}/{CHAT.model}"]
input = "0"
output = "100"
"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def guard(rule: str, words: str) -> str:
    return f"[guard]\nstop_minutes = 5\n{rule} = {{ {words} }}\n{PRICES}"


def call(
    gateway: RunningGateway,
    prompt: str = "Again",
    *,
    wire: Wire = CHAT,
    session: str = "s1",
    cache: str = "off",
    cap: int = 50,
) -> httpx.Response:
    headers = {**wire.credential(gateway.token), "x-session-id": session, "x-llmconsole-cache": cache}
    return gateway.http.post(wire.path, headers=headers, json=wire.ask(prompt, cap=cap))


def told(gateway: RunningGateway) -> list[dict[str, Any]]:
    return [each for each in gateway.admin("GET", "alerts")["alerts"] if each["kind"] == "runaway"]


def test_a_stop_refuses_in_the_clients_format_until_it_is_lifted(
    gateways: Gateways, wire: Wire, receiver: Receiver
) -> None:
    channel = f'[alerts]\nwebhook = "{receiver.url}"\nwebhook_secret = "env:HOOK"\n'
    gateway = gateways.start(
        channel + guard("repeat", 'calls = 4, minutes = 10, action = "stop"'),
        environment={"HOOK": "the-secret-of-the-webhook"},
    )
    for _ in range(4):
        assert call(gateway, wire=wire).status_code == 200
    refused = call(gateway, wire=wire)
    assert refused.status_code == 402 and refused.headers["x-should-retry"] == "false"
    _, message = wire.error_of(refused.json())
    assert message.startswith("runaway guard: 4 identical calls within ")
    assert "from token default, session s1" in message
    assert message.endswith("Lift it with: llmconsole guard lift")
    assert call(gateway, "Something else", wire=wire).status_code == 200
    assert call(gateway, wire=wire, session="s2").status_code == 200
    rows = gateway.rows(7)
    row = next(each for each in rows if each["outcome"] == "refused")
    assert row["cost_usd"] == "0.00" and row["error"].startswith(
        "runaway_stopped: runaway guard: 4 identical"
    )
    wait_for(lambda: receiver.received, what="the alert")
    assert receiver.received[0].json["kind"] == "runaway"
    assert receiver.received[0].json["data"]["action"] == "stop"
    (stop,) = gateway.admin("GET", "guard")["stops"]
    assert (stop["rule"], stop["refused"]) == ("repeat", 1)
    assert gateway.admin("POST", "guard/lift", json={}) == {"lifted": 1}
    assert call(gateway, wire=wire).status_code == 200
    assert gateway.doctor() == []


def test_alert_only_lets_everything_through_and_tells_the_price(gateways: Gateways) -> None:
    gateway = gateways.start(guard("repeat", "calls = 5"))
    for _ in range(9):
        assert call(gateway).status_code == 200
    (alert,) = wait_for(lambda: told(gateway), what="the alert")
    assert alert["text"].startswith("5 identical calls within ") and alert["text"].endswith("/h")
    assert float(alert["data"]["usd_per_hour"]) > 0


def test_answers_from_the_cache_are_no_loop(gateways: Gateways) -> None:
    gateway = gateways.start(guard("repeat", 'calls = 3, action = "stop"'))
    for _ in range(8):
        assert call(gateway, cache="on", cap=2000).status_code == 200
    assert told(gateway) == []


def test_a_retry_loop_is_stopped_whatever_it_sends(gateways: Gateways) -> None:
    gateway = gateways.start(guard("errors", 'calls = 3, minutes = 5, action = "stop"'))
    for number in range(3):
        assert call(gateway, f"Try {number} [[sim status=500]]").status_code == 500
    refused = call(gateway, "Something harmless")
    assert refused.status_code == 402
    assert "3 calls failed alike within" in refused.text and f"(500 from openai/{CHAT.model})" in refused.text
    assert call(gateway, "Something harmless", session="s2").status_code == 200


def test_a_client_that_asks_for_nonsense_again_and_again_is_told_of(gateways: Gateways) -> None:
    gateway = gateways.start(guard("errors", "calls = 3"))
    for _ in range(4):
        headers = CHAT.credential(gateway.token)
        body = CHAT.ask("Hello", model="no-such-model")
        assert gateway.http.post(CHAT.path, headers=headers, json=body).status_code == 404
    (alert,) = wait_for(lambda: told(gateway), what="the alert")
    assert "3 calls failed alike" in alert["text"] and alert["data"]["usd_per_hour"] == "0.00"


def test_too_many_at_once_wait_outside(gateways: Gateways) -> None:
    gateway = gateways.start(guard("fan_out", 'calls = 3, action = "stop"'))
    slow = "Slowly now [[sim ttft=0.7]]"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: call(gateway, f"{slow} {number}"), range(8)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] * 3 + [429] * 5
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["retry-after"] == "2" and "calls at once from token default" in refused.text
    assert call(gateway).status_code == 200
    assert [each["data"]["rule"] for each in told(gateway)] == ["fan_out"]


def test_clients_that_leave_and_calls_that_fail_run_no_longer(gateways: Gateways) -> None:
    gateway = gateways.start(guard("fan_out", 'calls = 2, action = "stop"'))
    for number in range(3):
        with pytest.raises(httpx.ReadTimeout):
            gateway.http.post(
                CHAT.path,
                headers={**CHAT.credential(gateway.token), "x-session-id": "s1"},
                json=CHAT.ask(f"Slowly [[sim ttft=5]] {number}", cap=50),
                timeout=0.3,
            )
        assert call(gateway, f"No [[sim status=400]] {number}").status_code == 400
    wait_for(lambda: not gateway.admin("GET", "status")["in_flight"], what="the ends of the calls")
    assert call(gateway).status_code == 200


def test_the_command_shows_and_lifts(gateways: Gateways) -> None:
    gateway = gateways.start(guard("repeat", 'calls = 2, action = "stop"'))

    def llmconsole(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "console", *words, "--data", str(gateway.data)],
            env=clean_environment(gateway.data.parent),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    for _ in range(3):
        call(gateway)
    shown = llmconsole("guard", "show").stdout.splitlines()
    assert shown[1].split() == ["repeat", "stop", "2", "identical", "calls", "within", "10", "min"]
    assert shown[-1].startswith("stop 1, ") and ", 1 refused: 2 identical calls within" in shown[-1]
    assert llmconsole("guard", "lift", "1").stdout == "lifted 1 stop\n"
    nothing = llmconsole("guard", "lift")
    assert (nothing.returncode, nothing.stderr) == (
        1,
        "llmconsole: there is no stop; see: llmconsole guard show\n",
    )
