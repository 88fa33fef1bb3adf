"""Later words on the mode of a call, and which series it counts to since; messages, where they are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "relabels",
        sa.Column("n", _WHOLE, primary_key=True, nullable=False),
        sa.Column("call_n", _WHOLE, nullable=False),
        sa.Column("called_at", _WHOLE, nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("seal", _WHOLE, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("relabels_call", "relabels", ["call_n"])
    op.create_index("relabels_seal", "relabels", ["seal"])
    op.create_table(
        "labels",
        sa.Column("call_n", _WHOLE, primary_key=True, nullable=False),
        sa.Column("number", _WHOLE, primary_key=True, nullable=False),
        sa.Column("series_id", _WHOLE, sa.ForeignKey("series.id"), nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "messages",
        sa.Column("call_id", sa.Text(), primary_key=True, nullable=False),
        *(sa.Column(name, _WHOLE, nullable=False) for name in ("at", "expires_at")),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("stream", _WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *(sa.Column(name, _WHOLE, nullable=False) for name in ("cut", "size")),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("request", "answer")),
        sqlite_strict=True,
    )
    op.create_index("messages_expiry", "messages", ["expires_at"])
