"""The console dies: the gateway that it started notices and ends cleanly, or stays if told to."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways
from tests.support.processes import Child, clean_environment, wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.sources import ROOT
from tests.support.wires import CHAT


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not collected yet does not."""
    try:
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat")
        return not stat.exists() or stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except ProcessLookupError:
        return False


class Owner:
    """What a console is to its gateway: the other end of a pipe, which closes when it dies."""

    def __init__(self, gateways: Gateways) -> None:
        seed = gateways.start()
        seed.stop()
        self.data, self.config = seed.data, seed.config
        command = [
            sys.executable,
            "-m",
            "gateway_core",
            "--data",
            str(self.data),
            "--config",
            str(self.config),
        ]
        self.child = Child(
            [*command, "--port", "0", "--owner-pipe"],
            log=self.config.parent / "owned.log",
            environment=clean_environment(self.config.parent),
            stdin=subprocess.PIPE,
        )
        self.url = str(wait_for(self._ready, what="the gateway")["url"])
        self.token = (self.data / "client.token").read_text(encoding="utf-8").strip()
        self.admin = {"authorization": f"Bearer {(self.data / 'admin.token').read_text('utf-8').strip()}"}

    def _ready(self) -> dict[str, Any] | None:
        assert self.child.running, self.child.output
        try:
            found: dict[str, Any] = json.loads((self.data / "gateway.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return found if found["pid"] == self.child.pid else None

    def die(self) -> None:
        assert self.child.popen.stdin
        self.child.popen.stdin.close()


@pytest.fixture
def owner(gateways: Gateways) -> Iterator[Owner]:
    started = Owner(gateways)
    yield started
    started.child.close()


def test_the_gateway_ends_with_its_owner(owner: Owner) -> None:
    owner.die()
    assert owner.child.popen.wait(10) == 0
    assert not (owner.data / "gateway.json").exists()


def test_a_running_stream_is_finished_first(owner: Owner) -> None:
    body = CHAT.ask("Finish this. [[sim output=60 chunks=30 gap=0.03]]", stream=True)
    headers = CHAT.credential(owner.token)
    with httpx.stream("POST", owner.url + CHAT.path, json=body, headers=headers, trust_env=False) as response:
        pieces = response.iter_raw()
        first = next(pieces)
        owner.die()
        rest = b"".join(pieces)
    assert b"[DONE]" in first + rest
    assert owner.child.popen.wait(10) == 0


def test_it_stays_when_told_to(owner: Owner) -> None:
    url = f"{owner.url}/admin/v1/keep"
    assert httpx.put(url, json={"keep": True}, headers=owner.admin, trust_env=False).is_success
    owner.die()
    with pytest.raises(subprocess.TimeoutExpired):
        owner.child.popen.wait(2)
    assert httpx.get(f"{owner.url}/health/live", trust_env=False).status_code == 200


class TestRealConsole:
    """The console itself, in a terminal of its own, killed with SIGKILL."""

    @pytest.fixture
    def console(self, gateways: Gateways, tmp_path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
        """The console's process id, and what its gateway says about itself."""
        seed = gateways.start()
        seed.stop()
        environment = clean_environment(
            tmp_path,
            {
                "LLMCONSOLE_DATA": str(seed.data),
                "LLMCONSOLE_CONFIG": str(seed.config),
                "LLMCONSOLE_PORT": "0",
                "COLUMNS": "100",
                "LINES": "30",
            },
        )
        ours, theirs = pty.openpty()
        console = subprocess.Popen(
            [sys.executable, "-m", "console"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
        os.close(theirs)

        def ready() -> dict[str, Any] | None:
            assert console.poll() is None, os.read(ours, 65536).decode(errors="replace")
            try:
                found: dict[str, Any] = json.loads((seed.data / "gateway.json").read_text(encoding="utf-8"))
            except (FileNotFoundError, ValueError):
                return None
            return found

        gateway: dict[str, Any] = {}
        try:
            gateway |= wait_for(ready, what="the console's gateway", seconds=30)
            gateway["data"] = seed.data
            yield console.pid, gateway
        finally:
            console.kill()
            console.wait()
            os.close(ours)
            if gateway and alive(gateway["pid"]):
                os.kill(gateway["pid"], signal.SIGTERM)

    def test_killed(self, console: tuple[int, dict[str, Any]], simulated: SimulatedProvider) -> None:
        pid, gateway = console
        assert httpx.get(f"{gateway['url']}/health/live", trust_env=False).status_code == 200
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not alive(gateway["pid"]), what="the gateway's end", seconds=15)
        assert not (gateway["data"] / "gateway.json").exists()

    def test_killed_after_it_was_told_to_stay(self, console: tuple[int, dict[str, Any]]) -> None:
        pid, gateway = console
        token = (gateway["data"] / "admin.token").read_text(encoding="utf-8").strip()
        kept = httpx.put(
            f"{gateway['url']}/admin/v1/keep",
            json={"keep": True},
            headers={"authorization": f"Bearer {token}"},
            trust_env=False,
        )
        assert kept.is_success
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(AssertionError, match="waited"):
            wait_for(lambda: not alive(gateway["pid"]), what="the gateway's end", seconds=2)
        assert httpx.get(f"{gateway['url']}/health/live", trust_env=False).status_code == 200
