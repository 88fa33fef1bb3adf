"""Runs alembic from within the program: no ini file, no command line."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

FOLDER = Path(__file__).parent


def configuration(*further: Path) -> Config:
    """Where the migrations are; `further` folders of versions stand beside the program's own."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    folders = "\n".join(str(each) for each in (FOLDER / "versions", *further))
    config.set_main_option("version_locations", folders.replace("%", "%%"))
    return config


def upgrade(connection: sqlite3.Connection, target: str, *further: Path) -> None:
    """Migrates up to `target`, all versions in one transaction: a failure leaves the file as it was."""
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    # The driver is in autocommit mode, so that the schema too changes inside the transaction.
    event.listen(engine, "begin", _begin)
    config = configuration(*further)
    with engine.connect() as bound:
        config.attributes["connection"] = bound
        command.upgrade(config, target)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
