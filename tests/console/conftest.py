"""The command line as a process, on data folders of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.commands import llmconsole as run_command


class CommandLine:
    """Runs `llmconsole` in a home of its own; `data` is its data folder."""

    def __init__(self, home: Path, data: Path) -> None:
        self.home = home
        self.data = data
        self.environment: dict[str, str] = {}

    def __call__(
        self, *words: str, stdin: str = "", more: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        own = {"LLMCONSOLE_DATA": str(self.data), **self.environment, **(more or {})}
        return run_command(words, home=self.home, more=own, cwd=cwd, stdin=stdin)

    def done(self, *words: str, stdin: str = "") -> str:
        """What a command printed that must succeed."""
        ran = self(*words, stdin=stdin)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@pytest.fixture
def llmconsole(tmp_path: Path) -> CommandLine:
    """The command line where no gateway has ever been."""
    return CommandLine(tmp_path, tmp_path / "data")


@pytest.fixture
def offline(llmconsole: CommandLine, compiled_prices: Path) -> CommandLine:
    """The command line on a data folder on which no gateway runs."""
    llmconsole.data.mkdir(mode=0o700)
    shutil.copy(compiled_prices, llmconsole.data / "prices.json")
    return llmconsole
