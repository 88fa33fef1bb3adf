"""Project and branch out of a working folder, as git leaves them there."""

from __future__ import annotations

import subprocess

from gateway_core.peers.surroundings import found_tags


def git(folder, *words):
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@t", *words],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def test_a_repository_gives_its_name_and_branch_to_every_folder_in_it(tmp_path):
    repository = tmp_path / "shop"
    (repository / "deep").mkdir(parents=True)
    git(repository, "init", "-b", "fix/cart")
    assert found_tags(repository / "deep") == {"project": "shop", "branch": "fix/cart"}


def test_a_work_tree_has_its_own_branch(tmp_path):
    repository = tmp_path / "shop"
    repository.mkdir()
    git(repository, "init", "-b", "main")
    git(repository, "commit", "--allow-empty", "-m", "first")
    git(repository, "worktree", "add", "-b", "other", str(tmp_path / "elsewhere"))
    assert found_tags(tmp_path / "elsewhere") == {"project": "elsewhere", "branch": "other"}


def test_a_detached_head_and_a_folder_without_git_have_no_branch(tmp_path):
    repository = tmp_path / "shop"
    repository.mkdir()
    git(repository, "init")
    git(repository, "commit", "--allow-empty", "-m", "first")
    git(repository, "checkout", "--detach")
    assert found_tags(repository) == {"project": "shop"}


def test_a_name_that_cannot_be_a_tag_is_made_one(tmp_path):
    folder = tmp_path / "a,b"
    folder.mkdir()
    assert found_tags(folder) == {"project": "a_b"}
