"""The command line as a person meets it: help, wrong words, and what it does not load."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from console.commands.catalogue import COMMANDS
from tests.support.processes import clean_environment
from tests.support.wires import CHAT

HEAVY = (
    "textual",
    "rich",
    "httpx",
    "fastapi",
    "sqlmodel",
    "jinja2",
    "plotext",
    "msgspec",
    "gateway_core.settings",
)


def llmconsole(home, *words, stdin="", **environment):
    return subprocess.run(
        [sys.executable, "-m", "console", *words],
        env=clean_environment(home, environment),
        cwd=home,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_names_every_command(tmp_path):
    done = llmconsole(tmp_path, "--help")
    assert done.returncode == 0
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_of_its_own(tmp_path, name):
    done = llmconsole(tmp_path, name, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Usage: llmconsole {name}")


@pytest.mark.parametrize("name", ["alerts", "budgets", "guard", "keys", "policy"])
def test_a_group_without_a_word_shows_its_help_as_help(tmp_path, name):
    done = llmconsole(tmp_path, name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == llmconsole(tmp_path, name, "--help").stdout


def test_help_says_where_settings_and_data_are(tmp_path):
    chosen = {"LLMCONSOLE_CONFIG": str(tmp_path / "mine.toml"), "LLMCONSOLE_DATA": str(tmp_path / "there")}
    text = llmconsole(tmp_path, "--help", **chosen).stdout
    assert "~/mine.toml (there is none yet)" in text
    assert "~/there\n" in text
    (tmp_path / "mine.toml").touch()
    assert "~/mine.toml\n" in llmconsole(tmp_path, "--help", **chosen).stdout


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["status"], ["budgets", "--help"]])
def test_what_is_quick_loads_nothing_heavy(tmp_path, words):
    script = (
        "import sys\n"
        "from console.cli import run\n"
        f"run({words!r})\n"
        f"print('LOADED', sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=clean_environment(tmp_path, {"LLMCONSOLE_DATA": str(tmp_path / "data")}),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1] == "LOADED []"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["budget"], "there is no command 'budget'; did you mean 'budgets'? See llmconsole --help"),
        (["report", "--fromat", "md"], "No such option '--fromat'"),
        (["panic", "lift", "--dataa", "x"], "Did you mean '--data'? See llmconsole panic lift --help"),
        (["report", "7d"], "(7d); see llmconsole report --help"),
        (["budgets", "set", "x", "--window", "day", "--at-limit", "block"], "--limit-usd or --limit-tokens"),
        (
            ["budgets", "set", "x", "--limit-usd", "a", "--window", "day", "--at-limit", "block"],
            "'a' is no amount",
        ),
        (["tokens", "create", "x", "--tag", "loose"], "'loose' is no pair"),
        (["report", "--data", "x", "--config", "/does/not/exist"], "/does/not/exist: no such file"),
        (["policy", "apply", "/does/not/exist"], "No such file"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(tmp_path, words, told):
    done = llmconsole(tmp_path, *words, LLMCONSOLE_DATA=str(tmp_path / "data"))
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("llmconsole: ")
    assert told in done.stderr


def test_status_where_nothing_runs_says_how_to_start(tmp_path):
    done = llmconsole(tmp_path, "status", "--data", str(tmp_path / "none"))
    assert done.returncode == 3
    assert "start one with: llmconsole serve" in done.stderr


def test_without_a_terminal_the_console_is_a_sentence_and_the_status(tmp_path):
    done = llmconsole(tmp_path, "--data", str(tmp_path / "none"))
    assert done.returncode == 3
    assert done.stderr.startswith("llmconsole: this is no terminal; here is the status instead\n")
    assert not (tmp_path / "none").exists()


def test_attach_needs_a_screen_and_an_address(tmp_path):
    done = llmconsole(tmp_path, "attach", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "this is no terminal" in done.stderr


def written_to(output, home, *words, **more):
    """A command whose output goes to that file; what it said besides, and its status."""
    return subprocess.run(
        [sys.executable, "-m", "console", *words],
        env=clean_environment(home, more),
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )


@pytest.fixture
def nobody():
    """A pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def test_a_reader_that_has_seen_enough_is_no_fault(tmp_path, nobody):
    done = written_to(nobody, tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, "")


def with_a_row(gateways):
    gateway = gateways.start()
    gateway.http.post("/v1/chat/completions", json={"model": "none"}, headers=CHAT.credential(gateway.token))
    gateway.rows(1)
    return gateway


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("words", [["--help"], ["export"], ["report", "--format", "csv"], ["logs"]])
def test_a_full_disk_is_told_in_one_line(gateways, tmp_path, words):
    data = with_a_row(gateways).data
    with open("/dev/full", "wb") as full:
        done = written_to(full, tmp_path, *words, LLMCONSOLE_DATA=str(data))
    assert done.returncode == 1
    assert done.stderr == (
        "llmconsole: what was asked for cannot be written: No space left on device; make room, or use -o\n"
    )


def test_a_reader_that_leaves_an_export_is_no_fault(gateways, tmp_path, nobody):
    data = with_a_row(gateways).data
    done = written_to(nobody, tmp_path, "export", LLMCONSOLE_DATA=str(data))
    assert (done.returncode, done.stderr) == (0, "")
