"""The part of the schema that holds sums: what final rows add up to, by series and span of time."""

from __future__ import annotations

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from gateway_core.store.kinds import KEYED, WHOLE


class Cell(SQLModel):
    """A series in the span of time in which its calls started. `span` and `start` are microseconds."""

    span: int = Field(sa_type=WHOLE, primary_key=True)
    start: int = Field(sa_type=WHOLE, primary_key=True)
    series_id: int = Field(sa_type=WHOLE, primary_key=True, foreign_key="series.id")


class OutcomeCell(Cell):
    """The calls of a cell that ended alike. Keys stand first: SQLite 3.40 else misreads a table without
    row ids when it checks it."""

    outcome: str = Field(sa_type=Text, primary_key=True)
    cache: str = Field(sa_type=Text, primary_key=True)


class Sums(SQLModel):
    """What final rows add up to."""

    calls: int = Field(sa_type=WHOLE)
    hits: int = Field(sa_type=WHOLE)
    misses: int = Field(sa_type=WHOLE)
    input_tokens: int = Field(sa_type=WHOLE)
    cached_input_tokens: int = Field(sa_type=WHOLE)
    cache_write_tokens: int = Field(sa_type=WHOLE)
    cache_write_1h_tokens: int = Field(sa_type=WHOLE)
    output_tokens: int = Field(sa_type=WHOLE)
    reasoning_tokens: int = Field(sa_type=WHOLE)
    cost_nano: int = Field(sa_type=WHOLE)
    estimated_nano: int = Field(sa_type=WHOLE)
    """The part of the cost whose rows are certain as `estimated` only."""
    unpriced: int = Field(sa_type=WHOLE)
    saved_nano: int = Field(sa_type=WHOLE)
    own_cache_saved_nano: int = Field(sa_type=WHOLE)
    """The part of it that our own cache saved; the rest is routing's."""
    provider_cache_saved_nano: int = Field(sa_type=WHOLE)


class Rollup(Sums, Cell, table=True):
    """Sums of final rows by series."""

    __tablename__ = "rollups"
    __table_args__ = (KEYED,)


class OutcomeRollup(Sums, OutcomeCell, table=True):
    """Sums of final rows by series, outcome and what our own cache did."""

    __tablename__ = "rollups_by_outcome"
    __table_args__ = (KEYED,)
