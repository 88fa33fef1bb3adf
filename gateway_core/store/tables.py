"""The schema, said once: `schema.sql` and the migrations are held against these tables by tests.

Nothing on the way of a request imports this module: SQLModel costs a quarter of a second at the start.
Instants are microseconds since 1970 in UTC, money is nano-dollars, tables are STRICT.
After a change: write a migration, then `python -m gateway_core.store.tables > gateway_core/store/schema.sql`.
"""

from __future__ import annotations

import sys

from sqlalchemy import Index, LargeBinary, MetaData, Text, UniqueConstraint, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import REAL, Field, SQLModel

from gateway_core.store import alert_tables as alert_tables
from gateway_core.store import cache_tables as cache_tables
from gateway_core.store import forgone_tables as forgone_tables
from gateway_core.store import label_tables as label_tables
from gateway_core.store import message_tables as message_tables
from gateway_core.store import opinion_tables as opinion_tables
from gateway_core.store import prompt_tables as prompt_tables
from gateway_core.store import rollup_tables as rollup_tables
from gateway_core.store.kinds import KEYED, NOUGHT, STRICT, WHOLE


class Call(SQLModel, table=True):
    """The ledger: one row a request, open until it has an outcome, final ever after."""

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("id", name="calls_id"),
        Index("calls_started", "started_at", "series_id"),
        Index("calls_open", "n", sqlite_where=text("outcome IS NULL")),
        STRICT,
    )

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    id: str = Field(sa_type=Text)
    started_at: int = Field(sa_type=WHOLE)
    finished_at: int | None = Field(sa_type=WHOLE)
    outcome: str | None = Field(sa_type=Text)
    series_id: int = Field(sa_type=WHOLE, foreign_key="series.id")
    format: str = Field(sa_type=Text)
    path: str = Field(sa_type=Text)
    asked_model: str = Field(sa_type=Text)
    stream: int = Field(sa_type=WHOLE)
    held_nano: int = Field(sa_type=WHOLE)
    input_tokens: int = Field(sa_type=WHOLE)
    cached_input_tokens: int = Field(sa_type=WHOLE)
    cache_write_tokens: int = Field(sa_type=WHOLE)
    cache_write_1h_tokens: int = Field(sa_type=WHOLE)
    output_tokens: int = Field(sa_type=WHOLE)
    reasoning_tokens: int = Field(sa_type=WHOLE)
    usage_detail: str | None = Field(sa_type=Text)
    """JSON of what the token columns leave out (modalities, steps, tools, tier): a row can be priced anew."""
    cost_nano: int = Field(sa_type=WHOLE)
    certainty: str | None = Field(sa_type=Text)
    saved_nano: int = Field(sa_type=WHOLE)
    provider_cache_saved_nano: int = Field(sa_type=WHOLE)
    cache: str | None = Field(sa_type=Text)
    route: str | None = Field(sa_type=Text)
    route_reason: str = Field(sa_type=Text)
    attempts: int = Field(sa_type=WHOLE)
    first_byte_ms: float | None = Field(sa_type=REAL)
    duration_ms: float = Field(sa_type=REAL)
    overhead_ms: float = Field(sa_type=REAL)
    session: str | None = Field(sa_type=Text)
    price_id: str | None = Field(sa_type=Text)
    provider_request_id: str | None = Field(sa_type=Text)
    error: str | None = Field(sa_type=Text)
    http_status: int = Field(sa_type=WHOLE)
    excess_nano: int = Field(sa_type=WHOLE, sa_column_kwargs=NOUGHT)
    """The part of the cost that the provider billed beyond the cap that it was given."""
    seal: int | None = Field(sa_type=WHOLE)
    """The seal that the final row is under."""


class Decision(SQLModel, table=True):
    """Why a call went where it went, kept beside its row; see `decisions.py`."""

    __tablename__ = "decisions"
    __table_args__ = (KEYED,)

    call_n: int = Field(sa_type=WHOLE, primary_key=True)
    kind_id: int = Field(sa_type=WHOLE, foreign_key="decision_kinds.id")
    context: int = Field(sa_type=WHOLE)
    messages: int = Field(sa_type=WHOLE)
    score: float | None = Field(sa_type=REAL)
    more: str | None = Field(sa_type=Text)
    """JSON of what else is this call's own."""


