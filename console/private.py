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
    """A file for writing with mode 0600, which takes its name only when it is whole."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
        partial.replace(path)
    except OSError as error:
        raise Trouble(
            f"{path}: cannot be written: {error.strerror or error}; name another file", NO
        ) from None
    finally:
        partial.unlink(missing_ok=True)
