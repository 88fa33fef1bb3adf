"""The schema: said once, made at once or by migrations, the same both ways; old files come along."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from gateway_core.model.rows import Relabel
from gateway_core.store import schema
from gateway_core.store.booked import CALLS, MEASURES, SERIES
from gateway_core.store.encoding import ATTEMPT_COLUMNS, FINAL_COLUMNS, OPEN_COLUMNS, final_values
from gateway_core.store.files import connect, make_private
from gateway_core.store.instants import micros, text
from gateway_core.store.ledger import Ledger
from gateway_core.store.migrations.run import configuration, upgrade
from gateway_core.store.queries import Queries
from gateway_core.store.queries.facts import Sums
from gateway_core.store.retention import compact
from gateway_core.store.rollups import DAY, GRAINS, MINUTE, add_facts
from gateway_core.store.tables import METADATA, ddl
from tests.gateway_core.store.making import at, correcting, ending, trying
from tests.support.sources import ROOT

LATER_VERSION = '''"""A later version: calls get a colour."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"

def upgrade():
    op.add_column("calls", sa.Column("colour", sa.Text(), nullable=False, server_default="green"))
    {further}
'''


ALL_BY_MINUTE = f"SELECT {', '.join(f'sum({name})' for name in MEASURES)} FROM rollups WHERE span = {MINUTE}"


def migrated(path: Path) -> sqlite3.Connection:
    """A file whose schema comes from the migrations alone."""
    make_private(path)
    connection = connect(path)
    upgrade(connection, "head")
    return connection


def structure(connection: sqlite3.Connection) -> dict[str, Any]:
    """Tables, columns, keys and indexes as SQLite understands them."""
    tables = connection.execute("SELECT name, wr, strict FROM pragma_table_list WHERE schema = 'main'")
    found: dict[str, Any] = {}
    for name, *flags in tables.fetchall():
        indexes = connection.execute(
            f"SELECT name, [unique], origin, partial FROM pragma_index_list('{name}')"
        )
        found[name] = (
            flags,
            connection.execute(f"SELECT * FROM pragma_table_xinfo('{name}')").fetchall(),
            sorted(connection.execute(f"SELECT * FROM pragma_foreign_key_list('{name}')").fetchall()),
            sorted(
                (index, connection.execute(f"SELECT * FROM pragma_index_xinfo('{index[0]}')").fetchall())
                for index in indexes.fetchall()
            ),
        )
    return found


def test_made_at_once_and_migrated_are_the_same(tmp_path: Path) -> None:
    schema.create(tmp_path / "made.db")
    made, moved = connect(tmp_path / "made.db"), migrated(tmp_path / "migrated.db")
    try:
        assert structure(made) == structure(moved)
        assert schema.stored_version(made) == schema.stored_version(moved) == schema.HEAD
    finally:
        made.close()
        moved.close()


def test_the_tables_ask_for_no_further_migration(tmp_path: Path) -> None:
    migrated(tmp_path / "ledger.db").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_the_ddl_in_the_package_is_that_of_the_tables() -> None:
    text = (ROOT / "gateway_core/store/schema.sql").read_text(encoding="utf-8")
    assert text == ddl(), "python -m gateway_core.store.tables > gateway_core/store/schema.sql"


def test_the_versions_are_those_of_the_migrations() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    assert tuple(reversed([each.revision for each in scripts.walk_revisions()])) == schema.VERSIONS


def test_statements_and_tables_know_the_same_columns() -> None:
    calls = METADATA.tables["calls"].columns.keys()
    assert {*FINAL_COLUMNS, "n", "held_nano", "seal"} == set(calls)
    assert set(OPEN_COLUMNS) < set(calls)
    assert {*ATTEMPT_COLUMNS, "call_n", "seal"} == set(METADATA.tables["attempts"].columns.keys())
    for grain in GRAINS:
        assert set(grain.columns) == set(METADATA.tables[grain.table].columns.keys())
    assert MEASURES == tuple(Sums.__dataclass_fields__)


def test_a_start_loads_neither_alembic_nor_sqlmodel(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom gateway_core.store.ledger import Ledger\n"
        "from gateway_core.store.queries import Queries\n"
        "path = Path(sys.argv[1])\n"
        "for _ in range(2):\n"
        "    ledger = Ledger(path)\n    ledger.start()\n    ledger.close()\n"
        "assert Queries(path).calls() == []\n"
        "loaded = {'alembic', 'sqlalchemy', 'sqlmodel', 'pydantic'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "ledger.db")], cwd=ROOT, check=True)


def further_versions(folder: Path, further: str) -> Path:
    """A folder of versions after the last."""
    versions = folder / "versions"
    versions.mkdir()
    text = LATER_VERSION.format(further=further, head=schema.HEAD)
    (versions / "later.py").write_text(text, encoding="utf-8")
    return versions


def a_ledger_with_a_call(path: Path) -> None:
    ledger = Ledger(path)
    ledger.start()
    ledger.finish(ending("a", cost_nano=42))
    ledger.close()


def forget_minutes(connection: sqlite3.Connection) -> None:
    """Versions before 0011 had no sums by the minute."""
    connection.execute("DELETE FROM rollups WHERE span = ?", (MINUTE,))


def minutes_anew(connection: sqlite3.Connection) -> None:
    """As a file of version 0010 gets them."""
    forget_minutes(connection)
    connection.execute("UPDATE alembic_version SET version_num = '0010'")
    upgrade(connection, "0011")
    connection.execute("UPDATE alembic_version SET version_num = ?", (schema.HEAD,))


def a_file_of_the_first_version(path: Path) -> None:
    """As that version wrote it: 2,500 ended calls, one that was cut off, and a policy edit."""
    make_private(path)
    connection = connect(path)
    upgrade(connection, "0001")
    connection.executescript(
        """BEGIN;
        INSERT INTO tag_sets VALUES (1, '{"project":"web"}');
        INSERT INTO tags VALUES (1, 'project', 'web');
        INSERT INTO series VALUES (1, 'default', 'openai', 'gpt-5', 1);
        INSERT INTO policy_edits (at, who, what, after) VALUES (1, 'config.toml', 'policy', '{}');
        """
    )
    columns = [name for name in (*FINAL_COLUMNS, "held_nano") if name != "excess_nano"]
    insert = f"INSERT INTO calls ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    for number in range(2500):
        row = ending(f"{number:04}", started_at=at(number), finished_at=at(number + 1), cost_nano=number)
        values = final_values(row, micros(row.started_at), 1)[:-1]
        connection.execute(insert, (*values, 0))
    connection.execute(
        "UPDATE calls SET outcome = NULL, certainty = NULL, finished_at = NULL, cost_nano = 0, held_nano = 7 "
        "WHERE id = '2499'"
    )
    # That version knew no modes that were said later.
    add_facts(connection, CALLS.replace(SERIES, "series_id"))
    forget_minutes(connection)
    connection.execute("COMMIT")
    connection.close()


def test_a_file_of_the_first_version_comes_along(path: Path) -> None:
    a_file_of_the_first_version(path)
    ledger = Ledger(path)
    assert ledger.start() == 1
    ledger.finish(ending("new", started_at=at(5000), finished_at=at(5001), cost_nano=42))
    ledger.close()
    queries = Queries(path)
    assert queries.totals(at(-60)).all.cost_nano == sum(range(2499)) + 7 + 42
    assert [check for check in queries.ledger_checks() if not check.ok] == []
    queries.close()


def test_the_rows_of_the_first_version_are_under_seals(path: Path) -> None:
    a_file_of_the_first_version(path)
    ledger = Ledger(path)
    ledger.start()
    ledger.close()
    connection = connect(path)
    connection.execute("UPDATE calls SET error = 'changed' WHERE id = '0003'")
    connection.close()
    queries = Queries(path)
    assert [check.name for check in queries.ledger_checks() if not check.ok] == ["seals"]
    queries.close()


@pytest.mark.parametrize("compacted", [False, True])
def test_sums_by_the_minute_are_made_of_what_there_is(path: Path, compacted: bool) -> None:
    ledger = Ledger(path)
    ledger.start()
    for number in range(60):
        started, earlier = at(number * 4000), (trying(1, cost_nano=2),) if number % 5 == 0 else ()
        ended = at(number * 4000 + 1)
        ledger.finish(ending(f"{number}", started_at=started, finished_at=ended, earlier=earlier))
        ledger.writer.call(lambda _: None)
    ledger.correct((correcting("40"), correcting("40", cost_nano=1)))
    if compacted:
        assert compact(ledger, text(micros(at(0)) // DAY * DAY + 2 * DAY))
    ledger.close()
    connection = connect(path)
    whole = connection.execute(ALL_BY_MINUTE).fetchone()
    minutes_anew(connection)
    assert connection.execute(ALL_BY_MINUTE).fetchone() == whole
    connection.close()
    queries = Queries(path)
    assert [check for check in queries.ledger_checks() if not check.ok] == []
    queries.close()


def test_rows_that_outlived_a_compaction_can_still_be_corrected_and_dropped(path: Path) -> None:
    """They share a seal with younger ones; what is taken out of their minutes has to be in them."""
    ledger = Ledger(path)
    ledger.start()
    ledger.finish(ending("gone", started_at=at(60), cost_nano=1_000, finished_at=at(61)))
    ledger.writer.call(lambda _: None)
    going_on = ledger.writer.ask(lambda _: time.sleep(0.5))
    for name, started in (("old", 43_100), ("young", 43_300)):
        call = ending(name, started_at=at(started), finished_at=at(43_400), cost_nano=1_000)
        ledger.finish(call)
    going_on.result()
    ledger.writer.call(lambda _: None)
    assert compact(ledger, text(micros(at(0)) // DAY * DAY + DAY)) == 1
    ledger.close()
    connection = connect(path)
    minutes_anew(connection)
    connection.close()
    ledger = Ledger(path)
    ledger.start()
    ledger.correct((correcting("old", cost_nano=1),))
    ledger.relabel((Relabel("old", at(DAY), "ann", "building"),))
    ledger.close()
    queries = Queries(path)
    assert [check for check in queries.ledger_checks() if not check.ok] == []
    assert queries.totals(at()).all.cost_nano == 2_001
    queries.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    a_ledger_with_a_call(path)
    connection = connect(path)
    before = structure(connection)
    with pytest.raises(RuntimeError, match="half way"):
        upgrade(connection, "head", further_versions(path.parent, "raise RuntimeError('half way')"))
    connection.close()
    connection = connect(path)
    assert structure(connection) == before
    assert schema.stored_version(connection) == schema.HEAD
    connection.close()
    ledger = Ledger(path)
    assert ledger.start() == 0
    ledger.close()


def test_a_later_version_finds_the_rows_of_this_one(path: Path) -> None:
    a_ledger_with_a_call(path)
    connection = connect(path)
    upgrade(connection, "head", further_versions(path.parent, "pass"))
    assert schema.stored_version(connection) == "9999"
    assert connection.execute("SELECT id, colour FROM calls").fetchall() == [("a", "green")]
    connection.close()
