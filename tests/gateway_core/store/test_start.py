"""What a start does with the file it finds: new, of an ended process, damaged, foreign or newer."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import anyio
import pytest

from gateway_core.model.errors import StartError
from gateway_core.store.files import connect
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from gateway_core.store.schema import create
from tests.gateway_core.store.making import at, ending, opening


def refused(path: Path) -> str:
    """What a start says that does not want the file; the file stays as it is."""
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(StartError) as raised:
        Ledger(path).start()
    assert (path.read_bytes() if path.exists() else None) == before
    return raised.value.message


def left_open(path: Path, *ids: str) -> None:
    """A ledger whose process ended while those calls ran."""

    async def run() -> None:
        for number, call_id in enumerate(ids):
            await ledger.open_row(opening(call_id, held_nano=1000 + number))
        ledger.finish(ending("done", cost_nano=5))

    ledger = Ledger(path)
    ledger.start()
    anyio.run(run)
    ledger.close()


def test_open_rows_are_booked_at_their_holds_once(path: Path) -> None:
    left_open(path, "a", "b")
    for expected in (2, 0):
        ledger = Ledger(path)
        assert ledger.start() == expected
        ledger.close()
    queries = Queries(path)
    try:
        a, totals = queries.call("a"), queries.totals(at(-60))
        assert a is not None
        assert (a["outcome"], a["certainty"], a["cost_usd"]) == ("recovered", "estimated", "0.000001")
        assert a["finished_at"] > a["started_at"]
        assert a["error"]
        assert (totals.all.calls, totals.all.cost_nano, totals.all.estimated_nano) == (3, 2006, 2001)
        assert all(check.ok for check in queries.ledger_checks())
    finally:
        queries.close()


def test_a_late_end_of_a_recovered_call_is_ignored(path: Path) -> None:
    left_open(path, "a")
    ledger = Ledger(path)
    ledger.start()
    ledger.finish(ending("a"))
    ledger.close()
    assert ledger.writer.ignored == 1


def made(path: Path) -> None:
    """An empty ledger, closed."""
    ledger = Ledger(path)
    ledger.start()
    ledger.close()


def test_a_new_folder_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "data" / "ledger.db"
    ledger = Ledger(path)
    assert ledger.start() == 0
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    ledger.close()


def test_a_file_that_others_may_read_is_closed_to_them(path: Path) -> None:
    made(path)
    os.chmod(path, 0o644)
    made(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_file_is_never_open_to_others(path: Path) -> None:
    create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_half_made_file_of_a_crash_is_made_anew(path: Path) -> None:
    path.with_name("ledger.db.new").write_bytes(b"half")
    path.with_name("ledger.db.new-wal").write_bytes(b"a log of it")
    made(path)
    assert [file.name for file in path.parent.iterdir()] == ["ledger.db"]


def test_garbage_in_its_pages_is_found_and_nothing_is_changed(path: Path) -> None:
    left_open(path, *(f"{number:03}" for number in range(200)))
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 3 + 2000] = b"\xff" * 2000
    path.write_bytes(content)
    message = refused(path)
    assert ".recover" in message
    assert "damaged" in message


@pytest.mark.parametrize("content", [b"", b"this is no database" * 1000, b"\x00" * 8192])
def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert ".recover" in refused(path)


def test_a_file_that_was_cut_off_is_refused(path: Path) -> None:
    left_open(path, *(f"{number:03}" for number in range(200)))
    path.write_bytes(path.read_bytes()[: 4096 * 8])
    assert "damaged" in refused(path)


def test_a_log_without_its_file_is_not_joined_to_a_new_one(path: Path) -> None:
    path.with_name("ledger.db-wal").write_bytes(b"x" * 5000)
    assert "ledger.db-wal" in refused(path)
    assert not path.exists()


def test_the_database_of_another_program_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE songs (name TEXT)")
    connection.close()
    assert "no ledger" in refused(path)


def test_a_newer_schema_is_refused(path: Path) -> None:
    made(path)
    connection = connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StartError, match="newer"):
        Ledger(path).start()


def test_a_locked_file_is_named_as_such(path: Path) -> None:
    made(path)
    connection = connect(path)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StartError, match="locked"):
        Ledger(path).start()
    connection.close()
