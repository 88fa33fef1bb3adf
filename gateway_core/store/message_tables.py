"""The table of what was asked and answered, of calls whose owner keeps that."""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from gateway_core.store.kinds import STRICT, WHOLE


class Message(SQLModel, table=True):
    """One call's request and answer without secrets, as zstd. No report and no export reads this table."""

    __tablename__ = "messages"
    __table_args__ = (Index("messages_expiry", "expires_at"), STRICT)

    call_id: str = Field(sa_type=Text, primary_key=True)
    at: int = Field(sa_type=WHOLE)
    expires_at: int = Field(sa_type=WHOLE)
    format: str = Field(sa_type=Text)
    stream: int = Field(sa_type=WHOLE)
    kind: str = Field(sa_type=Text)
    """The answer's content type."""
    cut: int = Field(sa_type=WHOLE)
    """1 where the request or the answer is longer than what is kept of it, or the answer did not end."""
    size: int = Field(sa_type=WHOLE)
    """Bytes of both, compressed."""
    request: bytes = Field(sa_type=LargeBinary)
    answer: bytes = Field(sa_type=LargeBinary)
