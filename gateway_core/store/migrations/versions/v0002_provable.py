"""Tries and corrections as rows of their own, seals over all that is final, idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TOKENS = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
)


def whole(
    name: str, *, null: bool = False, key: bool = False, of: str | None = None, nought: bool = False
) -> sa.Column[int]:
    """A 64-bit number: a count, an amount in nano-dollars or an instant in microseconds."""
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    references = [sa.ForeignKey(of)] if of else []
    default = sa.text("0") if nought else None
    return sa.Column(name, kind, *references, nullable=null, primary_key=key, server_default=default)


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def data(name: str, *, null: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = True) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def upgrade() -> None:
    """The rows that are there already get their seals when the ledger next starts."""
    seals()
    attempts()
    corrections()
    idempotency()


def seals() -> None:
    table(
        "seals",
        whole("n", key=True),
        *(whole(name) for name in ("at", "calls")),
        whole("gone", nought=True),
        data("digest"),
    )
    table(
        "compactions",
        whole("n", key=True),
        *(whole(name) for name in ("at", "rows_from", "calls", "cost_nano", "seal")),
    )
    op.create_index("compactions_seal", "compactions", ["seal"])
    op.add_column("calls", whole("excess_nano", nought=True))
    op.add_column("calls", whole("seal", null=True))
    op.add_column("policy_edits", whole("seal", null=True))
    op.create_index("policy_edits_seal", "policy_edits", ["seal"])


def attempts() -> None:
    table(
        "attempts",
        *(whole(name, key=True) for name in ("call_n", "number")),
        whole("called_at"),
        whole("series_id", of="series.id"),
        *(whole(name) for name in ("started_at", "finished_at")),
        whole("http_status", null=True),
        text("error"),
        whole("held_nano"),
        *(whole(name) for name in TOKENS),
        text("usage_detail", null=True),
        whole("cost_nano"),
        text("certainty"),
        *(text(name, null=True) for name in ("price_id", "provider_request_id")),
        whole("seal"),
        rowid=False,
    )
    op.create_index("attempts_called", "attempts", ["called_at", "series_id"])
    op.create_index("attempts_seal", "attempts", ["seal"])


def corrections() -> None:
    table(
        "corrections",
        whole("n", key=True),
        *(whole(name) for name in ("call_n", "called_at", "at")),
        *(text(name) for name in ("who", "why")),
        whole("before_cost_nano"),
        text("before_certainty"),
        whole("cost_nano"),
        text("certainty"),
        text("price_id", null=True),
        whole("seal"),
    )
    op.create_index("corrections_call", "corrections", ["call_n"])
    op.create_index("corrections_called", "corrections", ["called_at"])
    op.create_index("corrections_seal", "corrections", ["seal"])


def idempotency() -> None:
    table(
        "idempotency_keys",
        whole("n", key=True),
        *(text(name) for name in ("token", "key")),
        data("body_hash"),
        text("call_id"),
        whole("expires_at"),
        whole("status", null=True),
        text("headers", null=True),
        data("body", null=True),
        text("chunks", null=True),
        sa.UniqueConstraint("token", "key", name="idempotency_keys_key"),
    )
    op.create_index("idempotency_keys_expiry", "idempotency_keys", ["expires_at"])
