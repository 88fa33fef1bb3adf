"""The doctor's ledger part: on a gateway that is busy, on a copy, on one that was tampered with."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from gateway_core.http.admin import checkup
from gateway_core.model.rows import Outcome
from gateway_core.service import Gateway, opened
from gateway_core.settings import load_settings
from tests.gateway_core.store.making import ending, eventually, opening
from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import clean_environment
from tests.support.sources import ROOT
from tests.support.wires import CHAT

pytestmark = pytest.mark.anyio

BUDGETS = """
[[budgets]]
name = "all"
match = {}
limit_usd = "25.00"
window = "total"
[[budgets]]
name = "tokens of web"
match = { project = "web" }
limit_tokens = 2_000_000
window = "month"
"""


@pytest.fixture
async def engine(tmp_path: Path, data: Path) -> AsyncIterator[Gateway]:
    """The parts of a gateway that serves no calls."""
    (tmp_path / "config.toml").write_text(BUDGETS, encoding="utf-8")
    async with opened(load_settings(data=data, config=tmp_path / "config.toml")) as gateway:
        yield gateway


async def failing(engine: Gateway) -> list[str]:
    return [check.name for check in await checkup.ledger(engine) if not check.ok]


async def test_a_counter_that_is_off_is_found(engine: Gateway) -> None:
    assert await failing(engine) == []
    engine.admission.state.accounts["all"].spent += 1
    assert await failing(engine) == ["budget: all"]


async def test_a_row_that_no_counter_knows_is_found(engine: Gateway) -> None:
    at = engine.started_at
    engine.ledger.finish(ending("a", tags={"project": "web"}, started_at=at, finished_at=at, cost_nano=5))
    await engine.ledger.flush()
    assert set(await failing(engine)) == {"budget: all", "budget: tokens of web"}


async def test_counts_are_made_anew_one_after_the_other(engine: Gateway) -> None:
    at = engine.started_at
    engine.ledger.finish(ending("a", tags={"project": "web"}, started_at=at, finished_at=at, cost_nano=5))
    accounts = engine.admission.state.accounts
    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(engine.recount)
        accounts["all"].spent += 1000
        budgets = replace(engine.policies.current, budgets=engine.policies.current.budgets[:1])
        group.start_soon(engine.policies.edit, "budgets", lambda _: budgets, "ann")
    assert engine.admission.state.accounts["all"].spent == 5
    assert await failing(engine) == []


async def test_an_open_row_that_no_call_stands_behind_is_found(engine: Gateway) -> None:
    await engine.ledger.open_row(opening("a"))
    assert await failing(engine) == ["ledger: open rows"]
    engine.ledger.finish(ending("a", outcome=Outcome.REFUSED, cost_nano=0, tags={}))
    await engine.ledger.flush()
    assert await failing(engine) == []


async def test_it_says_when_the_ledger_cannot_be_written(engine: Gateway) -> None:
    lock = sqlite3.connect(engine.ledger.path)
    lock.execute("BEGIN IMMEDIATE")
    engine.ledger.finish(ending("a"))
    await eventually(lambda: engine.ledger.problem is not None)
    assert await failing(engine) == ["ledger: writing"]
    lock.execute("ROLLBACK")
    lock.close()


async def test_a_busy_gateway_is_well_at_any_moment(gateways: Gateways) -> None:
    gateway = gateways.start(BUDGETS)
    failed: list[str] = []
    async with (
        httpx.AsyncClient(base_url=gateway.url, trust_env=False, verify=False, timeout=30) as client,
        anyio.create_task_group() as group,
    ):

        async def caller() -> None:
            while True:
                body = CHAT.ask("Quick. [[sim output=20 ttft=0]]")
                headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": "project=web"}
                await client.post(CHAT.path, json=body, headers=headers)

        for _ in range(8):
            group.start_soon(caller)
        for _ in range(12):
            path = "/admin/v1/doctor?only=ledger"
            answer = await client.get(path, headers={"authorization": f"Bearer {gateway.admin_token}"})
            failed += [str(check) for check in answer.json()["checks"] if not check["ok"]]
        group.cancel_scope.cancel()
    assert failed == []
    assert len(gateway.export()) > 20


def doctor(data: Path, gateway: RunningGateway) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "console", "doctor", "--ledger", "--data", str(data)],
        env=clean_environment(gateway.config.parent, {"LLMCONSOLE_CONFIG": str(gateway.config)}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_a_copy_is_proved_without_a_gateway(gateways: Gateways, tmp_path: Path) -> None:
    gateway = gateways.start()
    for number in range(3):
        body = CHAT.ask(f"Number {number}.")
        gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))
    gateway.rows(3)
    gateway.stop()
    copy = tmp_path / "copy"
    shutil.copytree(gateway.data, copy)
    sound = doctor(copy, gateway)
    assert sound.returncode == 0, sound.stdout + sound.stderr
    with sqlite3.connect(copy / "ledger.db") as connection:
        connection.execute("UPDATE calls SET error = 'nothing to see here' WHERE n = 2")
    connection.close()
    tampered = doctor(copy, gateway)
    assert tampered.returncode == 1
    assert "NOT ledger: seals: seal " in tampered.stdout


async def test_a_port_that_another_program_holds_is_named(tmp_path: Path, data: Path) -> None:
    (tmp_path / "config.toml").touch()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = load_settings(data=data, config=tmp_path / "config.toml", port=port)
        async with opened(settings) as gateway:
            checks = {check.name: check for check in await checkup.surroundings(gateway)}
            assert not checks["port"].ok and f"port {port} on 127.0.0.1 is taken" in checks["port"].detail
            assert "--port" in (checks["port"].mend or "")
            taken.close()
            checks = {check.name: check for check in await checkup.surroundings(gateway)}
            assert checks["port"].ok and "is free" in checks["port"].detail


def test_a_running_gateway_says_where_it_listens(gateways: Gateways) -> None:
    gateway = gateways.start()
    checks = {check["name"]: check for check in gateway.admin("GET", "doctor")["checks"]}
    assert (checks["port"]["ok"], checks["port"]["detail"]) == (True, f"listens on {gateway.url}")


def test_the_doctor_says_what_of_the_file_is_not_in_force(gateways: Gateways) -> None:
    gateway = gateways.start(BUDGETS)

    def told() -> dict[str, Any]:
        checks = gateway.admin("GET", "doctor")["checks"]
        return next(check for check in checks if check["name"] == "configuration")

    file = Path(told()["detail"])
    before = file.read_text()
    added = '[[budgets]]\nname = "late"\nmatch = {}\nlimit_usd = "1"\nwindow = "day"\n'
    file.write_text(f'{before}\n{added}[prices."mylab/q"]\ninput = "1"\n')
    late = told()
    assert late["ok"] and "not in force: price mylab/q, budget 'late'" in late["detail"]
    file.write_text(f'{before}\n[providers.mylab]\nformat = "openai"\nbase_url = "http://127.0.0.1:9/v1"\n')
    stale = told()
    assert (stale["ok"], stale["mend"]) == (False, "start the gateway again")
    assert stale["detail"].endswith("has changed since the gateway started: providers")
    file.write_text("prot = 4141\n")
    assert "'prot'" in told()["detail"] and not told()["ok"]
    file.write_text(before)
    assert told() == {"name": "configuration", "ok": True, "detail": str(file), "mend": None}


def test_providers_without_a_key_are_asked_too(gateways: Gateways) -> None:
    section = '[providers.{}]\nformat = "openai"\nbase_url = "http://127.0.0.1:9/v1"\napi_key = "{}"\n'
    gateway = gateways.start(
        section.format("gone", "none") + section.format("theirs", "client") + "[providers.ollama]\n"
        'base_url = "http://127.0.0.1:9/v1"\n'
    )
    checks = {check["name"]: check for check in gateway.admin("GET", "doctor")["checks"]}
    callable_ = checks["provider keys"]["detail"].removeprefix("can be called: ").split(", ")
    assert {"gone", "theirs"} <= set(callable_) and "ollama" not in callable_
    assert not checks["provider: gone"]["ok"]
    assert checks["provider: gone"]["mend"].startswith("llmconsole keys test gone")
    assert not {"provider: ollama", "provider: theirs"} & set(checks)


async def test_a_machine_without_a_keyring_is_well_where_no_provider_needs_a_key(
    tmp_path: Path, data: Path
) -> None:
    config = tmp_path / "config.toml"

    async def told() -> dict[str, Any]:
        async with opened(load_settings(data=data, config=config)) as gateway:
            return {check.name: check for check in await checkup.surroundings(gateway)}

    config.write_text('[providers.ollama]\nbase_url = "http://127.0.0.1:9/v1"\n', encoding="utf-8")
    bare = await told()
    assert not bare["keyring"].ok and bare["keyring"].mend and not bare["provider keys"].ok
    mine = '[providers.mine]\nformat = "openai"\nbase_url = "http://127.0.0.1:9/v1"\napi_key = "none"\n'
    config.write_text(config.read_text(encoding="utf-8") + mine, encoding="utf-8")
    free = await told()
    assert free["keyring"].ok and free["keyring"].detail.endswith("; the providers here need no key")
