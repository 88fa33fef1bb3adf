"""Values of the model as JSON text columns, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def encode(value: object) -> str:
    """JSON of dataclasses, enums, Decimals (as text) and mappings; keys of mappings in order."""
    return encode_bytes(value).decode()


def encode_bytes(value: object) -> bytes:
    """The same in UTF-8."""
    return msgspec.json.encode(value, enc_hook=_plain, order="deterministic")


def decode(text: str, kind: type[T]) -> T:
    """The value again. Fields that the text lacks take their defaults, unknown ones are left out."""
    return msgspec.json.decode(text, type=kind)


def tags_of(text: str) -> dict[str, str]:
    """Tags of a column that `encode` wrote."""
    return msgspec.json.decode(text, type=dict[str, str])


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")
