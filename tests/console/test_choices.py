"""What a person has chosen for the console, from one start to the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.choices import recall, remember, user_folder

WORDS = ("on", "off")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_a_choice_is_remembered_and_a_strange_one_is_not_taken() -> None:
    assert recall("mouse", WORDS, "on") == "on"
    remember("mouse", "off")
    assert recall("mouse", WORDS, "on") == "off"
    remember("mouse", "perhaps")
    assert recall("mouse", WORDS, "on") == "on"


def test_a_folder_that_cannot_be_written_only_forgets(home: Path) -> None:
    user_folder().parent.mkdir(parents=True, exist_ok=True)
    user_folder().write_text("a file is in the way", encoding="utf-8")
    remember("mouse", "off")
    assert recall("mouse", WORDS, "on") == "on"
