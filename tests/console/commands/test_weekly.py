"""The weekly report from the shell: scheduled, shown, ended, and wrong words told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.console.conftest import CommandLine

EVERY = ("report", "--every", "mon@9:00")


def test_it_is_scheduled_shown_and_ended(offline: CommandLine, tmp_path: Path) -> None:
    assert offline.done("report", "--every", "show") == "no weekly report\n"
    file = tmp_path / "llm-%G-W%V.csv"
    told = offline.done(*EVERY, "--by", "user", "--mask", "--format", "csv", "-o", str(file))
    first, second = told.splitlines()
    assert first == "every Monday 09:00, of the seven days before"
    assert second.startswith("next Mon ") and second.endswith(".csv") and "%" not in second
    found = json.loads(offline.done("report", "--every", "show", "--json"))
    assert found["report"] == {
        "every": "monday@09:00",
        "to": str(file),
        "format": "csv",
        "by": ["user"],
        "where": {},
        "mask": True,
        "include": None,
    }
    assert '[weekly]\nevery = "monday@09:00"' in offline.done("policy", "show")
    assert [check["ok"] for check in _weekly(offline)] == [True]
    assert offline.done("report", "--every", "off") == "no weekly report\n"
    assert _weekly(offline) == []


def test_a_path_is_from_where_it_is_written_and_markdown_the_usual_format(offline: CommandLine) -> None:
    offline.done(*EVERY, "-o", "llm.md", "--include", "none")
    found = json.loads(offline.done("report", "--every", "show", "--json"))["report"]
    assert Path(found["to"]).is_absolute() and found["to"].endswith("/llm.md")
    assert (found["format"], found["include"]) == ("md", [])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (EVERY, "needs a file: -o ~/llm-%G-W%V.md"),
        ((*EVERY, "--month", "-o", "a.md"), "--every tells of the seven days before; leave --month out"),
        ((*EVERY, "--since", "7d", "-o", "a.md"), "leave --since out"),
        (("report", "--every", "daily", "-o", "a.md"), "write a day and a local time: monday@09:00"),
        ((*EVERY, "-o", "/no/such/folder/a.md"), "/no/such/folder is no folder; make it first"),
        ((*EVERY, "-o", "a-%Q.md"), "'%Q' in "),
        ((*EVERY, "--by", "nothing", "-o", "a.md"), "cannot group by 'nothing'"),
    ],
)
def test_what_makes_no_sense_is_told(offline: CommandLine, words: tuple[str, ...], told: str) -> None:
    done = offline(*words)
    assert done.returncode in (1, 2) and told in done.stderr, done.stderr


def _weekly(offline: CommandLine) -> list[dict[str, object]]:
    checks = json.loads(offline("doctor", "--json").stdout)
    found = checks["checks"] if isinstance(checks, dict) else checks
    return [check for check in found if check["name"] == "weekly report"]
