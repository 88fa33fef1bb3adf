"""A copy of the ledger at one instant, made while it is read and written."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from gateway_core.model.errors import Refusal
from gateway_core.store.files import connect, make_private, side_files


@dataclass(frozen=True, slots=True)
class Copy:
    """What was copied: `bytes` of the file, `calls` that it has rows of."""

    file: Path
    bytes: int
    calls: int


def back_up(ledger: Path, target: Path) -> Copy:
    """Copies the ledger to a new file of mode 0600, which takes its name once it is whole and on the disk.

    Holds back no writer; seconds for each gigabyte, so not on an event loop. Raises Refusal 409 where the
    file exists, 400 where it cannot be written.
    """
    if target.exists():
        raise _exists(target)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        make_private(draft)
        calls = _copied(ledger, draft)
        size = draft.stat().st_size
        _take_name(draft, target)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Refusal(400, "cannot_write", f"{target}: cannot be written: {why}; name another file") from None
    finally:
        for left_over in (draft, *side_files(draft)):
            left_over.unlink(missing_ok=True)
    return Copy(target, size, calls)


def _copied(ledger: Path, draft: Path) -> int:
    """The whole in one step: a copy in several begins anew with each commit of the writer."""
    source, copy = connect(ledger, read_only=True), connect(draft)
    try:
        source.backup(copy)
        # One file without side files, which a person may move about.
        copy.execute("PRAGMA journal_mode = DELETE")
        return int(copy.execute("SELECT count(*) FROM calls").fetchone()[0])
    finally:
        source.close()
        copy.close()


def _take_name(draft: Path, target: Path) -> None:
    """Gives the draft its name unless that is taken meanwhile."""
    try:
        os.link(draft, target)
    except FileExistsError:
        raise _exists(target) from None
    except OSError:
        # A file system without hard links.
        if target.exists():
            raise _exists(target) from None
        os.replace(draft, target)


def _exists(target: Path) -> Refusal:
    return Refusal(409, "file_exists", f"{target} exists and is left as it is; name another file")
