"""What a working folder says about a program that runs in it: project and branch."""

from __future__ import annotations

from pathlib import Path


def found_tags(folder: Path) -> dict[str, str]:
    """`project` (the git repository's name, or the folder's) and `branch` where there is one."""
    root = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)
    tags = {"project": (root or folder).name}
    if root is not None and (branch := _branch(root / ".git")):
        tags["branch"] = branch
    # A comma would end the tag.
    return {key: value.replace(",", "_") for key, value in tags.items() if value}


def _branch(git: Path) -> str | None:
    """The branch that is checked out. A work tree's `.git` is a file that names the real folder."""
    try:
        if git.is_file():
            git = (git.parent / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return head.removeprefix("ref: refs/heads/") if head.startswith("ref: refs/heads/") else None
