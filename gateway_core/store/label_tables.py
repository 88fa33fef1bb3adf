"""The part of the schema that says which mode a call had, where that was said later."""

from __future__ import annotations

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from gateway_core.store.kinds import KEYED, STRICT, WHOLE


class Relabel(SQLModel, table=True):
    """A later word on the mode of an ended call; the last one counts. `before`: the word until then; both are
    NULL where the call has the mode that it was written with."""

    __tablename__ = "relabels"
    __table_args__ = (Index("relabels_call", "call_n"), Index("relabels_seal", "seal"), STRICT)

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    call_n: int = Field(sa_type=WHOLE)
    called_at: int = Field(sa_type=WHOLE)
    at: int = Field(sa_type=WHOLE)
    who: str = Field(sa_type=Text)
    before: str | None = Field(sa_type=Text)
    mode: str | None = Field(sa_type=Text)
    seal: int = Field(sa_type=WHOLE)


class Label(SQLModel, table=True):
    """Where a call and its tries count since its mode was said later. number: 0 the call's own row, else the
    try's."""

    __tablename__ = "labels"
    __table_args__ = (KEYED,)

    call_n: int = Field(sa_type=WHOLE, primary_key=True)
    number: int = Field(sa_type=WHOLE, primary_key=True)
    series_id: int = Field(sa_type=WHOLE, foreign_key="series.id")
