"""Kept answers that can be looked at and evicted by use, and those that questions alike may get.

What was kept before is found by no key of now, and goes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _whole(*names: str, nought: bool = False) -> list[sa.Column[int]]:
    default = sa.text("0") if nought else None
    return [sa.Column(name, _WHOLE, nullable=False, server_default=default) for name in names]


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _data(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def _number() -> sa.Column[int]:
    return sa.Column("n", _WHOLE, primary_key=True, nullable=False)


def upgrade() -> None:
    op.drop_table("cache_entries")
    op.create_table(
        "cache_entries",
        _number(),
        *_data("key"),
        *_whole("created_at", "expires_at", "used_at"),
        *_whole("hits", "saved_nano", "pinned", nought=True),
        *_whole("size"),
        *_text("call_id", "format"),
        *_whole("stream"),
        *_text("token", "scope", "tags", "prompt_hash"),
        *_whole("status"),
        *_text("headers"),
        *_data("body"),
        *_text("chunks", "gaps", "usage"),
        *_whole("cost_nano"),
        *_text("model", "provider"),
        sa.Column("price_id", sa.Text(), nullable=True),
        sa.UniqueConstraint("key", name="cache_entries_key"),
        sqlite_strict=True,
    )
    op.create_index("cache_entries_expiry", "cache_entries", ["expires_at"])
    op.create_index("cache_entries_use", "cache_entries", ["pinned", "used_at", "size"])
    op.create_table(
        "cache_vectors",
        _number(),
        *_data("key", "context", "vector"),
        *_text("marks"),
        sa.UniqueConstraint("key", name="cache_vectors_key"),
        sqlite_strict=True,
    )
    op.create_index("cache_vectors_context", "cache_vectors", ["context"])
    op.create_table(
        "cache_trials",
        _number(),
        *_whole("at"),
        *_text("rule", "how", "call_id"),
        *_data("key"),
        sa.Column("likeness", sa.REAL(), nullable=False),
        *_whole("wrong"),
        *_text("compared"),
        sqlite_strict=True,
    )
    op.create_index("cache_trials_rule", "cache_trials", ["rule", "n"])
