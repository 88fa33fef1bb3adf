"""Private files: readable by their owner alone, whole or not there at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from console.private import private_file
from console.trouble import Trouble


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    target.write_text("old")
    target.chmod(0o644)
    with private_file(target) as file:
        file.write(b"new")
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_not_finished_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    target.write_text("old")
    with pytest.raises(KeyError), private_file(target) as file:
        file.write(b"half")
        raise KeyError
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("report.md", "old")]


def test_what_cannot_be_written_is_told_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="No such file or directory; name another file"):
        with private_file(tmp_path / "nowhere" / "report.md"):
            pass


def test_what_is_no_file_stays_what_it_is(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    with private_file(pipe) as file:
        file.write(b"told")
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    reader.join(10)
    assert read == [b"told"]
