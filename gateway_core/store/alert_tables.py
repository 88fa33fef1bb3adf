"""The part of the schema that holds alerts: what was raised, how far each has come, what was told."""

from __future__ import annotations

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from gateway_core.store.kinds import KEYED, STRICT, WHOLE


class Alert(SQLModel, table=True):
    """Alerts that were raised, the latest thousand. `data` is JSON."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("id", name="alerts_id"), STRICT)

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    id: str = Field(sa_type=Text)
    at: int = Field(sa_type=WHOLE)
    kind: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    data: str = Field(sa_type=Text)


class AlertDelivery(SQLModel, table=True):
    """How far each alert has come through each channel: waiting, delivered or failed."""

    __tablename__ = "alert_deliveries"
    __table_args__ = (
        Index("alert_deliveries_waiting", "due_at", sqlite_where=text("state = 'waiting'")),
        KEYED,
    )

    alert_n: int = Field(sa_type=WHOLE, primary_key=True, foreign_key="alerts.n")
    channel: str = Field(sa_type=Text, primary_key=True)
    state: str = Field(sa_type=Text)
    attempts: int = Field(sa_type=WHOLE)
    due_at: int | None = Field(sa_type=WHOLE)
    error: str | None = Field(sa_type=Text)


class AlertTold(SQLModel, table=True):
    """What somebody was told of a budget, so that each is told once in a window. `counts`: what the budget
    counts; `what`: a mark, or where the pace leads; `window_start`: 0 where the start of a window moves."""

    __tablename__ = "alerts_told"
    __table_args__ = (KEYED,)

    budget: str = Field(sa_type=Text, primary_key=True)
    counts: str = Field(sa_type=Text, primary_key=True)
    what: str = Field(sa_type=Text, primary_key=True)
    window_start: int = Field(sa_type=WHOLE, primary_key=True)
    at: int = Field(sa_type=WHOLE)
