"""Commands on a data folder on which no gateway runs: the same answers, over no socket."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.console.conftest import CommandLine
from tests.support.real import need

WEB = ("budgets", "set", "web", "--match", "project=web", "--limit-usd", "25")
MONTHLY = (*WEB, "--window", "month", "--at-limit", "block")


def test_budgets_are_set_listed_and_removed(offline: CommandLine) -> None:
    assert "project=web" in offline.done(*MONTHLY)
    assert "project=web" in offline.done("budgets", "list")
    told = json.loads(offline.done("budgets", "list", "--json"))["budgets"]
    assert told[0].items() >= {"name": "web", "limit_usd": "25.00", "alerts": [50, 80, 95, 100]}.items()
    offline.done("budgets", "rm", "web")
    assert json.loads(offline.done("--json", "budgets", "list")) == {"budgets": []}
    gone = offline("budgets", "rm", "web")
    assert (gone.returncode, gone.stderr) == (1, "llmconsole: no budget is named 'web'; there are none\n")


def test_common_options_stand_before_or_after_and_the_later_one_wins(offline: CommandLine) -> None:
    here = str(offline.data)
    for words in (
        ("--data", here, "budgets", "list", "--json"),
        ("budgets", "--data", here, "list", "--json"),
        ("--data", "/nowhere/at/all", "budgets", "list", "--json", "--data", here),
    ):
        ran = offline(*words, more={"LLMCONSOLE_DATA": "/nowhere/at/all"})
        assert (ran.returncode, json.loads(ran.stdout)) == (0, {"budgets": []}), ran.stderr


def test_what_the_gateway_refuses_is_wrong_use(offline: CommandLine) -> None:
    ran = offline(*WEB, "--window", "fortnight", "--at-limit", "block")
    assert ran.returncode == 2
    assert ran.stderr.startswith("llmconsole: budget 'web': window 'fortnight' is unknown; use hour, day")


def test_a_token_is_printed_once_and_nothing_else(offline: CommandLine) -> None:
    made = json.loads(offline.done("tokens", "create", "ci", "--tag", "user=ci", "--json"))
    assert made.keys() == {"name", "token"}
    plain = offline.done("tokens", "create", "other").strip()
    assert plain.startswith("lc-") and plain != made["token"]
    listed = offline.done("tokens", "list")
    assert "user=ci" in listed and made["token"] not in listed
    offline.done("tokens", "revoke", "ci")
    assert offline("tokens", "revoke", "ci").returncode == 1


def test_the_policy_is_shown_compared_and_applied(offline: CommandLine, tmp_path: Path) -> None:
    nothing = offline.done("policy", "show")
    assert nothing.startswith("# nothing is set")
    assert offline.done("policy", "apply", "-", stdin=nothing) == "no change\n"
    offline.done(*MONTHLY)
    file = tmp_path / "policy.toml"
    file.write_text(offline.done("policy", "show"), encoding="utf-8")
    same = offline("policy", "diff", str(file))
    assert (same.returncode, same.stdout) == (0, "")
    file.write_text(file.read_text().replace("25.00", "30"), encoding="utf-8")
    other = offline("policy", "diff", str(file))
    assert other.returncode == 1
    assert '-limit_usd = "25.00"' in other.stdout and '+limit_usd = "30.00"' in other.stdout
    assert offline.done("policy", "apply", str(file)) == other.stdout
    assert offline.done("policy", "apply", "-", stdin=file.read_text()) == "no change\n"
    file.write_text("[[budgets]]\nnam = 'x'\n", encoding="utf-8")
    wrong = offline("policy", "apply", str(file))
    assert wrong.returncode == 2 and "policy, line" in wrong.stderr or "policy in" in wrong.stderr
    assert 'limit_usd = "30.00"' in offline.done("policy", "show")


def test_the_lines_of_env_point_a_shell_here_and_back(offline: CommandLine) -> None:
    lines = offline.done("env", "claude", "--port", "4999", "--tag", "project=it's")
    back = offline.done("env", "claude", "--undo")
    script = f"{lines}\nenv | grep ^ANTHROPIC\n{back}env | grep ^ANTHROPIC || echo gone"
    ran = subprocess.run(
        ["sh", "-c", script],
        env={"PATH": os.environ["PATH"], "ANTHROPIC_API_KEY": "mine"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = dict(line.split("=", 1) for line in ran.stdout.splitlines() if "=" in line)
    assert told["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:4999/@project=it%27s"
    assert told["ANTHROPIC_AUTH_TOKEN"] == (offline.data / "client.token").read_text().strip()
    assert told["ANTHROPIC_API_KEY"] == "mine", "what was taken away is back"
    assert ran.stdout.splitlines()[2:] == ["ANTHROPIC_API_KEY=mine"]


@pytest.mark.parametrize("shell", ["sh", "bash", "zsh", "fish"])
@pytest.mark.parametrize("before", [None, "https://corp.example/v1 it's"], ids=["unset", "set"])
def test_undo_brings_back_what_was(offline: CommandLine, shell: str, before: str | None) -> None:
    """Pointing twice keeps the first; a second undo does no harm."""
    (program,) = need(shell)
    words = () if shell != "fish" else ("--shell", "fish")
    here, back = offline.done("env", "openai", *words), offline.done("env", "openai", "--undo", *words)
    show = "env | grep ^OPENAI_BASE_URL || echo unset\n"
    script = f"{here}\n{show}{here}\n{back}\n{show}{back}\n{show}"
    environment = {"PATH": os.environ["PATH"], "HOME": str(offline.data)}
    environment |= {} if before is None else {"OPENAI_BASE_URL": before}
    ran = subprocess.run(
        [program, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    was = "unset" if before is None else f"OPENAI_BASE_URL={before}"
    first, then, last = ran.stdout.splitlines()
    assert first == "OPENAI_BASE_URL=http://127.0.0.1:4141/v1", ran.stderr
    assert then == was
    assert last == was


@pytest.mark.parametrize("shell", ["sh", "fish"])
def test_undo_in_another_shell_takes_away_what_is_ours(offline: CommandLine, shell: str) -> None:
    (program,) = need(shell)
    back = offline.done("env", "openai", "--undo", *(("--shell", "fish") if shell == "fish" else ()))
    ours = {"OPENAI_BASE_URL": "http://127.0.0.1:4141/v1", "OPENAI_API_KEY": "sk-mine"}
    ran = subprocess.run(
        [program, "-c", f"{back}\nenv | grep ^OPENAI"],
        env={"PATH": os.environ["PATH"], "HOME": str(offline.data), **ours},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "OPENAI_API_KEY=sk-mine\n"


def test_codex_becomes_an_alias(offline: CommandLine) -> None:
    lines = offline.done("env", "codex").splitlines()
    token = (offline.data / "client.token").read_text().strip()
    assert f"export LLMCONSOLE_TOKEN={token}" in lines
    [word] = shlex.split(next(line for line in lines if line.startswith("alias ")))[1:]
    arguments = shlex.split(word.removeprefix("codex="))
    assert arguments[:2] == ["command", "codex"]
    assert 'model_providers.llmconsole.base_url="http://127.0.0.1:4141/v1"' in arguments
    assert "unalias codex" in offline.done("env", "codex", "--undo")


@pytest.mark.parametrize(
    ("shell", "line"),
    [("fish", "set -gx OPENAI_BASE_URL 'http://"), ("powershell", "$env:OPENAI_BASE_URL = 'http://")],
)
def test_other_shells_have_other_words(offline: CommandLine, shell: str, line: str) -> None:
    assert line in offline.done("env", "openai", "--shell", shell)


def test_an_empty_ledger_is_reported_and_exported(offline: CommandLine, tmp_path: Path) -> None:
    report = json.loads(offline.done("report", "--format", "json"))
    assert (report["rows"], report["total"]["calls"]) == ([], 0)
    assert offline.done("export") == ""
    sheet = offline.done("export", "--format", "csv")
    assert next(csv.reader(io.StringIO(sheet)))[:3] == ["id", "started_at", "finished_at"]
    file = tmp_path / "report.html"
    offline.done("report", "--format", "html", "-o", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().startswith("<!doctype html>")
    lost = offline("report", "-o", str(tmp_path / "no" / "such" / "folder"))
    assert lost.returncode == 1 and "cannot be written" in lost.stderr


def test_a_key_needs_a_keyring_and_never_stands_on_the_command_line(offline: CommandLine) -> None:
    listed = offline.done("keys", "list")
    assert "no keyring: no keyring service answers on this machine" in listed
    refused = offline("keys", "set", "groq", stdin="sk-0123456789abcdef\n")
    assert refused.returncode == 1
    assert "set GROQ_API_KEY, or use --session-only" in refused.stderr and "sk-0123" not in refused.stderr
    assert offline("keys", "set", "groq", "sk-0123456789abcdef").returncode == 2
    assert offline("keys", "set", "groq", stdin="").returncode == 2
    assert offline("keys", "set", "groq", "--session-only", stdin="x").returncode == 3
    untested = offline("keys", "test", "groq")
    assert (untested.returncode, untested.stdout) == (1, "")
    assert "no key for Groq" in untested.stderr


def test_the_doctor_says_what_to_do(offline: CommandLine) -> None:
    ran = offline("doctor")
    assert ran.returncode == 1
    lines = ran.stdout.splitlines()
    assert any(line.startswith(("ok  port: ", "NOT port: ")) for line in lines)
    at = lines.index("NOT provider keys: no provider has a key")
    assert lines[at + 1] == "    llmconsole keys set openai (or another provider)"
    ledger = json.loads(offline.done("doctor", "--ledger", "--json"))
    assert ledger["ok"] and {check["name"] for check in ledger["checks"]} >= {"ledger: pages"}


def test_a_damaged_ledger_is_one_sentence(offline: CommandLine) -> None:
    offline.done("budgets", "list")
    (offline.data / "ledger.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    ran = offline("report")
    assert ran.returncode == 3
    assert len(ran.stderr.splitlines()) == 1 and "ledger.db" in ran.stderr


def test_nothing_of_it_is_readable_by_others(offline: CommandLine) -> None:
    offline.done("budgets", "list")
    assert offline.data.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o077 for path in offline.data.iterdir() if path.is_file()}
    modes.pop("prices.json")
    assert not any(modes.values()), modes
