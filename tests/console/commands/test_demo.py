"""The demo without a screen: real traffic through a real gateway, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from console.stage import PREFIX, sweep
from tests.console.conftest import CommandLine
from tests.support.processes import clean_environment, wait_for


@pytest.fixture
def places(llmconsole: CommandLine, tmp_path: Path) -> CommandLine:
    """The command line with a folder of its own for throw-away folders."""
    (tmp_path / "tmp").mkdir()
    llmconsole.environment["TMPDIR"] = str(tmp_path / "tmp")
    return llmconsole


def processes_of(folder: Path) -> list[str]:
    """Command lines that name the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(folder) in words:
            found.append(words)
    return found


def test_it_prints_a_report_that_adds_up_and_leaves_nothing(places: CommandLine, tmp_path: Path) -> None:
    ran = places("demo", "--headless", "--seconds", "5", "--speed", "8", "--seed", "3", "--json")
    assert ran.returncode == 0, ran.stderr
    assert "the money are simulated" in ran.stderr
    told = json.loads(ran.stdout)
    rows, total = told["report"]["rows"], told["report"]["total"]
    assert told["simulated"] is True
    assert total["calls"] > 5
    assert sum(Decimal(row["cost_usd"]) for row in rows) == Decimal(total["cost_usd"]) > 0
    assert {row["keys"]["project"] for row in rows} >= {"web", "atlas"}
    everything = next(budget for budget in told["budgets"] if not budget["match"])
    assert Decimal(everything["spent_usd"]) == Decimal(total["cost_usd"])
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not places.data.exists()
    assert processes_of(tmp_path / "tmp") == []


def test_what_is_kept_can_be_looked_at(places: CommandLine, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    ran = places("demo", "--headless", "--seconds", "3", "--speed", "8", "--keep", str(kept))
    assert ran.returncode == 0, ran.stderr
    assert "Simulated: no money was spent." in ran.stdout
    assert (kept.stat().st_mode & 0o777, (kept / "data").stat().st_mode & 0o777) == (0o700, 0o700)
    report = places.done("report", "--data", str(kept / "data"), "--config", str(kept / "config.toml"))
    assert "Simulated: no money was spent." in report


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_however_it_ends_nothing_goes_on(places: CommandLine, tmp_path: Path, number: signal.Signals) -> None:
    temporary = tmp_path / "tmp"
    playing = subprocess.Popen(
        [sys.executable, "-m", "console", "demo", "--headless", "--speed", "8"],
        env=clean_environment(places.home, places.environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: list(temporary.glob("*/data/gateway.json")), what="the demo's gateway")
        wait_for(lambda: len(processes_of(temporary)) >= 2, what="the developers")
        playing.send_signal(number)
        playing.wait(30)
    finally:
        playing.kill()
        playing.wait()
    wait_for(lambda: not processes_of(temporary), what="the end of everything", seconds=20)
    if number == signal.SIGKILL:
        assert len(list(temporary.iterdir())) == 1
        after = places("demo", "--headless", "--seconds", "0.1")
        assert after.returncode == 0, after.stderr
    assert list(temporary.iterdir()) == []


def test_only_what_the_dead_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name in (f"{PREFIX}{dead.pid}-a", f"{PREFIX}{os.getpid()}-b", f"{PREFIX}odd", "other"):
        (tmp_path / name).mkdir()
    sweep()
    assert {path.name for path in tmp_path.iterdir()} == {f"{PREFIX}{os.getpid()}-b", f"{PREFIX}odd", "other"}


def test_without_a_terminal_it_asks_for_headless(places: CommandLine) -> None:
    ran = places("demo", "--seconds", "1")
    assert ran.returncode == 1
    assert "this is no terminal" in ran.stderr
