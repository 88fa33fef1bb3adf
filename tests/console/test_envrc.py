"""Our block in an .envrc: added, renewed, and never anything else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from console.envrc import BEGIN, END, with_block, write
from console.trouble import Trouble

LINES = ("export A=1", "unset B")
BLOCK = f"{BEGIN}\nexport A=1\nunset B\n{END}\n"


def test_a_block_is_made_added_and_renewed() -> None:
    assert with_block(None, LINES) == (BLOCK, "made")
    assert with_block("mine", LINES) == (f"mine\n{BLOCK}", "added a block to")
    assert with_block(f"mine\n{BEGIN}\nold\n{END}\nyours", LINES) == (
        f"mine\n{BLOCK}yours",
        "renewed the block in",
    )


def test_a_block_without_its_end_is_left_alone() -> None:
    cut = f"{BEGIN}\nexport A=0\nexport MINE=1\n"
    assert with_block(cut, LINES) == (f"{cut}{BLOCK}", "added a block to")


def test_the_file_is_its_owners_alone_and_a_link_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text("mine\n", encoding="utf-8")
    real.chmod(0o644)
    (tmp_path / ".envrc").symlink_to(real)
    done = write(tmp_path, LINES)
    assert done.how == "added a block to" and not done.exposed
    assert (tmp_path / ".envrc").is_symlink()
    assert real.read_text(encoding="utf-8") == f"mine\n{BLOCK}"
    assert real.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [".envrc", "real"]


def test_it_says_whether_git_would_take_it_along(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert write(tmp_path, LINES).exposed
    (tmp_path / ".gitignore").write_text(".envrc\n", encoding="utf-8")
    assert not write(tmp_path, LINES).exposed


def test_what_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".envrc").mkdir()
    with pytest.raises(Trouble, match="cannot be written: .*; copy the lines instead"):
        write(tmp_path, LINES)
