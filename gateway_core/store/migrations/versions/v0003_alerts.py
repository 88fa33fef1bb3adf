"""Alerts, their deliveries, and what was told of a budget in place of the marks that were seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("n", _WHOLE, primary_key=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "text", "data")),
        sa.UniqueConstraint("id", name="alerts_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "alert_deliveries",
        sa.Column("alert_n", _WHOLE, sa.ForeignKey("alerts.n"), primary_key=True, nullable=False),
        sa.Column("channel", sa.Text(), primary_key=True, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", _WHOLE, nullable=False),
        sa.Column("due_at", _WHOLE, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "alert_deliveries_waiting",
        "alert_deliveries",
        ["due_at"],
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "alerts_told",
        *(
            sa.Column(name, sa.Text(), primary_key=True, nullable=False)
            for name in ("budget", "counts", "what")
        ),
        sa.Column("window_start", _WHOLE, primary_key=True, nullable=False),
        sa.Column("at", _WHOLE, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    # The old marks do not say what their budget counted: those of running windows are told once more.
    op.drop_table("alerts_seen")
