"""The table of what became of the provider's prompt cache."""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from gateway_core.store.kinds import STRICT, WHOLE


class Prompt(SQLModel, table=True):
    """One row for each call whose prompt a provider could keep. It goes with the row of its call."""

    __tablename__ = "prompts"
    __table_args__ = (
        Index("prompts_whole", "conversation", "call_n", sqlite_where=text("blocks IS NOT NULL")),
        Index("prompts_again", "call_n", sqlite_where=text("again_tokens > 0")),
        STRICT,
    )

    call_n: int = Field(sa_type=WHOLE, primary_key=True)
    at: int = Field(sa_type=WHOLE)
    """When the call ended."""
    conversation: str = Field(sa_type=Text)
    blocks: bytes | None = Field(sa_type=LargeBinary)
    """Hashes of the prompt's blocks, of the latest calls of a conversation; see `packed_blocks`."""
    warm_tokens: int = Field(sa_type=WHOLE)
    life_ms: int = Field(sa_type=WHOLE)
    why: str = Field(sa_type=Text)
    before_n: int | None = Field(sa_type=WHOLE)
    """The call that it was compared with."""
    paused_ms: int | None = Field(sa_type=WHOLE)
    block_kind: str | None = Field(sa_type=Text)
    block_at: int | None = Field(sa_type=WHOLE)
    change: str | None = Field(sa_type=Text)
    block_byte: int | None = Field(sa_type=WHOLE)
    block_size: int | None = Field(sa_type=WHOLE)
    again_tokens: int = Field(sa_type=WHOLE)
    again_nano: int = Field(sa_type=WHOLE)
    across: int = Field(sa_type=WHOLE)
    """1 where it was compared with a call of another conversation."""
    read_saved_nano: int = Field(sa_type=WHOLE)
    write_nano: int = Field(sa_type=WHOLE)
    marks: int = Field(sa_type=WHOLE)
    """Cache marks that were set for the client."""
