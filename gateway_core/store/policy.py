"""The policy log and client tokens, in the ledger's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from gateway_core.model.errors import Refusal
from gateway_core.model.policy import ClientToken, Policy, Price
from gateway_core.store.instants import Micros, micros, now, text
from gateway_core.store.jsontext import decode, encode, tags_of
from gateway_core.store.ledger import Ledger
from gateway_core.store.revisions import whatever
from gateway_core.store.seals import next_link, write_seal


@dataclass(frozen=True, slots=True)
class Edit:
    """One step of the policy log. `before` is None for the first one, `undoes` the edit that it took back."""

    n: int
    at: str
    who: str
    what: str
    before: Policy | None
    after: Policy
    undoes: int | None


class PolicyStore:
    """What a person decides and the gateway keeps.

    Writes return once they are committed and raise Refusal 503 when that takes above 2 s: on an event
    loop call them in a worker thread.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads

    def load(self) -> Policy | None:
        """The policy in force; None in a new data folder."""
        with self._reads.connection() as connection:
            return _decoded(_latest(connection))

    def at(self, instant: str) -> Policy | None:
        """The policy that was in force at an RFC 3339 instant; None before the first one."""
        with self._reads.connection() as connection:
            row = connection.execute(
                "SELECT after FROM policy_edits WHERE at <= ? ORDER BY n DESC LIMIT 1", (micros(instant),)
            ).fetchone()
        return _decoded(row[0]) if row else None

    def prices_by_time(self) -> list[tuple[Micros, dict[str, Price]]]:
        """The user's prices that were in force and since when, the oldest first."""
        with self._reads.connection() as connection:
            rows = connection.execute("SELECT at, after FROM policy_edits ORDER BY n").fetchall()
        found: list[tuple[Micros, dict[str, Price]]] = []
        for at, after in rows:
            prices = dict(decode(after, Policy).prices)
            if not found or found[-1][1] != prices:
                found.append((at, prices))
        return found

    def save(self, policy: Policy, *, who: str, what: str) -> int:
        """Appends an edit; answers its number."""
        return self._writer.call(lambda connection: _append(connection, who, what, encode(policy)))

    def edit(self, change: Callable[[Policy], Policy], *, who: str, what: str) -> Policy:
        """Appends what `change` makes of the policy in force, read in the same transaction: nobody else's
        edit is lost. Raises what `change` raises, and then nothing is written."""
        return self._writer.call(lambda connection: _changed(connection, change, who, what))

    def undo(self, *, who: str, check: Callable[[Policy], object] = whatever) -> Edit | None:
        """Takes the last edit back that still stands, as a new edit; None where there is none.

        The first edit, which filled the data folder, stays. check: takes the policy in force, and raises
        where it is not the one that is meant.
        """
        return self._writer.call(lambda connection: _undo(connection, who, check))

    def history(self, limit: int = 50) -> list[Edit]:
        """The latest edits, newest first."""
        with self._reads.connection() as connection:
            rows = connection.execute(f"{_EDITS} ORDER BY n DESC LIMIT ?", (limit,)).fetchall()
        return [_edit(row) for row in rows]

    def tokens(self) -> list[ClientToken]:
        """All client tokens, revoked ones too, in the order in which they were made."""
        with self._reads.connection() as connection:
            rows = connection.execute(
                "SELECT name, digest, tags, created_at, revoked_at FROM client_tokens ORDER BY n"
            ).fetchall()
        return [ClientToken(name, digest, tags_of(tags), *times) for name, digest, tags, *times in rows]

    def add_token(self, token: ClientToken) -> None:
        """Keeps a token. Raises Refusal 409 where a token that is not revoked has the name."""
        self._writer.call(lambda connection: _add_token(connection, token))

    def revoke_token(self, name: str, at: str) -> bool:
        """Ends the token of that name from `at` (RFC 3339) on; whether there was one."""
        sql = "UPDATE client_tokens SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL"
        return self._writer.call(lambda connection: connection.execute(sql, (at, name)).rowcount) > 0


_EDITS = "SELECT n, at, who, what, before, after, undoes FROM policy_edits"
_Row = tuple[int, int, str, str, str | None, str, int | None]


def _edit(row: _Row) -> Edit:
    n, at, who, what, before, after, undoes = row
    return Edit(n, text(at), who, what, _decoded(before), decode(after, Policy), undoes)


def _decoded(policy: str | None) -> Policy | None:
    return None if policy is None else decode(policy, Policy)


def _latest(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT after FROM policy_edits ORDER BY n DESC LIMIT 1").fetchone()
    return str(row[0]) if row else None


def _append(
    connection: sqlite3.Connection, who: str, what: str, after: str, undoes: int | None = None
) -> int:
    link = next_link(connection)
    number = connection.execute(
        "INSERT INTO policy_edits (at, who, what, before, after, undoes, seal) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (now(), who, what, _latest(connection), after, undoes, link.number),
    ).lastrowid
    assert number is not None
    write_seal(connection, link, [], "edit")
    return number


def _changed(
    connection: sqlite3.Connection, change: Callable[[Policy], Policy], who: str, what: str
) -> Policy:
    after = change(_decoded(_latest(connection)) or Policy())
    _append(connection, who, what, encode(after))
    return after


def _undo(connection: sqlite3.Connection, who: str, check: Callable[[Policy], object]) -> Edit | None:
    check(_decoded(_latest(connection)) or Policy())
    row: _Row | None = connection.execute(
        f"{_EDITS} WHERE undoes IS NULL AND before IS NOT NULL AND n NOT IN "
        "(SELECT undoes FROM policy_edits WHERE undoes IS NOT NULL) ORDER BY n DESC LIMIT 1"
    ).fetchone()
    if row is None or row[4] is None:
        return None
    number = _append(connection, who, row[3], row[4], undoes=row[0])
    return _edit(connection.execute(f"{_EDITS} WHERE n = ?", (number,)).fetchone())


def _add_token(connection: sqlite3.Connection, token: ClientToken) -> None:
    sql = "SELECT 1 FROM client_tokens WHERE name = ? AND revoked_at IS NULL"
    if connection.execute(sql, (token.name,)).fetchone():
        raise Refusal(
            409, "token_exists", f"a token named {token.name!r} exists; revoke it first, or use another name"
        )
    connection.execute(
        "INSERT INTO client_tokens (name, digest, tags, created_at, revoked_at) VALUES (?, ?, ?, ?, ?)",
        (token.name, token.digest, encode(dict(token.tags)), token.created_at, token.revoked_at),
    )
