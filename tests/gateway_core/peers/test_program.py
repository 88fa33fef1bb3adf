"""What a calling program is called, and what its folder says."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway_core.peers.program import Program, program_name, program_tags


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["/usr/bin/claude", "-p", "hi"], "claude"),
        (["node", "/opt/x/cli.js", "--version"], "cli.js"),
        (["/usr/bin/python3.12", "train.py", "--epochs", "3"], "train.py"),
        (["python", "-m", "pkg.tool", "x"], "pkg.tool"),
        (["python3", "-u", "-W", "error", "-m", "pytest"], "pytest"),
        (["python", "-W", "ignore", "train.py"], "train.py"),
        (["python", "-Wignore", "-X", "dev", "/a/train.py", "-c", "x"], "train.py"),
        (["python", "-Im", "pkg.tool"], "pkg.tool"),
        (["python", "-m"], "python"),
        (["python", "-uc", "print(1)"], "python"),
        (["node", "--env-file", ".env", "-r", "dotenv/config", "dist/agent.js"], "agent.js"),
        (["bash", "-lc", "curl x"], "bash"),
        (["uv", "run", "--with", "openai", "job.py"], "job.py"),
        (["python", "-c", "print(1)"], "python"),
        (["python"], "python"),
        (["uv", "run", "job.py"], "job.py"),
        (["-bash"], "bash"),
        (["bash", "-c", "curl x"], "bash"),
        (["postgres: writer process"], "postgres:"),
        (["/a/b,c"], "b_c"),
        ([], ""),
    ],
)
def test_the_name_that_a_person_knows(command: list[str], name: str) -> None:
    assert program_name(command) == name


def test_a_home_and_the_root_are_no_project(tmp_path: Path) -> None:
    assert program_tags(Program(["claude"], tmp_path), home=tmp_path) == {"app": "claude"}
    assert program_tags(Program(["claude"], Path("/")), home=tmp_path) == {"app": "claude"}
    assert program_tags(Program(["claude"], tmp_path / "gone"), home=tmp_path) == {"app": "claude"}
    assert program_tags(Program([], None), home=tmp_path) == {}
    (tmp_path / "web").mkdir()
    assert program_tags(Program(["claude"], tmp_path / "web"), home=tmp_path) == {
        "app": "claude",
        "project": "web",
    }
