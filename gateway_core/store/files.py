"""The ledger's file: made with mode 0600, opened, and looked at before it is trusted."""

from __future__ import annotations

import os
import shlex
import sqlite3
from pathlib import Path

from gateway_core.model.errors import StartError

BUSY_SECONDS = 0.25
"""How long SQLite itself waits for a lock; the writer tries again above it."""
SMALL_FILE = 32 * 2**20
"""Bytes up to which the pages are all read at the start; `doctor` reads larger files."""
_OLDEST_SQLITE = (3, 37, 0)
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection to a file that exists, in autocommit mode, for one thread at a time."""
    mode = "ro" if read_only else "rw"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )


def make_private(path: Path) -> None:
    """An empty file that only its owner reads; SQLite gives its side files the same mode."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def side_files(path: Path) -> tuple[Path, Path]:
    """SQLite's write-ahead log and its shared index, beside the file."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def check_sqlite() -> None:
    """Raises StartError where Python's SQLite is too old for the schema."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StartError(
            f"this Python carries SQLite {sqlite3.sqlite_version}; the ledger needs 3.37 or newer, "
            "as every Python that uv installs has"
        )


def check_present(path: Path) -> bool:
    """Whether the ledger exists. Raises StartError where only a part of it does."""
    if path.exists():
        if path.stat().st_size == 0:
            raise damaged(path, "it is empty")
        return True
    journal = side_files(path)[0]
    if journal.exists() and journal.stat().st_size:
        raise StartError(
            f"{path} is missing but {journal.name}, which belongs to it, is there; "
            f"bring the file back, or begin a new ledger with: mv {shlex.quote(str(journal))} "
            f"{shlex.quote(str(journal) + '.old')}"
        )
    return False


def check_pages(connection: sqlite3.Connection, path: Path) -> None:
    """Raises StartError for a damaged file; a large one is only sampled."""
    if path.stat().st_size <= SMALL_FILE:
        try:
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        except UnicodeDecodeError:
            # What it tells of repeats the damaged bytes.
            found = "a name in it is no text"
        if found != "ok":
            raise damaged(path, found.replace("\n", " "))
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def start_error(path: Path, error: sqlite3.Error) -> StartError:
    """What a person is told when SQLite refuses the file."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGE:
        return damaged(path, str(error))
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StartError(f"{path}: another program keeps the ledger locked; close it and start again")
    return StartError(f"{path}: the ledger cannot be opened: {error}")


def damaged(path: Path, what: str) -> StartError:
    """The refusal to go on with a damaged file, with the way to rescue its rows."""
    file, rescued = shlex.quote(str(path)), shlex.quote(f"{path}.rescued")
    return StartError(
        f"{path}: the ledger is damaged ({what}); nothing was changed. Rescue what is readable with: "
        f"sqlite3 {file} .recover | sqlite3 {rescued} ; then move the damaged file away and the rescued "
        f"one to its place. To begin an empty ledger instead: mv {file} {shlex.quote(f'{path}.damaged')}"
    )
