"""What alembic runs: the migrations over the connection that `run.upgrade` hands in."""

from __future__ import annotations

from alembic import context

from gateway_core.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
