"""Decisions beside the rows: why each call went where it went, and what it looked like to the routes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Calls that ended before have no decision on record, and are said to have none."""
    op.create_table(
        "decision_kinds",
        sa.Column("id", _WHOLE, primary_key=True, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.UniqueConstraint("text", name="decision_kinds_text"),
        sqlite_strict=True,
    )
    op.create_table(
        "decisions",
        sa.Column("call_n", _WHOLE, primary_key=True, nullable=False),
        sa.Column("kind_id", _WHOLE, sa.ForeignKey("decision_kinds.id"), nullable=False),
        *(sa.Column(name, _WHOLE, nullable=False) for name in ("context", "messages")),
        sa.Column("score", sa.REAL(), nullable=True),
        sa.Column("more", sa.Text(), nullable=True),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
