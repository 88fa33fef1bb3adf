"""The tables of what calls would have cost, had something acted that only watched or was off."""

from __future__ import annotations

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from gateway_core.store.kinds import KEYED, WHOLE
from gateway_core.store.rollup_tables import OutcomeCell


class Forgone(SQLModel, table=True):
    """One thing that might have acted on an ended call. `series_id`, `outcome` and `cache` are what the call
    counts to. It goes with the call's row; the sums stay."""

    __tablename__ = "forgone"
    __table_args__ = (KEYED,)

    called_at: int = Field(sa_type=WHOLE, primary_key=True)
    call_n: int = Field(sa_type=WHOLE, primary_key=True)
    kind: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text, primary_key=True)
    target: str = Field(sa_type=Text)
    series_id: int = Field(sa_type=WHOLE, foreign_key="series.id")
    outcome: str = Field(sa_type=Text)
    cache: str = Field(sa_type=Text)
    cost_nano: int | None = Field(sa_type=WHOLE)
    """What the call's own row counts as; NULL where it has no price."""
    would_nano: int | None = Field(sa_type=WHOLE)
    """What it would have cost; NULL where nobody knows."""
    place: int = Field(sa_type=WHOLE)
    """0 for the first of its kind on the call."""
    agreed: int = Field(sa_type=WHOLE)
    """0 where it would have given another answer."""
    acts: int = Field(sa_type=WHOLE)
    """1 for the one that would have acted on the call, had all been on: a cache before a route."""


class ForgoneSum(OutcomeCell, table=True):
    """What these add up to by span of time, as rollups do; `place` is 0 or 1."""

    __tablename__ = "forgone_sums"
    __table_args__ = (KEYED,)

    kind: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text, primary_key=True)
    target: str = Field(sa_type=Text, primary_key=True)
    place: int = Field(sa_type=WHOLE, primary_key=True)
    agreed: int = Field(sa_type=WHOLE, primary_key=True)
    acts: int = Field(sa_type=WHOLE, primary_key=True)
    calls: int = Field(sa_type=WHOLE)
    unpriced: int = Field(sa_type=WHOLE)
    """Those of them that cannot be priced."""
    saved_nano: int = Field(sa_type=WHOLE)
