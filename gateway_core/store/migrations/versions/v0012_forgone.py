"""What calls would have cost, had something acted that only watched or was off, and sums of that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "forgone",
        sa.Column("called_at", _WHOLE, primary_key=True, nullable=False),
        sa.Column("call_n", _WHOLE, primary_key=True, nullable=False),
        sa.Column("kind", sa.Text(), primary_key=True, nullable=False),
        sa.Column("name", sa.Text(), primary_key=True, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("series_id", _WHOLE, sa.ForeignKey("series.id"), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("cache", sa.Text(), nullable=False),
        sa.Column("cost_nano", _WHOLE, nullable=True),
        sa.Column("would_nano", _WHOLE, nullable=True),
        *(sa.Column(name, _WHOLE, nullable=False) for name in ("place", "agreed", "acts")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    whole = ("span", "start", "series_id")
    words, marks = ("outcome", "cache", "kind", "name", "target"), ("place", "agreed", "acts")
    op.create_table(
        "forgone_sums",
        *(sa.Column(name, _WHOLE, primary_key=True, nullable=False) for name in whole),
        *(sa.Column(name, sa.Text(), primary_key=True, nullable=False) for name in words),
        *(sa.Column(name, _WHOLE, primary_key=True, nullable=False) for name in marks),
        *(sa.Column(name, _WHOLE, nullable=False) for name in ("calls", "unpriced", "saved_nano")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"]),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
