"""Files that only their owner may read, made so from their first moment."""

from __future__ import annotations

import os
from pathlib import Path

from gateway_core.model.errors import StartError


def private_folder(path: Path) -> None:
    """Makes the folder with mode 0700, or takes the rights of others away. Raises StartError."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    except OSError as error:
        raise StartError(
            f"{path}: the data folder cannot be used: {error.strerror}; name another with --data"
        ) from None


def write_private(path: Path, text: str) -> None:
    """Writes the file whole or not at all, mode 0600."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(path)


def read_or_make(path: Path, make: str) -> str:
    """The text of a private file; where there is none, it is made with `make` as its text."""
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    write_private(path, make + "\n")
    return make
