"""Filters and columns are kept in the config folder, beside what a person has written there."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.choices import user_folder
from console.keepsakes import FILE, Keepsakes


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))


def test_what_is_kept_is_there_for_the_next_console() -> None:
    Keepsakes().keep_filter("dear ones", 'cost>0.05 "no room"')
    Keepsakes().keep_filter("ana", "user:ana")
    Keepsakes().keep_columns(("", "time", "asked → served"))
    assert dict(Keepsakes().filters()) == {"ana": "user:ana", "dear ones": 'cost>0.05 "no room"'}
    assert Keepsakes().columns() == ("", "time", "asked → served")
    Keepsakes().keep_filter("ana", None)
    Keepsakes().keep_columns(())
    assert list(Keepsakes().filters()) == ["dear ones"]
    assert Keepsakes().columns() == ()


def test_a_persons_own_lines_stay() -> None:
    file = user_folder() / FILE
    file.parent.mkdir(parents=True)
    file.write_text('# mine\n[filters]\nana = "user:ana"\nodd = 3\n\n[more]\nx = 1\n', encoding="utf-8")
    Keepsakes().keep_columns(("time",))
    assert "# mine" in file.read_text(encoding="utf-8") and "[more]" in file.read_text(encoding="utf-8")
    assert dict(Keepsakes().filters()) == {"ana": "user:ana"}
    assert Keepsakes().columns() == ("time",)


def test_a_broken_file_is_as_none_and_is_not_written_over() -> None:
    file = user_folder() / FILE
    file.parent.mkdir(parents=True)
    file.write_text("filters = [", encoding="utf-8")
    assert (dict(Keepsakes().filters()), Keepsakes().columns()) == ({}, ())
    with pytest.raises(ValueError):
        Keepsakes().keep_filter("ana", "user:ana")
    assert file.read_text(encoding="utf-8") == "filters = ["
