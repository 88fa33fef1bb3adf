"""The part of the schema that holds kept answers: the answers, what their questions mean, how that proved."""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import REAL, Field, SQLModel

from gateway_core.store.kinds import NOUGHT, STRICT, WHOLE


class CacheEntry(SQLModel, table=True):
    """Answers. `body` is zstd, `chunks` the lengths of its pieces and `gaps` the milliseconds before each as
    JSON, `size` the bytes of all that; `call_id`, `token`, `tags` are those of the call that brought it."""

    __tablename__ = "cache_entries"
    __table_args__ = (
        UniqueConstraint("key", name="cache_entries_key"),
        Index("cache_entries_expiry", "expires_at"),
        Index("cache_entries_use", "pinned", "used_at", "size"),
        STRICT,
    )

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    key: bytes = Field(sa_type=LargeBinary)
    created_at: int = Field(sa_type=WHOLE)
    expires_at: int = Field(sa_type=WHOLE)
    used_at: int = Field(sa_type=WHOLE)
    hits: int = Field(sa_type=WHOLE, sa_column_kwargs=NOUGHT)
    saved_nano: int = Field(sa_type=WHOLE, sa_column_kwargs=NOUGHT)
    pinned: int = Field(sa_type=WHOLE, sa_column_kwargs=NOUGHT)
    size: int = Field(sa_type=WHOLE)
    call_id: str = Field(sa_type=Text)
    format: str = Field(sa_type=Text)
    stream: int = Field(sa_type=WHOLE)
    token: str = Field(sa_type=Text)
    scope: str = Field(sa_type=Text)
    tags: str = Field(sa_type=Text)
    prompt_hash: str = Field(sa_type=Text)
    status: int = Field(sa_type=WHOLE)
    headers: str = Field(sa_type=Text)
    body: bytes = Field(sa_type=LargeBinary)
    chunks: str = Field(sa_type=Text)
    gaps: str = Field(sa_type=Text)
    usage: str = Field(sa_type=Text)
    cost_nano: int = Field(sa_type=WHOLE)
    model: str = Field(sa_type=Text)
    provider: str = Field(sa_type=Text)
    price_id: str | None = Field(sa_type=Text)


class CacheVector(SQLModel, table=True):
    """What the last question before an answer means, for those that may be given to questions alike.

    `context` is the key over everything else of the call, `vector` 32-bit floats, `marks` JSON of hashes: the
    question itself does not stand here.
    """

    __tablename__ = "cache_vectors"
    __table_args__ = (
        UniqueConstraint("key", name="cache_vectors_key"),
        Index("cache_vectors_context", "context"),
        STRICT,
    )

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    key: bytes = Field(sa_type=LargeBinary)
    context: bytes = Field(sa_type=LargeBinary)
    vector: bytes = Field(sa_type=LargeBinary)
    marks: str = Field(sa_type=Text)


class CacheTrial(SQLModel, table=True):
    """Answers that would have been given to a question alike, or were, held against the true ones.

    `rule` names what was judged: whose calls, which embedding, which threshold. `how`: shadow | sample |
    discard.
    """

    __tablename__ = "cache_trials"
    __table_args__ = (Index("cache_trials_rule", "rule", "n"), STRICT)

    n: int | None = Field(default=None, sa_type=WHOLE, primary_key=True)
    at: int = Field(sa_type=WHOLE)
    rule: str = Field(sa_type=Text)
    how: str = Field(sa_type=Text)
    call_id: str = Field(sa_type=Text)
    key: bytes = Field(sa_type=LargeBinary)
    likeness: float = Field(sa_type=REAL)
    wrong: int = Field(sa_type=WHOLE)
    compared: str = Field(sa_type=Text)
    """By what: exact, or overlap."""
