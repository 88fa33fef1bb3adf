"""What every shape is made by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def shape(cls: type[T]) -> type[T]:
    """A frozen value made of an answer's JSON. Fields that a newer gateway adds are ignored."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)
