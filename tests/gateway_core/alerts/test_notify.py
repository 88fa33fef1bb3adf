"""Alerts through the real apprise, to a receiver of its own json:// form on loopback."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from gateway_core.alerts import notify
from gateway_core.alerts.notify import Notify, channel_name
from gateway_core.model.alerts import Alert
from gateway_core.model.errors import Fault
from tests.support.receiver import Receiver
from tests.support.sources import ROOT

# apprise itself uses a module of the standard library that will go.
pytestmark = [pytest.mark.anyio, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

ALERT = Alert("01j", "2026-11-26T15:00:00.000000Z", "budget.alert", "budget web has reached 80 %", {})
PASSWORD = "password-nobody-may-see"


def address(receiver: Receiver) -> str:
    return f"json://ann:{PASSWORD}@127.0.0.1:{receiver.port}/notify"


async def test_the_alert_arrives(receiver: Receiver) -> None:
    await Notify(address(receiver)).send(ALERT)
    (got,) = receiver.received
    assert (got.json["title"], got.json["message"]) == ("llmconsole", "budget web has reached 80 %")
    assert got.json["type"] == "warning"
    assert got.headers["authorization"].startswith("Basic ")


async def test_an_address_may_stand_in_a_variable(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Notify("env:MY_ADDRESS")
    monkeypatch.delenv("MY_ADDRESS", raising=False)
    with pytest.raises(Fault, match="variable MY_ADDRESS, which .alerts. notify names, is not set"):
        await channel.send(ALERT)
    monkeypatch.setenv("MY_ADDRESS", address(receiver))
    await channel.send(ALERT)
    assert len(receiver.received) == 1


async def test_a_failure_says_what_and_keeps_the_address_to_itself(
    receiver: Receiver, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    receiver.answers = [503]
    channel = Notify(address(receiver))
    with caplog.at_level(logging.DEBUG), pytest.raises(Fault) as caught:
        await channel.send(ALERT)
    assert caught.value.message == "it answered 503"
    seen = caplog.text + "".join(capfd.readouterr()) + caught.value.message
    assert PASSWORD not in seen and "127.0.0.1" not in caught.value.message


async def test_nobody_there_and_no_such_service(receiver: Receiver) -> None:
    there = address(receiver)
    receiver.close()
    with pytest.raises(Fault, match="could not be reached"):
        await Notify(there).send(ALERT)
    with pytest.raises(Fault, match="it is no address that apprise knows"):
        await Notify("nosuch://127.0.0.1/x").send(ALERT)


def test_names_tell_addresses_apart_and_give_nothing_away() -> None:
    one, other = "slack://token-a/token-b", "slack://token-a/token-c"
    assert channel_name(one) != channel_name(other)
    assert channel_name(one).startswith("slack:") and "token" not in channel_name(one)
    assert channel_name("env:MY_ADDRESS") == "env:MY_ADDRESS"


async def test_without_the_extra_the_mend_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(
        Fault, match=r"apprise, which is not installed; run in the clone: uv tool install '.\[notify\]'"
    ):
        await Notify("json://127.0.0.1/").send(ALERT)


def test_apprise_is_loaded_when_used_only() -> None:
    code = f"import sys, {notify.__name__}, gateway_core.service; assert 'apprise' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
