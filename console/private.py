"""Files that only their owner can read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from console.trouble import NO, Trouble


@contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """A file for writing with mode 0600, which takes its name only when it is whole. What is there and is no
    file, such as /dev/stdout or a pipe, stays what it is and is written to."""
    try:
        with path.open("wb") if path.exists() and not path.is_file() else _new(path) as file:
            yield file
    except OSError as error:
        raise Trouble(
            f"{path}: cannot be written: {error.strerror or error}; name another file", NO
        ) from None


@contextmanager
def _new(path: Path) -> Iterator[IO[bytes]]:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
