"""Second opinions: calls that were asked again of another model, and which answer was better."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "opinions",
        sa.Column("call_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("opinion", "target", "other", "shadow_id")),
        sa.Column("judge_id", sa.Text(), nullable=True),
        sa.Column("gain", sa.REAL(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("opinions_at", "opinions", ["at"])
