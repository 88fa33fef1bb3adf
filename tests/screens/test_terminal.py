"""A real terminal: the demo runs in tmux, money grows, keys work, and leaving puts the terminal back."""

from __future__ import annotations

import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import clean_environment, wait_for
from tests.support.real import need
from tests.support.sources import ROOT

SHELL_WORDS = "the shell is back"


class Terminal:
    """A tmux server of its own with one window."""

    def __init__(self, home: Path, width: int, height: int) -> None:
        (self._tmux,) = need("tmux")
        self._socket = f"llmconsole-{uuid.uuid4().hex[:8]}"
        self._home = home
        self._size = ["-x", str(width), "-y", str(height)]

    def run(self, *words: str) -> None:
        """Starts a console command; the shell says a word when it is back."""
        command = f"{sys.executable} -m console {' '.join(words)}; echo {SHELL_WORDS} $?; exec sleep 60"
        environment = {
            **clean_environment(self._home),
            "COLORTERM": "truecolor",
            "TMUX_TMPDIR": str(self._home),
        }
        self._environment = environment
        self._do("new-session", "-d", *self._size, f"cd {ROOT} && {command}")

    def _do(self, *words: str) -> str:
        command = [self._tmux, "-L", self._socket, "-f", "/dev/null", *words]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=20)
        return done.stdout

    def keys(self, *keys: str) -> None:
        for key in keys:
            self._do("send-keys", key)

    @property
    def text(self) -> str:
        return self._do("capture-pane", "-p")

    def sees(self, *words: str, seconds: float = 20.0) -> None:
        try:
            wait_for(lambda: all(word in self.text for word in words), what=str(words), seconds=seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.text}") from None

    def close(self) -> None:
        self._do("kill-server")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    opened = Terminal(tmp_path, 120, 36)
    yield opened
    opened.close()


def today(text: str) -> float:
    found = re.search(r"today \$([\d,.]+\d)", text)
    return float(found[1].replace(",", "")) if found else 0.0


@pytest.mark.timeout(180)
def test_the_demo_in_a_real_terminal(terminal: Terminal) -> None:
    terminal.run("demo", "--seconds", "90", "--speed", "10")
    terminal.sees("DEMO", "budgets", "routing", "calls", seconds=40)
    wait_for(lambda: today(terminal.text) > 0, what="the first money", seconds=30)
    first = today(terminal.text)
    wait_for(lambda: today(terminal.text) > first, what="more money", seconds=30)
    screen = terminal.text
    assert all(len(line) <= 120 for line in screen.splitlines())
    assert "Traceback" not in screen
    terminal.keys("b")
    terminal.sees("at limit", "resets")
    terminal.keys("Escape")
    terminal.sees("asked → served")
    terminal.keys("?")
    terminal.sees("keys · dashboard")
    terminal.keys("q")
    terminal.sees("spend $/min")
    terminal.keys("q")
    terminal.sees(f"{SHELL_WORDS} 0", seconds=40)
    assert "routing" not in terminal.text


@pytest.mark.timeout(180)
def test_the_first_page_hands_the_terminal_to_the_demo_and_takes_it_back(terminal: Terminal) -> None:
    terminal.run("--port", "0")
    terminal.sees("1 of 3", "the demo instead", seconds=40)
    terminal.keys("d")
    terminal.sees("DEMO", "routing", seconds=60)
    terminal.keys("q")
    terminal.sees("1 of 3", "the demo instead", seconds=40)
    terminal.keys("Escape")
    terminal.sees("spend $/min")
    terminal.keys("q")
    terminal.sees(f"{SHELL_WORDS} 0", seconds=40)


@pytest.mark.timeout(120)
def test_the_demo_ends_by_itself(terminal: Terminal) -> None:
    terminal.run("demo", "--seconds", "4", "--speed", "5")
    terminal.sees("DEMO", seconds=40)
    terminal.sees(f"{SHELL_WORDS} 0", seconds=60)
