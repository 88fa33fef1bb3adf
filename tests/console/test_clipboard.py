"""Copying goes by every way of this machine, and says only which ways those were."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from console.clipboard import LAST, hand_over, programs
from tests.support.real import need

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("environment", "platform", "names"),
    [
        ({}, "linux", []),
        ({"TMUX": "/tmp/tmux-0/default,1,0"}, "linux", ["tmux"]),
        ({}, "darwin", ["pbcopy"]),
        ({"TMUX": "x"}, "darwin", ["tmux", "pbcopy"]),
        ({"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, "darwin", []),
    ],
)
def test_the_ways_of_a_machine(environment: dict[str, str], platform: str, names: list[str]) -> None:
    assert [command[0] for command in programs(environment, platform)] == names


async def test_the_text_is_kept_in_a_file_of_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    told = await hand_over("$0.0601\nünï", tmp_path)
    assert told == str(tmp_path / LAST)
    assert (tmp_path / LAST).read_text(encoding="utf-8") == "$0.0601\nünï"
    assert (tmp_path / LAST).stat().st_mode & 0o777 == 0o600
    assert await hand_over("x", tmp_path / "nowhere") == ""
    assert await hand_over("x", None) == ""


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[str]:
    """The socket of a server of its own."""
    need("tmux")
    socket = str(tmp_path / "tmux")
    subprocess.run(["tmux", "-S", socket, "-f", os.devnull, "new", "-d"], check=True)
    yield socket
    subprocess.run(["tmux", "-S", socket, "kill-server"], check=False)


async def test_a_real_tmux_takes_it(tmux: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", f"{tmux},1,0")
    assert await hand_over("by tmux", None) == "tmux"
    shown = await anyio.run_process(["tmux", "-S", tmux, "show-buffer"])
    assert shown.stdout == b"by tmux"


async def test_a_tmux_that_is_gone_is_not_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", f"{tmp_path}/none,1,0")
    assert await hand_over("lost", None) == ""