class DecisionKind(SQLModel, table=True):
    """What many decisions have in common, kept once, as JSON."""

    __tablename__ = "decision_kinds"
    __table_args__ = (UniqueConstraint("text", name="decision_kinds_text"), STRICT)

    id: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    text: str = Field(sa_type=Text)


class Attempt(SQLModel, table=True):
    """A try of a call that the call outlived. `called_at`: when the call started, where its cost counts."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("attempts_called", "called_at", "series_id"),
        Index("attempts_seal", "seal"),
        KEYED,
    )

    call_n: int = Field(sa_type=WHOLE, primary_key=True)
    number: int = Field(sa_type=WHOLE, primary_key=True)
    called_at: int = Field(sa_type=WHOLE)
    series_id: int = Field(sa_type=WHOLE, foreign_key="series.id")
    started_at: int = Field(sa_type=WHOLE)
    finished_at: int = Field(sa_type=WHOLE)
    http_status: int | None = Field(sa_type=WHOLE)
    error: str = Field(sa_type=Text)
    held_nano: int = Field(sa_type=WHOLE)
    input_tokens: int = Field(sa_type=WHOLE)
    cached_input_tokens: int = Field(sa_type=WHOLE)
    cache_write_tokens: int = Field(sa_type=WHOLE)
    cache_write_1h_tokens: int = Field(sa_type=WHOLE)
    output_tokens: int = Field(sa_type=WHOLE)
    reasoning_tokens: int = Field(sa_type=WHOLE)
    usage_detail: str | None = Field(sa_type=Text)
    cost_nano: int = Field(sa_type=WHOLE)
    certainty: str = Field(sa_type=Text)
    price_id: str | None = Field(sa_type=Text)
    provider_request_id: str | None = Field(sa_type=Text)
    seal: int = Field(sa_type=WHOLE)


class Correction(SQLModel, table=True):
    """A later word on what an ended call's own row counts as; the last one counts.

    `called_at`: when the call started. `before_*`: what the row counted as until then.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        Index("corrections_call", "call_n"),
        Index("corrections_called", "called_at"),
        Index("corrections_seal", "seal"),
        STRICT,
    )

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    call_n: int = Field(sa_type=WHOLE)
    called_at: int = Field(sa_type=WHOLE)
    at: int = Field(sa_type=WHOLE)
    who: str = Field(sa_type=Text)
    why: str = Field(sa_type=Text)
    before_cost_nano: int = Field(sa_type=WHOLE)
    before_certainty: str = Field(sa_type=Text)
    cost_nano: int = Field(sa_type=WHOLE)
    certainty: str = Field(sa_type=Text)
    price_id: str | None = Field(sa_type=Text)
    seal: int = Field(sa_type=WHOLE)


class Seal(SQLModel, table=True):
    """A link of the chain over all that is final: what one transaction made so, see `seals.py`."""

    __tablename__ = "seals"
    __table_args__ = (STRICT,)

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    at: int = Field(sa_type=WHOLE)
    calls: int = Field(sa_type=WHOLE)
    """Rows of `calls` under it."""
    gone: int = Field(sa_type=WHOLE, sa_column_kwargs=NOUGHT)
    """1 where its rows were compacted away."""
    digest: bytes = Field(sa_type=LargeBinary)


class Compaction(SQLModel, table=True):
    """Rows that were dropped for their age; their sums stay."""

    __tablename__ = "compactions"
    __table_args__ = (Index("compactions_seal", "seal"), STRICT)

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    at: int = Field(sa_type=WHOLE)
    rows_from: int = Field(sa_type=WHOLE)
    """Every call that started at this instant or later still has its row."""
    calls: int = Field(sa_type=WHOLE)
    cost_nano: int = Field(sa_type=WHOLE)
    seal: int = Field(sa_type=WHOLE)


class TagSet(SQLModel, table=True):
    """A combination of tags, kept once. `tags` is JSON with its keys in order."""

    __tablename__ = "tag_sets"
    __table_args__ = (UniqueConstraint("tags", name="tag_sets_tags"), STRICT)

    id: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    tags: str = Field(sa_type=Text)


class Tag(SQLModel, table=True):
    """The same tags one by one and as they are called now, for matching, grouping and showing."""

    __tablename__ = "tags"
    __table_args__ = (Index("tags_value", "key", "value", "tag_set_id"), KEYED)

    tag_set_id: int = Field(sa_type=WHOLE, primary_key=True, foreign_key="tag_sets.id")
    key: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)


