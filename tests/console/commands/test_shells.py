"""The lines for each shell, run by that shell: what was there before comes back as it was."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from console.commands.env import pointing_lines, undoing_lines
from console.commands.shells import KEPT, SHELLS, Shell
from console.pointing import Setup, Target, setups
from tests.support.processes import clean_environment
from tests.support.real import need

URL = "http://127.0.0.1:4141"
SETUP = Setup({"ADDRESS": f"{URL}/@note=it's", "KEY": "lc-token"}, without=("OTHER", "NEVER"))
ODD = 'it\'s "corp"\\ $HOME `x`\n* second line \n'
BEFORE = {"ADDRESS": "https://corp.example/v1", "OTHER": ODD}
POINTED = {"ADDRESS": f"{URL}/@note=it's", "KEY": "lc-token"}
NAMES = ("ADDRESS", "KEY", "OTHER", "NEVER")


class Asked:
    """One shell that is really run."""

    def __init__(self, program: str, home: Path) -> None:
        (self.path,) = need(program)
        self.shell: Shell = SHELLS["fish" if program == "fish" else "sh"]
        self.name = program
        self.home = home

    def run(self, lines: list[str], before: dict[str, str]) -> str:
        strict = [] if self.name == "fish" else ["set -eu"]
        done = subprocess.run(
            [self.path, "-c", "\n".join([*strict, *lines])],
            env=clean_environment(self.home, before),
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def left(self, lines: list[str], before: dict[str, str]) -> dict[str, str]:
        """The variables that a program would see after the lines."""
        told = self.run([*lines, "env -0"], before)
        pairs = dict(one.split("=", 1) for one in told.split("\0") if one)
        assert not [name for name in pairs if name.startswith(KEPT)], "what is kept reaches no program"
        return {name: pairs[name] for name in NAMES if name in pairs}

    def pointing(self, setup: Setup = SETUP, client: str | None = None) -> list[str]:
        return pointing_lines(setup, self.shell, client, URL)

    def undoing(self, setup: Setup = SETUP, client: str | None = None) -> list[str]:
        return undoing_lines(setup, self.shell, client, URL)


@pytest.fixture(params=["sh", "bash", "zsh", "fish"])
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Asked:
    return Asked(request.param, tmp_path)


@pytest.mark.parametrize("before", [BEFORE, {}, {"ADDRESS": "", "OTHER": "x"}], ids=["set", "unset", "empty"])
def test_pointing_twice_and_back_leaves_all_as_it_was(asked: Asked, before: dict[str, str]) -> None:
    assert asked.left(asked.pointing(), before) == POINTED
    assert asked.left([*asked.pointing(), *asked.pointing()], before) == POINTED
    assert asked.left([*asked.pointing(), *asked.pointing(), *asked.undoing()], before) == before


def test_going_back_twice_takes_nothing_away(asked: Asked) -> None:
    lines = [*asked.pointing(), *asked.undoing(), *asked.undoing()]
    assert asked.left(lines, BEFORE) == BEFORE
    assert asked.left(asked.undoing(), BEFORE) == BEFORE, "nobody was pointed anywhere"
    again = [*asked.pointing(), *asked.undoing(), *asked.pointing(), *asked.undoing()]
    assert asked.left(again, BEFORE) == BEFORE


def test_clients_that_share_a_variable_come_back_one_by_one(asked: Asked) -> None:
    shared = replace(SETUP, variables={"KEY": "lc-token"}, without=())
    lines = [*asked.pointing(), *asked.pointing(shared), *asked.undoing(shared), *asked.undoing()]
    assert asked.left(lines, {**BEFORE, "KEY": "sk-mine"}) == {**BEFORE, "KEY": "sk-mine"}


def test_a_shell_inside_a_pointed_one_comes_back_to_nothing(asked: Asked) -> None:
    """It has our values from outside, and nothing kept."""
    assert asked.left(asked.undoing(), POINTED) == {}
    assert asked.left([*asked.pointing(), *asked.undoing()], POINTED) == {}


@pytest.mark.parametrize("mine", ["http://127.0.0.1:41411/v1", "http://localhost:11434", "my-lc-key"])
def test_a_neighbour_on_this_machine_is_not_ours(asked: Asked, mine: str) -> None:
    before = {"ADDRESS": mine}
    assert asked.left([*asked.pointing(), *asked.undoing(), *asked.undoing()], before) == before


def test_json_with_our_token_is_ours(asked: Asked) -> None:
    ours = {"KEY": '{"provider":{"openai":{"options":{"apiKey":"lc-token"}}}}'}
    assert asked.left(asked.undoing(), ours) == {}


def test_what_is_shown_to_a_person_sets_the_same(asked: Asked) -> None:
    shown = pointing_lines(SETUP, asked.shell, None, URL, keeping=False)
    assert len(shown) == len(NAMES) and not any(KEPT in line for line in shown)
    assert asked.left(shown, BEFORE) == POINTED


def test_an_alias_comes_back(asked: Asked) -> None:
    setup = setups(Target(URL, "lc-token"))["codex"]
    mine = "alias codex 'codex --mine'" if asked.name == "fish" else "alias codex='codex --mine'"
    show = "functions codex" if asked.name == "fish" else "alias codex"
    pointing, undoing = asked.pointing(setup, "codex"), asked.undoing(setup, "codex")
    pointed = asked.run([mine, *pointing, *pointing, show], {})
    assert "base_url" in pointed and "--mine" not in pointed
    back = asked.run([mine, *pointing, *pointing, *undoing, *undoing, show], {})
    assert "base_url" not in back and "codex --mine" in back
    none = f"{show} >/dev/null 2>&1; and echo there; or echo gone"
    none = none if asked.name == "fish" else f"if {show} >/dev/null 2>&1; then echo there; else echo gone; fi"
    assert asked.run([*pointing, *pointing, *undoing, none], {}) == "gone\n"


def test_powershell_is_told_line_by_line() -> None:
    """Not run here: each line is a whole statement, as Invoke-Expression takes them one by one."""
    lines = pointing_lines(SETUP, SHELLS["powershell"], None, URL)
    assert lines[0].startswith(
        "if (-not (Test-Path Variable:global:llmconsole_kept_ADDRESS)) "
        "{ $global:llmconsole_kept_ADDRESS = if "
    )
    assert f"$env:ADDRESS = '{URL}/@note=it''s'" in lines
    back = undoing_lines(SETUP, SHELLS["powershell"], None, URL)
    assert back[0].startswith(
        "if (Test-Path Variable:global:llmconsole_kept_ADDRESS) { $env:ADDRESS = "
        "$global:llmconsole_kept_ADDRESS; Remove-Variable llmconsole_kept_ADDRESS -Scope Global } elseif ("
    )
    assert all(line.count("{") == line.count("}") for line in [*lines, *back])
