"""Brings a file to the newest schema: made at once when new, migrated when old, left alone otherwise."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from gateway_core.model.errors import StartError
from gateway_core.store.files import connect, make_private, side_files

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012")
"""The migrations in order; the last one is the schema of this program."""
HEAD = VERSIONS[-1]

_DDL = Path(__file__).with_name("schema.sql")
_STAMP = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)


def create(path: Path) -> None:
    """A new ledger in one step: a crash on the way leaves no half of one under its name."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    for left_over in (draft, *side_files(draft)):
        left_over.unlink(missing_ok=True)
    make_private(draft)
    connection = connect(draft)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN; {_DDL.read_text(encoding='utf-8')} {_STAMP}; COMMIT;")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (HEAD,))
    finally:
        connection.close()
    os.replace(draft, path)


def stored_version(connection: sqlite3.Connection) -> str | None:
    """The version that the file is stamped with; None for a file that is no ledger."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if found else None
    return str(row[0]) if row else None


def bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """Migrates an older schema. Raises StartError for a file of a newer program or of another one."""
    version = stored_version(connection)
    if version == HEAD:
        return
    if version is None:
        raise StartError(f"{path} is an SQLite file but no ledger; choose another folder with --data")
    if version not in VERSIONS:
        raise StartError(
            f"{path} was written by a newer llmconsole (schema {version}, this one knows {HEAD}); update it"
        )
    # alembic and SQLAlchemy cost half a second, which only the first start after an update shall pay.
    from gateway_core.store.migrations.run import upgrade

    upgrade(connection, HEAD)