class TagName(SQLModel, table=True):
    """What a tag's value is called now, where that is not what calls were written with."""

    __tablename__ = "tag_names"
    __table_args__ = (KEYED,)

    key: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    at: int = Field(sa_type=WHOLE)
    who: str = Field(sa_type=Text)


class Outcome(SQLModel, table=True):
    """How an answer was taken, with the signs and hashed words of its prompt, to learn from."""

    __tablename__ = "outcomes"
    __table_args__ = (Index("outcomes_at", "at"), KEYED)

    call_id: str = Field(sa_type=Text, primary_key=True)
    at: int = Field(sa_type=WHOLE)
    target: str = Field(sa_type=Text)
    rule: float = Field(sa_type=REAL)
    features: str = Field(sa_type=Text)
    bad: float | None = Field(default=None, sa_type=REAL)
    why: str | None = Field(default=None, sa_type=Text)


class Series(SQLModel, table=True):
    """Who and what: each combination of token, provider, model and tags that ever called."""

    __tablename__ = "series"
    __table_args__ = (
        UniqueConstraint("token", "provider", "model", "tag_set_id", name="series_of"),
        Index("series_tag_set", "tag_set_id"),
        STRICT,
    )

    id: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    token: str = Field(sa_type=Text)
    provider: str = Field(sa_type=Text)
    model: str = Field(sa_type=Text)
    tag_set_id: int = Field(sa_type=WHOLE, foreign_key="tag_sets.id")


class PolicyEdit(SQLModel, table=True):
    """The policy log: each edit appended, the policy before and after it as JSON."""

    __tablename__ = "policy_edits"
    __table_args__ = (Index("policy_edits_seal", "seal"), STRICT)

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    at: int = Field(sa_type=WHOLE)
    who: str = Field(sa_type=Text)
    what: str = Field(sa_type=Text)
    before: str | None = Field(sa_type=Text)
    after: str = Field(sa_type=Text)
    undoes: int | None = Field(sa_type=WHOLE, foreign_key="policy_edits.n")
    """The edit that this one takes back."""
    seal: int | None = Field(sa_type=WHOLE)


class Token(SQLModel, table=True):
    """Client tokens by their keyed hash. A name may be given again once its token is revoked."""

    __tablename__ = "client_tokens"
    __table_args__ = (
        Index("client_tokens_name", "name", unique=True, sqlite_where=text("revoked_at IS NULL")),
        STRICT,
    )

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    name: str = Field(sa_type=Text)
    digest: bytes = Field(sa_type=LargeBinary)
    tags: str = Field(sa_type=Text)
    created_at: str = Field(sa_type=Text)
    revoked_at: str | None = Field(sa_type=Text)


class KeyValue(SQLModel, table=True):
    """Small facts that outlive the process: the current mode, the key of the token hash."""

    __tablename__ = "kv"
    __table_args__ = (KEYED,)

    key: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)


class IdempotencyKey(SQLModel, table=True):
    """What a client's `idempotency-key` stands for: a call under way, or its answer (`status` is set)."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        UniqueConstraint("token", "key", name="idempotency_keys_key"),
        Index("idempotency_keys_expiry", "expires_at"),
        STRICT,
    )

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    token: str = Field(sa_type=Text)
    key: str = Field(sa_type=Text)
    body_hash: bytes = Field(sa_type=LargeBinary)
    call_id: str = Field(sa_type=Text)
    expires_at: int = Field(sa_type=WHOLE)
    status: int | None = Field(sa_type=WHOLE)
    headers: str | None = Field(sa_type=Text)
    body: bytes | None = Field(sa_type=LargeBinary)
    chunks: str | None = Field(sa_type=Text)


METADATA: MetaData = SQLModel.metadata


def ddl() -> str:
    """The whole schema as SQLite's DDL, in an order in which it can be run."""
    dialect = sqlite.dialect()
    statements = []
    for table in METADATA.sorted_tables:
        statements.append(CreateTable(table).compile(dialect=dialect))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [CreateIndex(index).compile(dialect=dialect) for index in indexes]
    lines = "".join(f"{str(each).strip()};\n\n" for each in statements).replace("\t", "    ")
    return "\n".join(line.rstrip() for line in lines.splitlines()).strip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(ddl())
