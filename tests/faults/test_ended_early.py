"""Whoever ends the console while its screen is made finds the terminal as it was, too."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.faults.test_console_gone import alive
from tests.faults.test_terminal_unread import WITHIN, children
from tests.support.processes import clean_environment, wait_for
from tests.support.terminal import Terminal

OTHER_SCREEN = "\x1b[?1049h"
pytestmark = pytest.mark.timeout(180)


@pytest.mark.parametrize("after", [0.0, 0.02, 0.06, 0.15])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_screen_that_is_just_begun_is_put_back(
    number: signal.Signals, after: float, tmp_path: Path
) -> None:
    terminal = Terminal([sys.executable, "-m", "console", "--port", "0"], clean_environment(tmp_path))
    started: list[int] = []
    try:
        terminal.sees(OTHER_SCREEN)
        started += children(terminal.process.pid)
        time.sleep(after)
        terminal.process.send_signal(number)
        assert terminal.wait(WITHIN) == 128 + number
        assert terminal.left_behind() == []
        wait_for(lambda: not any(map(alive, started)), what="the end of the gateway", seconds=40)
    finally:
        terminal.close()
        for pid in filter(alive, started):
            os.kill(pid, signal.SIGKILL)
