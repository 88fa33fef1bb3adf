"""What every answer is: money in dollars as decimal text, times RFC 3339 in UTC, shares 0 to 1."""

from __future__ import annotations

from pydantic import BaseModel

Revision = str
"""A hash of how a thing stands, for `If-Match`, so that a write is made over nothing else."""


class Answer(BaseModel):
    """A frozen answer."""

    model_config = {"frozen": True}


class DoneAnswer(Answer):
    done: bool = True
