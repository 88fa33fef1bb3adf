"""The console as a process in a real pseudo terminal, through all that may happen to a terminal: it draws on,
no traceback reaches the screen, and however it ends the terminal is as it was."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import clean_environment, wait_for
from tests.support.terminal import Terminal
from tests.support.wires import CHAT

DRAWN = "asked → served"
SIZES = ((20, 5), (1, 1), (250, 60), (80, 24), (33, 7), (120, 2), (2, 40), (200, 50))
THEME = 'name = "mine"\ndark = true\nprimary = "#ff8c42"\n'
Open = Callable[..., Terminal]


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start()


@pytest.fixture
def opened(gateway: RunningGateway, tmp_path: Path) -> Iterator[Open]:
    """Opens consoles on the gateway; settings of theirs are under `tmp_path`."""
    terminals: list[Terminal] = []

    def start(size: tuple[int, int] = (120, 36), **more: str) -> Terminal:
        own = {"LLMCONSOLE_DATA": str(gateway.data), "LLMCONSOLE_CONFIG": str(gateway.config), **more}
        own.setdefault("XDG_CONFIG_HOME", str(tmp_path / "settings"))
        terminals.append(Terminal([sys.executable, "-m", "console"], clean_environment(tmp_path, own), size))
        return terminals[-1]

    yield start
    for each in terminals:
        each.close()


def ended_well(terminal: Terminal, status: int = 0) -> None:
    assert terminal.wait() == status
    assert terminal.left_behind() == []
    clean(terminal)


def clean(terminal: Terminal) -> None:
    written = terminal.output
    for word in (b"Traceback", b"Warning", b"Error:", b"never retrieved", b"a fault of its own"):
        assert word not in written, written[max(0, written.find(word) - 200) :][:1500]


def test_a_storm_of_sizes(opened: Open) -> None:
    """Also sizes in which nothing can be read: what matters is that it is back when there is room."""
    terminal = opened()
    terminal.sees(DRAWN)
    for _ in range(4):
        for width, height in SIZES:
            terminal.resize(width, height)
    for page in ("b", "p", "L"):
        terminal.press(page)
        for width, height in SIZES:
            terminal.resize(width, height)
    terminal.resize(120, 36)
    terminal.press("K")
    terminal.sees("keyring")
    terminal.press("\x03")
    ended_well(terminal)


def test_a_terminal_of_twenty_by_five(opened: Open) -> None:
    terminal = opened((20, 5))
    terminal.sees("llmconsole")
    for key in ("b", "\x1b", "?", "\x1b", "/", "\x1b", "L", "\x1b", "\t", " ", " "):
        terminal.press(key)
        # An escape that stands alone has to be told from the beginning of another key.
        time.sleep(0.3)
        clean(terminal)
    terminal.press("\x03")
    ended_well(terminal)


def test_a_theme_that_breaks_while_it_is_worn(opened: Open, tmp_path: Path) -> None:
    themes = tmp_path / "settings" / "llmconsole" / "themes"
    themes.mkdir(parents=True)
    (themes / "mine.toml").write_text(THEME, encoding="utf-8")
    terminal = opened(TEXTUAL_THEME="mine")
    terminal.sees(DRAWN)
    for broken in ("primary = 7\n", "\0", 'name = "mine"\n['):
        terminal.forget()
        (themes / "mine.toml").write_text(broken, encoding="utf-8")
        terminal.sees("mine.toml")
    (themes / "mine.toml").unlink()
    terminal.press("b")
    terminal.sees("at limit")
    terminal.press("\x03")
    ended_well(terminal)


def test_a_gateway_that_is_killed_and_started_again(
    opened: Open, gateway: RunningGateway, gateways: Gateways
) -> None:
    terminal = opened()
    terminal.sees(DRAWN)
    gateway.kill()
    terminal.sees("has not answered")
    port = gateway.url.rsplit(":", 1)[1]
    again = gateways.again(gateway.data, gateway.config, options=["--port", port])
    said = httpx.post(
        f"{again.url}{CHAT.path}",
        json=CHAT.ask("And now? [[sim output=20]]"),
        headers=CHAT.credential(again.token),
        trust_env=False,
        timeout=30,
    )
    assert said.status_code == 200
    terminal.sees("gpt-5-mini")
    terminal.press("q")
    ended_well(terminal)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_the_terminal_as_it_was(opened: Open, number: signal.Signals) -> None:
    terminal = opened()
    terminal.sees(DRAWN)
    terminal.process.send_signal(number)
    ended_well(terminal, 128 + number)


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_place_its_cursor_gets_the_status(opened: Open, term: str) -> None:
    terminal = opened(TERM=term)
    terminal.sees("here is the status instead")
    assert terminal.wait() == 0
    assert b"\x1b" not in terminal.output
    clean(terminal)


def test_what_is_no_terminal_gets_the_status(gateway: RunningGateway, tmp_path: Path) -> None:
    own = {"LLMCONSOLE_DATA": str(gateway.data), "LLMCONSOLE_CONFIG": str(gateway.config)}
    done = subprocess.run(
        [sys.executable, "-m", "console"],
        env=clean_environment(tmp_path, own),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stderr.count(b"\n") == 1


def test_only_the_screen_is_written_to(opened: Open, gateway: RunningGateway) -> None:
    """Logs and warnings go to a file, and nothing is said on the way out."""
    terminal = opened()
    terminal.sees(DRAWN)
    terminal.press("q")
    ended_well(terminal)
    afterwards = terminal.output.rsplit(b"\x1b[?1049l", 1)[1]
    assert re.sub(rb"\x1b\[[?>=<]?[\d;]*[a-zA-Z]|\s", b"", afterwards) == b""


@pytest.mark.timeout(240)
def test_an_hour_of_calls_within_half_a_minute(tmp_path: Path) -> None:
    """Twenty events a second for an hour, all of them drawn over: none is lost, and the list is in order."""
    result = tmp_path / "counted.json"
    words = ["-m", "benchmarks.console.told", str(20 * 3600), "3600", str(result)]
    terminal = Terminal([sys.executable, *words], clean_environment(tmp_path))
    try:
        terminal.sees(DRAWN)
        assert terminal.wait(180) == 0
        assert json.loads(result.read_text(encoding="utf-8")) == {
            "rows": True,
            "none open": True,
            "sum": True,
        }
        assert terminal.left_behind() == []
        clean(terminal)
    finally:
        terminal.close()


def test_one_that_was_suspended_shows_everything_again(opened: Open) -> None:
    terminal = opened()
    terminal.sees(DRAWN)
    process = terminal.process
    process.send_signal(signal.SIGTSTP)
    state = Path(f"/proc/{process.pid}/stat")
    wait_for(lambda: state.read_text("ascii").rsplit(")", 1)[1].split()[0] == "T", what="it to stop")
    assert terminal.left_behind() == []
    terminal.forget()
    process.send_signal(signal.SIGCONT)
    for words in (DRAWN, "budgets", "no calls yet"):
        terminal.sees(words)
    process.send_signal(signal.SIGTERM)
    ended_well(terminal, 128 + signal.SIGTERM)
