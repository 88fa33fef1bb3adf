"""A terminal that nobody reads any more, or that is gone: who ends the console ends it all the same."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.test_console_gone import alive
from tests.support.processes import clean_environment, wait_for
from tests.support.terminal import Terminal

WITHIN = 10.0
pytestmark = pytest.mark.timeout(180)


def children(pid: int) -> list[int]:
    """The processes that one has started, and that have not ended."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


class Demo:
    """A demo at work in a pseudo terminal, and the processes that it has started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.players: list[int] = []
        words = ["-m", "console", "demo", "--speed", "20", "--keep", str(folder / "kept")]
        self.terminal = Terminal([sys.executable, *words], clean_environment(folder))
        self.pid = self.terminal.process.pid
        self.before = self.terminal.settings

    def plays(self) -> None:
        """Waits until there are calls on the screen."""
        self.terminal.sees(" today · following")
        self.players = children(self.pid)
        assert len(self.players) == 3, "a gateway, a provider, developers"

    @property
    def gateway(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(
            (self.folder / "kept" / "data" / "gateway.json").read_text(encoding="utf-8")
        )
        return found

    def keep_the_gateway(self) -> None:
        token = (self.folder / "kept" / "data" / "admin.token").read_text(encoding="utf-8").strip()
        headers = {"authorization": f"Bearer {token}"}
        url = f"{self.gateway['url']}/admin/v1/keep"
        assert httpx.put(url, json={"keep": True}, headers=headers, trust_env=False).is_success

    def ends(self, number: signal.Signals) -> int:
        """The exit status after a signal. Raises TimeoutExpired where it does not end."""
        self.terminal.process.send_signal(number)
        return self.terminal.wait(WITHIN)

    def close(self) -> None:
        self.terminal.close()
        for pid in filter(alive, self.players):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    started = Demo(tmp_path)
    try:
        started.plays()
        yield started
    finally:
        started.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_it_ends_and_all_that_it_started(demo: Demo, number: signal.Signals) -> None:
    demo.terminal.look_away()
    assert demo.terminal.settings != demo.before
    assert demo.ends(number) == 128 + number
    assert demo.terminal.settings == demo.before, "the shell finds its terminal as it was"
    wait_for(lambda: not any(map(alive, demo.players)), what="the end of what it started", seconds=40)
    assert "ended without it" in (demo.folder / "kept" / "data" / "console.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
def test_it_ends_where_its_terminal_is_gone(demo: Demo, told: bool) -> None:
    """Also where no signal says so, as for a program that has no terminal of its own."""
    demo.terminal.look_away()
    demo.terminal.vanish()
    if told:
        demo.terminal.process.send_signal(signal.SIGHUP)
    # Python says 120 where it comes to its end and its last words cannot be written.
    assert demo.terminal.wait(WITHIN) in (128 + signal.SIGHUP, 120, 1)
    wait_for(lambda: not any(map(alive, demo.players)), what="the end of what it started", seconds=40)


def test_what_the_terminal_was_handed_to_ends_too(tmp_path: Path) -> None:
    terminal = Terminal([sys.executable, "-m", "console", "--port", "0"], clean_environment(tmp_path))
    guests: list[int] = []
    try:
        terminal.sees("1 of 3")
        terminal.press("d")
        terminal.sees(" today · following")
        guests += children(terminal.process.pid)
        assert len(guests) == 2, "a gateway, a demo"
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.wait(WITHIN) == 128 + signal.SIGTERM
        wait_for(lambda: not any(map(alive, guests)), what="the end of what it started", seconds=40)
        assert terminal.left_behind() == []
    finally:
        terminal.close()
        for pid in filter(alive, guests):
            os.kill(pid, signal.SIGKILL)


def test_a_gateway_that_was_told_to_stay_stays(demo: Demo) -> None:
    demo.keep_the_gateway()
    demo.terminal.look_away()
    assert demo.ends(signal.SIGTERM) == 128 + signal.SIGTERM
    time.sleep(2)
    assert httpx.get(f"{demo.gateway['url']}/health/live", trust_env=False).status_code == 200
