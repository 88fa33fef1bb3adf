"""Parquet from a real gateway: what is read back adds up to the ledger, in a private file or a pipe."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.console.commands.test_running import asking, call, gateway
from tests.console.conftest import CommandLine
from tests.support.gateway import RunningGateway
from tests.support.processes import clean_environment
from tests.support.without import without

pq = pytest.importorskip("pyarrow.parquet")
__all__ = ["asking", "gateway"]


def test_report_and_export_add_up_to_the_ledger(
    asking: CommandLine, gateway: RunningGateway, tmp_path: Path
) -> None:
    for project in ("web", "web", "docs"):
        call(gateway, project)
    rows = gateway.rows(3)
    spent = sum(Decimal(row["cost_usd"]) for row in rows)
    assert spent > 0
    files = tmp_path / "rows.parquet", tmp_path / "report.parquet"
    assert asking.done("export", "--format", "parquet", "-o", str(files[0])) == ""
    assert asking.done("report", "--format", "parquet", "--by", "project", "-o", str(files[1])) == ""
    exported, report = (pq.read_table(file) for file in files)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    for table in (exported, report):
        assert Decimal(sum(table["cost_nano_usd"].to_pylist())) / 10**9 == spent
        assert sum(table["input_tokens"].to_pylist()) == sum(row["input_tokens"] for row in rows)
    assert exported["id"].to_pylist() == [row["id"] for row in rows]
    assert [dict(tags) for tags in exported["tags"].to_pylist()] == [row["tags"] for row in rows]
    assert dict(zip(report["project"].to_pylist(), report["calls"].to_pylist(), strict=True)) == {
        "web": 2,
        "docs": 1,
    }


def test_a_pipe_gets_the_whole_file_and_filters_hold(asking: CommandLine, gateway: RunningGateway) -> None:
    call(gateway, "web")
    call(gateway, "docs")
    gateway.rows(2)
    for words in (("export", "--where", "project=web"), ("report", "--where", "project=web", "--mask")):
        done = subprocess.run(
            [sys.executable, "-m", "console", *words, "--format", "parquet"],
            env=clean_environment(asking.home, {"LLMCONSOLE_DATA": str(asking.data)}),
            capture_output=True,
            timeout=60,
            check=True,
        )
        assert pq.read_table(io.BytesIO(done.stdout)).num_rows == 1
        assert b"web" not in done.stdout or words[0] == "export"


@pytest.mark.parametrize("command", ["export", "report"])
def test_a_terminal_is_spared(offline: CommandLine, command: str) -> None:
    keyboard, screen = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "console", command, "--format", "parquet"],
            env=clean_environment(offline.home, {"LLMCONSOLE_DATA": str(offline.data)}),
            stdout=screen,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(screen)
        os.close(keyboard)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("llmconsole: Parquet is no text; name a file with -o FILE")


@pytest.mark.parametrize("command", ["export", "report"])
def test_without_the_extra_its_install_line_is_told(
    offline: CommandLine, tmp_path: Path, command: str
) -> None:
    target = tmp_path / "file.parquet"
    ran = offline(command, "--format", "parquet", "-o", str(target), more=without(tmp_path, "pyarrow"))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        "llmconsole: Parquet needs pyarrow, which is not installed; run in the clone: "
        "uv tool install '.[parquet]'\n"
    )
    assert not target.exists()


def test_an_empty_ledger_is_a_file_without_rows(offline: CommandLine, tmp_path: Path) -> None:
    for command in ("export", "report"):
        target = tmp_path / f"{command}.parquet"
        offline.done(command, "--format", "parquet", "-o", str(target))
        assert pq.read_table(target).num_rows == 0
