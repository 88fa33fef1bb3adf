"""A terminal that sends bytes which are no UTF-8: they are heard as what they are, and end nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.gateway import Gateways
from tests.support.processes import clean_environment
from tests.support.terminal import Terminal


@pytest.mark.timeout(120)
def test_bytes_that_are_no_utf8_leave_the_console_as_it_is(gateways: Gateways, tmp_path: Path) -> None:
    gateway = gateways.start()
    own = {"LLMCONSOLE_DATA": str(gateway.data), "LLMCONSOLE_CONFIG": str(gateway.config)}
    terminal = Terminal([sys.executable, "-m", "console"], clean_environment(tmp_path, own))
    try:
        terminal.sees("routing")
        for sent in (b"\xe2", b"\xed\xa0\x80", b"\xff"):
            terminal.send(sent)
        terminal.press(":")
        terminal.sees("report --by project")
        terminal.forget()
        terminal.send(b"stat\xe9x\r")
        terminal.sees("stat\ufffdx")
        terminal.sees("exit status 2")
        terminal.press("q")
        terminal.sees("asked → served")
        terminal.press("q")
        assert terminal.wait() == 0
        assert b"UnicodeDecodeError" not in terminal.output
    finally:
        terminal.close()
