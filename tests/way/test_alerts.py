"""Alerts from a real call to a real receiver: signed, tried again, over a SIGKILL, and without a secret."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.keyring_session import KeyringSession
from tests.support.processes import clean_environment, wait_for
from tests.support.receiver import Received, Receiver, receiving
from tests.support.sources import ROOT
from tests.support.wires import CHAT

SECRET = "the-secret-of-the-webhook-9c1e"
HIDDEN_PATH = "/hooks/T0/path-nobody-may-see"
PASSWORD = "password-nobody-may-see"
ENVIRONMENT = {"HOOK_SECRET": SECRET}
POLICY = f"""
[prices."{CHAT.provider}/{CHAT.model}"]
input = "0"
output = "100"

[[budgets]]
name = "web team"
match = {{ project = "web" }}
limit_usd = "0.01"
window = "month"
at_limit = "alert"
alerts = [80]
"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def alerting(receiver: Receiver, notify: bool = False) -> str:
    address = f'notify = ["json://ann:{PASSWORD}@127.0.0.1:{receiver.port}/apprise"]' if notify else ""
    return f"""
[alerts]
webhook = "{receiver.url}{HIDDEN_PATH}"
webhook_secret = "env:HOOK_SECRET"
retry_seconds = 1
{address}
"""


def call(gateway: RunningGateway, prompt: str = "Tell me a story", **headers: str) -> Any:
    sent = {**CHAT.credential(gateway.token), "x-llmconsole-tags": "project=web", **headers}
    return gateway.http.post(CHAT.path, headers=sent, json=CHAT.ask(prompt, cap=200))


