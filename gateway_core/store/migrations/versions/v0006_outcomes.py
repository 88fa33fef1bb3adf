"""Outcomes of calls to learn from: the signs and hashed words of a prompt, and how its answer was taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "outcomes",
        sa.Column("call_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("rule", sa.REAL(), nullable=False),
        sa.Column("features", sa.Text(), nullable=False),
        sa.Column("bad", sa.REAL(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("outcomes_at", "outcomes", ["at"])
