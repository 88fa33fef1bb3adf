"""The very first start in a real terminal: what a person is shown who has a key already."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.processes import clean_environment
from tests.support.terminal import Terminal

LIMITED = '[[budgets]]\nname = "all"\nlimit_usd = "5.00"\nwindow = "month"\nat_limit = "block"\n'
Opening = Callable[[str], Terminal]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opening]:
    """Opens the console on a folder of its own, with a key in the environment and this configuration."""
    terminals: list[Terminal] = []

    def start(settings: str) -> Terminal:
        file = tmp_path / "config.toml"
        file.write_text(settings, encoding="utf-8")
        own = {"OPENAI_API_KEY": "sk-found-in-the-environment", "LLMCONSOLE_CONFIG": str(file)}
        words = [sys.executable, "-m", "console", "--port", "0"]
        terminals.append(Terminal(words, clean_environment(tmp_path, own)))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.press("\x03")
        terminal.close()


def test_a_key_that_is_found_is_shown_on_the_first_page(opened: Opening) -> None:
    terminal = opened("")
    terminal.sees("1 of 3")
    terminal.sees("from OPENAI_API_KEY of the environment")


def test_who_has_set_a_limit_is_not_asked_for_one(opened: Opening) -> None:
    terminal = opened(LIMITED)
    terminal.sees("no calls yet")
    terminal.press("b")
    terminal.sees("at limit")
    assert b"1 of 3" not in terminal.output
