"""The table of second opinions."""

from __future__ import annotations

from sqlalchemy import Index, Text
from sqlmodel import REAL, Field, SQLModel

from gateway_core.store.kinds import KEYED, WHOLE


class SecondOpinion(SQLModel, table=True):
    """One answered call that was asked again of another model, and what came of holding both together."""

    __tablename__ = "opinions"
    __table_args__ = (Index("opinions_at", "at"), KEYED)

    call_id: str = Field(sa_type=Text, primary_key=True)
    at: int = Field(sa_type=WHOLE)
    opinion: str = Field(sa_type=Text)
    """The name of the entry in the policy."""
    target: str = Field(sa_type=Text)
    other: str = Field(sa_type=Text)
    shadow_id: str = Field(sa_type=Text)
    """The call that asked again."""
    judge_id: str | None = Field(default=None, sa_type=Text)
    """The call that compared; NULL where checks did."""
    gain: float | None = Field(default=None, sa_type=REAL)
    """What the strong model is better by, -1 to 1; NULL where nothing can be said."""
    how: str = Field(sa_type=Text)
