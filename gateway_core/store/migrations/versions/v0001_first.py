"""The first schema: ledger, rollups, policy log, tokens, cache and alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def whole(name: str, *, null: bool = False, key: bool = False, of: str | None = None) -> sa.Column[int]:
    """A 64-bit number: a count, an amount in nano-dollars or an instant in microseconds."""
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    references = [sa.ForeignKey(of)] if of else []
    return sa.Column(name, kind, *references, nullable=null, primary_key=key)


def text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null, primary_key=key)


def data(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def real(name: str, *, null: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.REAL(), nullable=null)


def table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = True) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


TOKENS = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
)


def upgrade() -> None:
    tags()
    calls()
    rollups()
    policy()
    cache()


def tags() -> None:
    table("tag_sets", whole("id", key=True), text("tags"), sa.UniqueConstraint("tags", name="tag_sets_tags"))
    table(
        "tags",
        whole("tag_set_id", key=True, of="tag_sets.id"),
        text("key", key=True),
        text("value"),
        rowid=False,
    )
    op.create_index("tags_value", "tags", ["key", "value", "tag_set_id"])
    table(
        "series",
        whole("id", key=True),
        text("token"),
        text("provider"),
        text("model"),
        whole("tag_set_id", of="tag_sets.id"),
        sa.UniqueConstraint("token", "provider", "model", "tag_set_id", name="series_of"),
    )
    op.create_index("series_tag_set", "series", ["tag_set_id"])


def calls() -> None:
    table(
        "calls",
        whole("n", key=True),
        text("id"),
        whole("started_at"),
        whole("finished_at", null=True),
        text("outcome", null=True),
        whole("series_id", of="series.id"),
        *(text(name) for name in ("format", "path", "asked_model")),
        whole("stream"),
        whole("held_nano"),
        *(whole(name) for name in TOKENS),
        text("usage_detail", null=True),
        whole("cost_nano"),
        text("certainty", null=True),
        whole("saved_nano"),
        whole("provider_cache_saved_nano"),
        text("cache", null=True),
        text("route", null=True),
        text("route_reason"),
        whole("attempts"),
        real("first_byte_ms", null=True),
        *(real(name) for name in ("duration_ms", "overhead_ms")),
        *(text(name, null=True) for name in ("session", "price_id", "provider_request_id", "error")),
        whole("http_status"),
        sa.UniqueConstraint("id", name="calls_id"),
    )
    op.create_index("calls_started", "calls", ["started_at", "series_id"])
    op.create_index("calls_open", "calls", ["n"], sqlite_where=sa.text("outcome IS NULL"))


def rollups() -> None:
    by_outcome = [text(name, key=True) for name in ("outcome", "cache")]
    for name, further in (("rollups", []), ("rollups_by_outcome", by_outcome)):
        table(
            name,
            *(whole(key, key=True) for key in ("span", "start")),
            whole("series_id", key=True, of="series.id"),
            *further,
            *(whole(name) for name in ("calls", "hits", "misses", *TOKENS)),
            *(whole(name) for name in ("cost_nano", "estimated_nano", "unpriced")),
            *(whole(name) for name in ("saved_nano", "own_cache_saved_nano", "provider_cache_saved_nano")),
            rowid=False,
        )


def policy() -> None:
    table(
        "policy_edits",
        whole("n", key=True),
        whole("at"),
        *(text(name) for name in ("who", "what")),
        text("before", null=True),
        text("after"),
        whole("undoes", null=True, of="policy_edits.n"),
    )
    table(
        "client_tokens",
        whole("n", key=True),
        text("name"),
        data("digest"),
        *(text(name) for name in ("tags", "created_at")),
        text("revoked_at", null=True),
    )
    op.create_index(
        "client_tokens_name",
        "client_tokens",
        ["name"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
    )
    table("kv", text("key", key=True), text("value"), rowid=False)
    table(
        "alerts_seen",
        text("budget", key=True),
        *(whole(name, key=True) for name in ("mark", "window_start")),
        whole("at"),
        rowid=False,
    )


def cache() -> None:
    table(
        "cache_entries",
        whole("n", key=True),
        data("key"),
        *(whole(name) for name in ("created_at", "expires_at", "status")),
        text("headers"),
        data("body"),
        *(text(name) for name in ("chunks", "usage")),
        whole("cost_nano"),
        *(text(name) for name in ("model", "provider")),
        text("price_id", null=True),
        sa.UniqueConstraint("key", name="cache_entries_key"),
    )
    op.create_index("cache_entries_expiry", "cache_entries", ["expires_at"])
