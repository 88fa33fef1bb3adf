"""The chain: whatever is final is under a seal, and any change of it is found."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import anyio.to_thread
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_core.model.policy import Policy
from gateway_core.store.encoding import final_values
from gateway_core.store.files import connect
from gateway_core.store.instants import micros
from gateway_core.store.ledger import Ledger
from gateway_core.store.policy import PolicyStore
from gateway_core.store.queries.chain import broken_seals
from gateway_core.store.seals import SELECTS, digest
from tests.gateway_core.store.making import at, correcting, ending, eventually, opening, trying

pytestmark = pytest.mark.anyio


@pytest.fixture
async def sealed(ledger: Ledger) -> Path:
    """A ledger with some of each: calls, tries, corrections and edits."""
    store = PolicyStore(ledger)
    await anyio.to_thread.run_sync(lambda: store.save(Policy(), who="ann", what="policy"))
    for number in range(6):
        tried = (trying(1, cost_nano=3),) if number % 2 else ()
        await ledger.open_row(opening(f"{number}", earlier=tried))
        ledger.finish(ending(f"{number}", session="s", provider_request_id="r", error="e", route="x"))
        await ledger.flush()
    await ledger.open_row(opening("running"))
    await anyio.to_thread.run_sync(ledger.correct, [correcting("1"), correcting("2")])
    await anyio.to_thread.run_sync(lambda: store.save(Policy(), who="bo", what="policy"))
    return ledger.path


def broken(path: Path) -> list[str]:
    connection = connect(path)
    try:
        return broken_seals(connection)
    finally:
        connection.close()


def damage(path: Path, *statements: str) -> list[str]:
    """What is found after statements; they are taken back."""
    connection = connect(path)
    try:
        connection.execute("BEGIN IMMEDIATE")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement
        return broken_seals(connection)
    finally:
        connection.execute("ROLLBACK")
        connection.close()


async def test_an_untouched_ledger_holds(sealed: Path) -> None:
    assert broken(sealed) == []


async def test_any_changed_column_is_found(sealed: Path) -> None:
    tables = {"calls": "5", "attempts": "10", "corrections": "2", "policy_edits": "2"}
    connection = connect(sealed)
    columns = [
        (table, name, kind)
        for table in tables
        for name, kind, null in connection.execute(
            f"SELECT name, type, [notnull] FROM pragma_table_info('{table}')"
        )
        if (table, name) not in {("calls", "n"), ("calls", "held_nano"), ("policy_edits", "undoes")}
    ]
    connection.close()
    assert len(columns) > 60
    where = {"calls": "id = '5'", "attempts": "call_n = 2", "corrections": "n = 2", "policy_edits": "n = 2"}
    for table, name, kind in columns:
        other = "'changed'" if kind == "TEXT" else "79" if name == "series_id" else f"coalesce({name}, 0) + 1"
        statements = [f"UPDATE {table} SET {name} = {other} WHERE {where[table]}"]
        if name == "series_id":
            statements = [
                "INSERT INTO series VALUES (79, 'default', 'openai', 'gpt-5', 1) ON CONFLICT DO NOTHING",
                "INSERT INTO series SELECT 79, token, provider, 'other', tag_set_id FROM series WHERE id = 1",
                *statements,
            ][1:]
        assert damage(sealed, *statements), (table, name)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM calls WHERE id = '3'",
        "DELETE FROM attempts WHERE call_n = 2",
        "DELETE FROM corrections WHERE n = 1",
        "DELETE FROM policy_edits WHERE n = 1",
        "DELETE FROM seals WHERE n = 3",
        "DELETE FROM seals WHERE n = 1",
        "DELETE FROM seals WHERE n = (SELECT max(n) FROM seals)",
        "UPDATE series SET model = 'cheap'",
        "UPDATE tag_sets SET tags = '{}'",
        "UPDATE seals SET digest = x'00' WHERE n = 2",
        "UPDATE calls SET seal = NULL WHERE id = '3'",
        "UPDATE calls SET seal = 4 WHERE id = '3'",
        "UPDATE corrections SET seal = 999 WHERE n = 2",
        "INSERT INTO policy_edits (at, who, what, after) VALUES (1, 'x', 'policy', '{}')",
        "UPDATE calls SET outcome = 'ok', seal = 2 WHERE id = 'running'",
    ],
)
async def test_what_is_missing_or_put_in_is_found(sealed: Path, statement: str) -> None:
    assert damage(sealed, statement)


async def test_deleting_rows_with_their_seal_is_found(sealed: Path) -> None:
    assert damage(
        sealed,
        "DELETE FROM seals WHERE n = (SELECT seal FROM calls WHERE id = '3')",
        "DELETE FROM calls WHERE id = '3'",
    )


async def test_damage_is_told_where_it_is(sealed: Path) -> None:
    found = damage(sealed, "UPDATE calls SET cost_nano = 0 WHERE id = '3'")
    assert len(found) == 1
    assert "seal 7 of " in found[0]


async def test_one_transaction_makes_one_seal(ledger: Ledger) -> None:
    for number in range(50):
        ledger.finish(ending(str(number)))
    await ledger.flush()
    connection = connect(ledger.path, read_only=True)
    assert connection.execute("SELECT count(*), sum(calls) FROM seals").fetchone() == (1, 50)
    connection.close()
    assert broken(ledger.path) == []


async def test_the_chain_holds_after_an_outage_and_a_row_that_no_database_takes(ledger: Ledger) -> None:
    ledger.finish(ending("before"))
    await ledger.flush()
    lock = connect(ledger.path)
    lock.execute("BEGIN IMMEDIATE")
    for number in range(5):
        ledger.finish(ending(f"{number}", earlier=(trying(1, cost_nano=number),)))
    ledger.finish(ending("bad", error="\ud800"))
    ledger.finish(ending("0", cost_nano=99))
    await eventually(lambda: ledger.problem is not None)
    lock.execute("ROLLBACK")
    lock.close()
    await ledger.flush()
    ledger.finish(ending("after"))
    await ledger.flush()
    assert (ledger.writer.rejected, ledger.writer.ignored) == (1, 1)
    assert broken(ledger.path) == []
    connection = connect(ledger.path, read_only=True)
    assert connection.execute("SELECT count(*) FROM calls WHERE seal IS NOT NULL").fetchone() == (7,)
    assert connection.execute("SELECT sum(calls), max(n) = count(*) FROM seals").fetchone() == (7, 1)
    connection.close()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=50)
@given(
    TEXTS, TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2), st.floats(0, 1e9), st.integers(0, 10**6), TEXTS
)
def test_whatever_a_row_holds_it_reads_back_as_it_was_sealed(
    error: str, token: str, tags: dict[str, str], duration: float, first_byte: int, session: str
) -> None:
    from gateway_core.store.book import Book
    from gateway_core.store.schema import _DDL

    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(_DDL.read_text(encoding="utf-8"))
    row = ending(
        "a",
        error=error,
        token=token,
        tags=tags,
        duration_ms=duration,
        first_byte_ms=first_byte,
        overhead_ms=-0.0,
        session=session,
        earlier=(trying(1, error=error),),
    )
    Book().finish(connection, [row])
    assert broken_seals(connection) == []
    connection.close()


def test_the_form_of_a_digest_never_changes() -> None:
    """Another form would call every older ledger tampered with."""
    row = ending("a", error="é\n\x00", duration_ms=0.1, overhead_ms=1e-7)
    values = final_values(row, micros(row.started_at), 1)
    line = ("call", values, ("default", "openai", "gpt-5", '{"project":"web"}'))
    assert (
        digest(bytes(32), [line]).hex() == "4dc2c825bcf20565c19394819cc1bbf0f179f9dfeba76a2a522e7f5f8e8da541"
    )
    assert set(SELECTS) == {"call", "attempt", "correction", "relabel", "edit", "compaction"}
    assert at() == "2026-11-23T12:00:00.000000Z"
