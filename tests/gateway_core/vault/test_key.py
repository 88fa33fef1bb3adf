"""Keys in files: read once, and anew whenever the file, or who may read it, has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway_core.model.errors import Refusal
from gateway_core.vault import key as keys
from gateway_core.vault.key import KeyFiles


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key file that counts as old enough to be remembered."""
    monkeypatch.setattr(keys, "_TICK", -1.0)
    path = tmp_path / "key"
    path.write_text("first-key-of-the-file\n")
    path.chmod(0o600)
    return path


def test_a_file_that_has_not_changed_is_read_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = KeyFiles()
    first = files.key(str(file))
    monkeypatch.setattr(keys, "_read", lambda path: pytest.fail("read again"))
    assert files.key(str(file)) is first
    assert first.text == "first-key-of-the-file"


def test_another_text_of_the_same_length_is_seen(file: Path) -> None:
    files = KeyFiles()
    files.key(str(file))
    file.write_text("other-key-of-the-file\n")
    assert files.key(str(file)).text == "other-key-of-the-file"


def test_a_file_put_in_its_place_is_seen(file: Path, tmp_path: Path) -> None:
    files = KeyFiles()
    files.key(str(file))
    new = tmp_path / "new"
    new.write_text("third-key-of-the-file\n")
    new.chmod(0o600)
    new.replace(file)
    assert files.key(str(file)).text == "third-key-of-the-file"


def test_a_file_that_others_may_read_by_now_is_refused(file: Path) -> None:
    files = KeyFiles()
    files.key(str(file))
    file.chmod(0o644)
    with pytest.raises(Refusal, match="others may read the key file"):
        files.key(str(file))


def test_a_file_that_is_gone_is_refused(file: Path) -> None:
    files = KeyFiles()
    files.key(str(file))
    file.unlink()
    with pytest.raises(Refusal, match="cannot be read"):
        files.key(str(file))


def test_a_file_that_was_written_just_now_is_read_again(tmp_path: Path) -> None:
    """Two changes within one tick of the file system's clock look alike."""
    path = tmp_path / "key"
    path.write_text("first-key-of-the-file")
    path.chmod(0o600)
    files = KeyFiles()
    assert files.key(str(path)) is not files.key(str(path))
