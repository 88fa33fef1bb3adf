"""What became of the provider's prompt cache, call by call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "prompts",
        sa.Column("call_n", _WHOLE, primary_key=True, nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("blocks", sa.LargeBinary(), nullable=True),
        sa.Column("warm_tokens", _WHOLE, nullable=False),
        sa.Column("life_ms", _WHOLE, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("before_n", _WHOLE, nullable=True),
        sa.Column("paused_ms", _WHOLE, nullable=True),
        sa.Column("block_kind", sa.Text(), nullable=True),
        sa.Column("block_at", _WHOLE, nullable=True),
        sa.Column("change", sa.Text(), nullable=True),
        sa.Column("block_byte", _WHOLE, nullable=True),
        sa.Column("block_size", _WHOLE, nullable=True),
        *(
            sa.Column(name, _WHOLE, nullable=False)
            for name in ("again_tokens", "again_nano", "across", "read_saved_nano", "write_nano", "marks")
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "prompts_whole", "prompts", ["conversation", "call_n"], sqlite_where=sa.text("blocks IS NOT NULL")
    )
    op.create_index("prompts_again", "prompts", ["call_n"], sqlite_where=sa.text("again_tokens > 0"))
