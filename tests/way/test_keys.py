"""A provider's key: kept in a real Secret Service, found again after a restart, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.keyring_session import KeyringSession
from tests.support.processes import clean_environment
from tests.support.simulated import SimulatedProvider
from tests.support.sources import ROOT
from tests.support.wires import CHAT

KEY = "sim-key-that-nobody-else-may-see-9b1e"


@pytest.fixture
def gateway(
    gateways: Gateways, keyring_session: KeyringSession, simulated: SimulatedProvider
) -> RunningGateway:
    """A gateway whose keys come from the keyring, with the simulated provider behind it."""
    section = f'[providers.openai]\nbase_url = "{simulated.base_url("openai")}"\n'
    return gateways.start(section, base_urls={}, environment=keyring_session.environment)


def call(gateway: RunningGateway) -> int:
    response = gateway.http.post(
        CHAT.path, json=CHAT.ask("Is there a key?"), headers=CHAT.credential(gateway.token)
    )
    return response.status_code


def places_of(secret: str, folder: Path) -> list[str]:
    """Files below a folder that hold the text; a locked keyring file is unreadable by design."""
    return [
        str(path) for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()
    ]


def test_a_key_is_in_the_keyring_and_nowhere_else(
    gateway: RunningGateway, gateways: Gateways, keyring_session: KeyringSession, simulated: SimulatedProvider
) -> None:
    assert call(gateway) == 401
    assert gateway.admin("PUT", "keys/openai", json={"key": KEY})
    assert KEY in keyring_session.search("service", "llmconsole")
    before = simulated.mark()
    assert call(gateway) == 200
    assert simulated.seen(before)[0]["key"] == KEY[-4:]
    answers = [gateway.admin_response("GET", path).text for path in ("keys", "status", "doctor", "policy")]
    answers += [str(gateway.export()), gateway.child.output]
    assert not [answer for answer in answers if KEY in answer]
    gateway.stop()
    again = gateways.again(gateway.data, gateway.config, environment=keyring_session.environment)
    assert call(again) == 200
    shown = next(key for key in again.admin("GET", "keys")["keys"] if key["provider"] == "openai")
    assert shown["source"] == "keyring"
    assert shown["hint"].endswith(KEY[-4:]) and KEY not in shown["hint"]
    assert not places_of(KEY, gateways.folder)


def test_a_removed_key_is_gone(gateway: RunningGateway, keyring_session: KeyringSession) -> None:
    gateway.admin("PUT", "keys/openai", json={"key": KEY})
    assert call(gateway) == 200
    gateway.admin("DELETE", "keys/openai")
    assert KEY not in keyring_session.search("service", "llmconsole")
    assert call(gateway) == 401


def test_the_command_reads_it_from_stdin(gateway: RunningGateway, keyring_session: KeyringSession) -> None:
    environment = clean_environment(
        gateway.config.parent,
        {
            **keyring_session.environment,
            "LLMCONSOLE_DATA": str(gateway.data),
            "LLMCONSOLE_CONFIG": str(gateway.config),
        },
    )

    def console(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "console", *arguments],
            input=given,
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    done = console("keys", "set", "openai", given=KEY + os.linesep)
    assert done.returncode == 0, done.stderr
    assert KEY not in done.stdout + done.stderr
    assert call(gateway) == 200
    listed = console("keys", "list", "--json")
    assert KEY not in listed.stdout and KEY[-4:] in listed.stdout
    assert console("keys", "rm", "openai").returncode == 0
    assert call(gateway) == 401


def test_without_a_keyring_the_mend_is_named(gateways: Gateways, simulated: SimulatedProvider) -> None:
    """No keyring on this machine: a plain sentence, a key for this session only, or a variable."""
    section = f'[providers.openai]\nbase_url = "{simulated.base_url("openai")}"\n'
    gateway = gateways.start(section, base_urls={})
    keyring = gateway.admin("GET", "status")["keyring"]
    assert not keyring["usable"]
    assert keyring["problem"] and keyring["mend"]
    refused = gateway.admin_response("PUT", "keys/openai", json={"key": KEY})
    assert refused.is_error
    assert KEY not in refused.text
    gateway.admin("PUT", "keys/openai", json={"key": KEY, "session_only": True})
    assert call(gateway) == 200
    gateway.stop()
    again = gateways.again(gateway.data, gateway.config)
    assert call(again) == 401
    assert not places_of(KEY, gateways.folder)


def test_the_providers_usual_variable(gateways: Gateways, simulated: SimulatedProvider) -> None:
    section = f'[providers.openai]\nbase_url = "{simulated.base_url("openai")}"\n'
    gateway = gateways.start(section, base_urls={}, environment={"OPENAI_API_KEY": KEY})
    before = simulated.mark()
    assert call(gateway) == 200
    assert simulated.seen(before)[0]["key"] == KEY[-4:]


def listed(gateway: RunningGateway) -> set[str]:
    answer = gateway.http.get("/v1/models", headers=CHAT.credential(gateway.token))
    return {model["owned_by"] for model in answer.json()["data"]}


def test_only_models_that_can_be_called_are_listed(
    gateway: RunningGateway, keyring_session: KeyringSession
) -> None:
    assert listed(gateway) == set()
    single = gateway.http.get("/v1/models/gpt-5-mini", headers=CHAT.credential(gateway.token))
    assert single.status_code == 404
    assert "llmconsole keys set openai" in single.text
    gateway.admin("PUT", "keys/openai", json={"key": KEY})
    assert listed(gateway) == {"openai"}
    single = gateway.http.get("/v1/models/gpt-5-mini", headers=CHAT.credential(gateway.token))
    assert single.json()["id"] == "gpt-5-mini"
    gateway.admin("DELETE", "keys/openai")
    assert listed(gateway) == set()


def test_a_provider_that_needs_no_key_is_listed(gateways: Gateways, simulated: SimulatedProvider) -> None:
    section = f"""
[providers.mylab]
format = "openai"
base_url = "{simulated.base_url("openai")}"
api_key = "none"
models = ["qwen3-32b"]
"""
    gateway = gateways.start(section, base_urls={})
    assert listed(gateway) == {"mylab"}