def documented_check() -> Callable[[str, dict[str, str], bytes], bool]:
    """The function that the README gives to receivers."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (snippet,) = [block for block in blocks if "x-llmconsole-signature" in block]
    names: dict[str, Any] = {}
    exec(snippet, names)
    check: Callable[[str, dict[str, str], bytes], bool] = names["is_ours"]
    return check


def is_signed(got: Received) -> bool:
    return documented_check()(SECRET, got.headers, got.body)


def delivered(gateway: RunningGateway) -> bool:
    alerts = gateway.admin("GET", "alerts")["alerts"]
    return bool(alerts) and all(way["state"] == "delivered" for each in alerts for way in each["deliveries"])


def test_a_mark_arrives_signed_and_through_apprise(gateways: Gateways, receiver: Receiver) -> None:
    gateway = gateways.start(alerting(receiver, notify=True) + POLICY, environment=ENVIRONMENT)
    assert call(gateway).is_success
    assert call(gateway, "Another one").is_success
    wait_for(lambda: len(receiver.received) == 2 and delivered(gateway), what="both deliveries", seconds=30)
    by_path = {got.path: got for got in receiver.received}
    hook, apprise = by_path[HIDDEN_PATH], by_path["/apprise"]
    assert is_signed(hook)
    assert not documented_check()("another secret", hook.headers, hook.body)
    assert not documented_check()(SECRET, hook.headers, hook.body + b" ")
    assert hook.json["kind"] == "budget.alert" and hook.json["data"]["mark"] == 80
    assert hook.json["text"].startswith("budget web team has reached 80 %: $0.0")
    assert apprise.json["message"] == hook.json["text"]
    ((kept),) = gateway.admin("GET", "alerts")["alerts"]
    assert kept["id"] == hook.json["id"]
    assert [way["attempts"] for way in kept["deliveries"]] == [1, 1]
    assert call(gateway, "And one more").is_success
    gateway.rows(3)
    assert len(receiver.received) == 2


def test_what_fails_twice_is_delivered_at_the_third_try(gateways: Gateways, receiver: Receiver) -> None:
    receiver.answers = [500, 302]
    gateway = gateways.start(alerting(receiver) + POLICY, environment=ENVIRONMENT)
    assert call(gateway).is_success
    wait_for(lambda: receiver.received, what="the first try")

    def failed_once() -> Any:
        ((alert),) = gateway.admin("GET", "alerts")["alerts"]
        return [way for way in alert["deliveries"] if way["attempts"]]

    (way,) = wait_for(failed_once, what="the failure shown")
    assert way["state"] == "waiting" and way["error"].startswith("127.0.0.1 answered ")
    assert way["due_at"] is not None
    wait_for(lambda: delivered(gateway), what="the delivery", seconds=20)
    assert len(receiver.received) == 3 and all(map(is_signed, receiver.received))
    assert len({got.json["id"] for got in receiver.received}) == 1
    assert "127.0.0.1 answered 500; it is tried again" in gateway.child.output


def test_a_killed_gateway_delivers_when_it_is_back(gateways: Gateways) -> None:
    """The receiver is down when the alert is raised; the gateway is killed before it is up again."""
    with receiving() as once:
        port, section = once.port, alerting(once)
    gateway = gateways.start(section + POLICY, environment=ENVIRONMENT)
    assert call(gateway).is_success
    wait_for(lambda: gateway.admin("GET", "alerts")["alerts"], what="the alert")
    gateway.kill()
    with receiving(port) as receiver:
        again = gateways.again(gateway.data, gateway.config, environment=ENVIRONMENT)
        wait_for(lambda: delivered(again), what="the delivery", seconds=20)
        assert [got.json["kind"] for got in receiver.received] == ["budget.alert"]
        assert is_signed(receiver.received[0])
        assert call(again, "More of it").is_success
        again.rows(2)
        time.sleep(0.3)
        assert len(receiver.received) == 1, "the mark was told before"


def test_a_receiver_that_hangs_holds_up_no_call_and_no_end(gateways: Gateways, receiver: Receiver) -> None:
    receiver.pause = 8.0
    gateway = gateways.start(alerting(receiver) + POLICY, environment=ENVIRONMENT)
    assert call(gateway).is_success
    wait_for(lambda: receiver.received, what="the try that hangs")
    began = time.monotonic()
    assert call(gateway, "Meanwhile").is_success
    assert gateway.stop() == 0
    assert time.monotonic() - began < 4


def test_nothing_that_is_kept_or_shown_holds_a_secret(gateways: Gateways, receiver: Receiver) -> None:
    receiver.answers = [500, 500]
    gateway = gateways.start(
        alerting(receiver, notify=True) + POLICY, top='log_level = "debug"', environment=ENVIRONMENT
    )
    assert call(gateway, "prompt-nobody-may-see").is_success
    wait_for(lambda: len(receiver.received) >= 4 and delivered(gateway), what="the deliveries", seconds=30)
    shown = json.dumps(gateway.admin("GET", "alerts")) + json.dumps(gateway.export())
    gateway.stop()
    files = b"".join(path.read_bytes() for path in gateway.data.iterdir() if path.is_file())
    bodies = b"".join(got.body for got in receiver.received)
    for secret in (SECRET, PASSWORD, HIDDEN_PATH, "prompt-nobody-may-see"):
        assert secret not in shown
        assert secret.encode() not in files + bodies
        assert secret not in gateway.child.output


def test_the_commands_test_list_and_say_what_is_wrong(gateways: Gateways, receiver: Receiver) -> None:
    gateway = gateways.start(alerting(receiver) + POLICY, environment=ENVIRONMENT)

    def llmconsole(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "console", *words, "--data", str(gateway.data)],
            env=clean_environment(gateway.data.parent),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert llmconsole("alerts", "list").stdout == "no alert was raised so far\n"
    tested = llmconsole("alerts", "test")
    assert (tested.returncode, tested.stdout) == (0, "webhook: delivered\n"), tested.stderr
    (got,) = receiver.of_kind("alert.test")
    assert is_signed(got)
    receiver.answers = [404]
    failed = llmconsole("alerts", "test")
    assert (failed.returncode, failed.stdout) == (1, "webhook: 127.0.0.1 answered 404\n")
    listed = llmconsole("alerts", "list").stdout.splitlines()
    assert [line.strip() for line in listed[1::2]] == [
        "webhook failed after 1 try: 127.0.0.1 answered 404",
        "webhook delivered",
    ]
    assert json.loads(llmconsole("alerts", "list", "--json").stdout)["channels"] == ["webhook"]
    elsewhere = llmconsole("alerts", "secret", stdin="another-secret-of-the-webhook")
    assert elsewhere.returncode == 1
    assert "the settings take the webhook's secret from env:HOOK_SECRET" in elsewhere.stderr


def test_a_secret_is_kept_for_the_session_where_there_is_no_keyring(
    gateways: Gateways, receiver: Receiver, tmp_path: Path
) -> None:
    gateway = gateways.start(alerting(receiver).replace("env:HOOK_SECRET", "keyring") + POLICY)
    missing = gateway.admin("POST", "alerts/test", json={})["deliveries"][0]["error"]
    assert missing.startswith("the webhook has no signing secret; store one with: llmconsole alerts secret")
    short = gateway.admin_response("PUT", "alerts/secret", json={"secret": "short"})
    assert short.status_code == 400 and "16 characters" in short.text
    gateway.admin("PUT", "alerts/secret", json={"secret": SECRET, "session_only": True})
    assert gateway.admin("POST", "alerts/test", json={})["deliveries"][0]["error"] is None
    assert is_signed(receiver.received[0])


def test_what_a_provider_bills_beyond_its_cap_is_told(gateways: Gateways, receiver: Receiver) -> None:
    policy = POLICY.replace('limit_usd = "0.01"', 'limit_usd = "5"').replace('"alert"', '"block"')
    gateway = gateways.start(alerting(receiver) + policy, environment=ENVIRONMENT)
    assert call(gateway, "Too much [[sim output=1000 overrun=1]]").is_success
    (row,) = gateway.rows(1)
    wait_for(lambda: receiver.received, what="the alert")
    (got,) = receiver.of_kind("budget.excess")
    assert got.json["data"]["id"] == row["id"] and got.json["data"]["budgets"] == ["web team"]
    assert got.json["text"] == f"call {row['id']} cost $0.08 more than was held for it under web team"
    for _ in range(3):
        assert call(gateway, "Too much again [[sim output=1000 overrun=1]]").is_success
    gateway.rows(4)
    assert len(gateway.admin("GET", "alerts")["alerts"]) == 1, "one in five minutes is enough"


def test_a_ledger_that_somebody_holds_is_told_while_it_is_held(
    gateways: Gateways, receiver: Receiver
) -> None:
    gateway = gateways.start(alerting(receiver) + POLICY, environment=ENVIRONMENT)
    holder = sqlite3.connect(gateway.data / "ledger.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert call(gateway).status_code == 503
        wait_for(lambda: receiver.received, what="the alert", seconds=20)
        assert receiver.texts == [
            "the ledger cannot be written (database is locked); new calls are refused until it can"
        ]
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    wait_for(lambda: len(receiver.received) == 2, what="the end of it", seconds=20)
    assert receiver.texts[1] == "the ledger can be written again; calls are served"
    wait_for(lambda: delivered(gateway), what="the notes of it")
    assert len(gateway.admin("GET", "alerts")["alerts"]) == 2


def test_a_new_secret_is_shown_once_and_kept_in_the_keyring(
    gateways: Gateways, receiver: Receiver, keyring_session: KeyringSession
) -> None:
    section = alerting(receiver).replace("env:HOOK_SECRET", "keyring") + POLICY
    gateway = gateways.start(section, environment=keyring_session.environment)
    made = subprocess.run(
        [sys.executable, "-m", "console", "alerts", "secret", "--new", "--data", str(gateway.data)],
        env=clean_environment(gateway.data.parent),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.strip()
    assert len(made) >= 32 and made in keyring_session.search("service", "llmconsole")
    gateway.stop()
    again = gateways.again(gateway.data, gateway.config, environment=keyring_session.environment)
    assert again.admin("POST", "alerts/test", json={})["deliveries"][0]["error"] is None
    (got,) = receiver.received
    assert documented_check()(made, got.headers, got.body)
    kept = [path for path in gateways.folder.rglob("*") if path.is_file() and path.name != "gateway.log"]
    assert not [path for path in kept if made.encode() in path.read_bytes()]
    assert made not in again.child.output
